"""Rows → bars, each line by itself: what no session can have had is told and left out. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import ValidationError

from ingest.alpha_vantage.parse import Origin, reason_of
from ingest.errors import FileError
from ingest.imports.files import BadLine, Row
from ingest.records import DailyBar
from lake import calendar

_DIFFERS, _OFTEN = 0.005, 0.1  # of a close, as the gate's rule `restated` has it; of the closes that both gave


def unique(rows: Sequence[Row]) -> tuple[list[Row], list[BadLine]]:
    """The rows ascending, each day once: one that is given twice and differently is given not at all."""
    by_day: dict[object, list[Row]] = {}
    for row in rows:
        by_day.setdefault(row.date, []).append(row)
    good, bad = [], []
    for day, found in by_day.items():
        if len({(row.open, row.high, row.low, row.close, row.volume) for row in found}) == 1:
            good.append(found[0])
        else:
            bad += [BadLine(row.line, f"{day} is given {len(found)} times, differently") for row in found]
    return sorted(good, key=lambda row: row.date), bad


def sound(rows: Sequence[Row], ticker: str, origin: Origin, now: datetime) -> tuple[list[DailyBar], list[BadLine]]:
    """The bars of closed sessions that hold together."""
    good, bad = [], []
    for row in rows:
        try:
            good.append(_bar(row, ticker, origin, now))
        except ValueError as error:
            bad.append(BadLine(row.line, _told(error)))
    return good, bad


def refuse_a_wrong_file(bars: Sequence[DailyBar], bad: Sequence[BadLine], closes: Mapping[date, float]) -> None:
    """FileError where most lines are broken, or where the closes are not the vendor's on the days that both gave."""
    if not bars and not bad:
        raise FileError("it holds no line of prices")
    if len(bad) >= len(bars):
        why = f", as {bad[0]}" if bad else ""
        raise FileError(f"{len(bad)} of its {len(bad) + len(bars)} lines are broken{why}")
    both = [(bar.date, bar.close, closes[bar.date]) for bar in bars if bar.date in closes]
    other = [(day, close, held) for day, close, held in both if abs(close / held - 1) > _DIFFERS]
    if len(other) > _OFTEN * len(both):
        day, close, held = other[0]
        raise FileError(
            f"{len(other)} of the {len(both)} closes that the vendor gave too are others, as on {day}: {close:g} here, "
            f"{held:g} there; check the ticker and the basis"
        )


def _bar(row: Row, ticker: str, origin: Origin, now: datetime) -> DailyBar:
    if not calendar.is_session(row.date):
        raise ValueError(f"{row.date} is no session of the NYSE")
    if row.date > calendar.last_closed(now):
        raise ValueError(f"{row.date} has not closed yet")
    volume = None if row.volume is None else round(row.volume)
    return DailyBar(
        ticker=ticker,
        date=row.date,
        open=row.open,
        high=row.high,
        low=row.low,
        close=row.close,
        volume=volume,
        source=origin.source,
        fetched_at=origin.fetched_at,
    )


def _told(error: ValueError) -> str:
    return reason_of(error) if isinstance(error, ValidationError) else str(error)
