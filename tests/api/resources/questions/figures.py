"""Answers of the endpoints with only the fields that a test sets."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from api.http.schemas import Meta, Model, WindowMeta

M = TypeVar("M", bound=Model)


def figures(model: type[M], **known: Any) -> M:
    """A model of which only these fields are known; the others are null."""
    return model.model_construct(**dict.fromkeys(model.model_fields) | known)


def meta(base: str | None = "2026-08-20", to: str = "2026-11-20", **more: Any) -> Meta:
    """Of a window of these days."""
    first = date.fromisoformat(base or to)
    window = WindowMeta(first=first, to=date.fromisoformat(to), base=first if base else None, sessions=64)
    known = {"origin": "live", "benchmark": "VOO", "basis": "split", "coverage": []}
    return figures(Meta, window=window, **known | more)


def series(model: type[M], column: str, values: Mapping[str, Mapping[str, float | None]]) -> Sequence[M]:
    """Rows of one column, by day and ticker."""
    return [
        figures(model, time=f"{day}T00:00:00Z", ticker=ticker, **{column: value})
        for ticker, days in values.items()
        for day, value in days.items()
    ]
