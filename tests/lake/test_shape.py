"""Types, as read from JSON: one table of what fits, one of what does not."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from lake.validation import fits, misfits


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
def test_what_fits(value: object, hint: Any) -> None:
    assert fits(value, hint)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        *((1, str), ("1", int), (True, int), (1.0, int), (1, str | None), ("2026-01-02", date), (None, date)),
        *((["a"], tuple[str, ...]), ((1,), tuple[str, ...]), ({1: 1}, dict[str, int]), ({"a": "1"}, dict[str, int])),
        ([], dict[str, int]),
    ],
)
def test_what_does_not_fit(value: object, hint: Any) -> None:
    assert not fits(value, hint)


def test_a_dataclass_names_its_misfits() -> None:
    assert list(misfits(GOOD)) == []
    inner: Any = {"k": Inner("today")}  # type: ignore[arg-type]
    assert list(misfits(Outer("a", None, (), inner, 1))) == ["count", "inner", "note"]  # type: ignore[arg-type]
