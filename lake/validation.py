"""Checks the values of a dataclass against its annotations, for what was read from JSON: Python does not check them."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def mistyped_fields(thing: Any) -> Iterator[str]:
    """The names of a dataclass's fields whose values are not of their declared types."""
    return (name for name, hint in _hints(thing.__class__).items() if not has_type(getattr(thing, name), hint))


def has_type(value: object, hint: Any) -> bool:
    """Whether a value has a type: a class, `X | Y`, `tuple[X, ...]`, `dict[K, V]`, Any, or a dataclass in full."""
    kind, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if kind is UnionType:
        return any(has_type(value, one) for one in inner)
    if kind is tuple:
        return isinstance(value, tuple) and all(has_type(one, inner[0]) for one in value)
    if kind is dict:
        return isinstance(value, dict) and all(
            has_type(key, inner[0]) and has_type(one, inner[1]) for key, one in value.items()
        )
    # bool is a subclass of int, and `true` is no number in JSON
    if isinstance(value, bool) and hint is not bool:
        return False
    return isinstance(value, hint) and not (is_dataclass(hint) and any(mistyped_fields(value)))


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind)
