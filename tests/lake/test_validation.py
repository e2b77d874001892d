"""Values and the types that they have or do not have."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from lake.validation import has_type, mistyped_fields


@dataclass
class Inner:
    day: date


@dataclass
class Outer:
    name: str
    count: int
    parts: tuple[str, ...]
    inner: dict[str, Inner]
    note: str | None


GOOD = Outer("a", 1, ("x",), {"k": Inner(date(2026, 1, 2))}, None)


@pytest.mark.parametrize(
    ("value", "hint"),
    [("a", str), (1, int), (None, str | None), ((), tuple[str, ...]), ({}, dict[str, int]), ([1], Any), (True, bool)],
)
def test_values_of_a_type(value: object, hint: Any) -> None:
    assert has_type(value, hint)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        *((1, str), ("1", int), (True, int), (1.0, int), (1, str | None), ("2026-01-02", date), (None, date)),
        *((["a"], tuple[str, ...]), ((1,), tuple[str, ...]), ({1: 1}, dict[str, int]), ({"a": "1"}, dict[str, int])),
        ([], dict[str, int]),
    ],
)
def test_values_of_another_type(value: object, hint: Any) -> None:
    assert not has_type(value, hint)


def test_a_dataclass_names_its_mistyped_fields() -> None:
    assert list(mistyped_fields(GOOD)) == []
    inner: Any = {"k": Inner("today")}  # type: ignore[arg-type]
    assert list(mistyped_fields(Outer("a", None, (), inner, 1))) == ["count", "inner", "note"]  # type: ignore[arg-type]
