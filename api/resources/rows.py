"""Rows of answers from columns of numbers: what the resources that answer a row a session share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from api.analytics.arrays import Floats
from api.formatting import numbers
from api.http.schemas import SessionRow

Row = TypeVar("Row", bound=SessionRow)


def session_rows(
    model: type[Row], times: Sequence[str], tickers: Sequence[str], columns: Mapping[str, Floats]
) -> list[Row]:
    """A `model` for each of n times and tickers; `columns`: its other fields by name, each (n,), NaN becoming null."""
    cells = zip(*(numbers(column) for column in columns.values()), strict=True)
    fields = (dict(zip(columns, row, strict=True)) for row in cells)
    return [
        model.model_validate({"time": time, "ticker": ticker, **row})
        for time, ticker, row in zip(times, tickers, fields, strict=True)
    ]


def in_time_order(rows: Iterable[Row]) -> list[Row]:
    """Ascending in time, then ticker: the order of every answer with a row a session."""
    return sorted(rows, key=lambda row: (row.time, row.ticker))
