"""Rows of answers from columns of numbers: what the resources that answer a row a session share."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats, Integers
from api.http.rows import Column, Rows, concatenate
from api.http.schemas import SessionRow
from api.panel.panel import Panel
from api.store.protocol import Days

Row = TypeVar("Row", bound=SessionRow)


def session_rows(
    model: type[Row], days: Days, tickers: str | npt.NDArray[np.str_], columns: Mapping[str, Floats]
) -> Rows[Row]:
    """A `model` for each of n days of one ticker or n; `columns`: its other fields by name, (n,), NaN becoming null."""
    names = np.broadcast_to(np.asarray(tickers, dtype=object), days.shape)
    known: dict[str, Column] = {"time": days, "ticker": names, **columns}
    return Rows(model, {name: known[name] for name in model.model_fields})


def period_rows(model: type[Row], panel: Panel, ticker: str, rows: Integers, series: Mapping[str, Floats]) -> Rows[Row]:
    """One ticker's daily series, sampled at the last session of each period of the panel's interval.

    `rows`: (n,) ascending rows of the panel's axis, at which `series` has the figures by name. The field `daily_return`
    is that of the period, from `close` to `close`.
    """
    periods = panel.periods
    places = periods.last_places(rows)
    columns = {name: values[places] for name, values in series.items()}
    columns["daily_return"] = periods.returns(columns["close"], rows[places])
    return session_rows(model, periods.days(panel.axis, rows[places]), ticker, columns)


def in_time_order(model: type[Row], tables: Iterable[Rows[Row]]) -> Rows[Row]:
    """The rows of all tables, one of each ticker, ascending in time, then ticker, as in every answer."""
    ordered = sorted((table for table in tables if len(table)), key=lambda table: str(table.columns["ticker"][0]))
    rows = concatenate(model, ordered)
    return rows.take(np.argsort(rows.columns["time"], kind="stable"))
