"""Rows of answers from columns of numbers: what the resources that answer a row a session share."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats
from api.http.rows import Rows, concatenate
from api.http.schemas import SessionRow
from api.store.protocol import Days

Row = TypeVar("Row", bound=SessionRow)


def session_rows(
    model: type[Row], days: Days, tickers: str | npt.NDArray[np.str_], columns: Mapping[str, Floats]
) -> Rows[Row]:
    """A `model` for each of n days of one ticker or n; `columns`: its other fields by name, (n,), NaN becoming null."""
    return Rows(model, {"time": days, "ticker": np.broadcast_to(tickers, days.shape), **columns})


def in_time_order(model: type[Row], tables: Iterable[Rows[Row]]) -> Rows[Row]:
    """The rows of all tables ascending in time, then ticker: the order of every answer with a row a session."""
    rows = concatenate(model, list(tables))
    # lexsort's last key is the first to sort by.
    return rows.take(np.lexsort((rows.columns["ticker"], rows.columns["time"])))
