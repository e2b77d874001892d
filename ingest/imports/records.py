"""Checks the rows of a file and makes records of them. No I/O.

A wrong line of prices is reported and left out. Splits and dividends are taken as a whole or not at all.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from pydantic import ValidationError

from ingest.alpha_vantage.parse import Provenance, reason_of
from ingest.errors import FileError
from ingest.imports.files import BadLine, FileContent, Row
from ingest.records import DailyBar, Dividend, Dividends, Split, Splits
from lake import calendar


def deduplicate(rows: Sequence[Row]) -> tuple[list[Row], list[BadLine]]:
    """The rows ascending, each day once. A day with differing rows is left out: none of them can be trusted."""
    by_day: dict[object, list[Row]] = {}
    for row in rows:
        by_day.setdefault(row.date, []).append(row)
    good, bad = [], []
    for day, found in by_day.items():
        if len({(row.open, row.high, row.low, row.close, row.volume) for row in found}) == 1:
            good.append(found[0])
        else:
            bad += [row.bad(f"{day} is given {len(found)} times, differently") for row in found]
    return sorted(good, key=lambda row: row.date), bad


def of_closed_sessions(rows: Sequence[Row], now: datetime) -> tuple[list[Row], list[BadLine]]:
    """The rows of sessions that are over, and the others. A stray day far away must not decide what the prices are."""
    first, last = calendar.all_sessions()[0], calendar.last_closed(now)
    good, bad = [], []
    for row in rows:
        if row.date < first:
            bad.append(row.bad(f"{row.date} is before {first}, the first session of the calendar"))
        elif not calendar.is_session(row.date):
            bad.append(row.bad(f"{row.date} is not a session of the NYSE"))
        elif row.date > last:
            bad.append(row.bad(f"{row.date} has not closed yet"))
        else:
            good.append(row)
    return good, bad


def whole_volumes(rows: Sequence[Row]) -> tuple[list[Row], list[BadLine]]:
    """The rows with whole numbers of shares, and the others: as traded, a dot before digits separates thousands."""
    good, bad = [], []
    for row in rows:
        if row.volume is None or row.volume.is_integer():
            good.append(row)
        else:
            bad.append(row.bad(f"volume {row.volume:.12g} is not a whole number of shares"))
    return good, bad


def bars_of(rows: Sequence[Row], ticker: str, provenance: Provenance) -> tuple[list[DailyBar], list[BadLine]]:
    """The valid bars, and the other lines."""
    good, bad = [], []
    for row in rows:
        try:
            good.append(_bar(row, ticker, provenance))
        except ValueError as error:
            bad.append(row.bad(reason_of(error)))
    return good, bad


def check_file(bars: Sequence[DailyBar], bad: Sequence[BadLine]) -> None:
    """FileError where most lines are wrong."""
    if not bars and not bad:
        raise FileError("it has no line of prices")
    if len(bad) > len(bars):
        example = f", such as {bad[0]}" if bad else ""
        raise FileError(f"{len(bad)} of its {len(bad) + len(bars)} lines are wrong{example}")


def splits_of(content: FileContent, provenance: Provenance) -> Splits | None:
    """The record of a file's splits, None where it says nothing of them. FileError if one of them is invalid."""
    if content.splits is None:
        return None
    first, last = content.covers or (None, None)
    with _valid_events():
        return Splits(
            ticker=content.ticker,
            events=tuple(Split(date=day, ratio=value) for day, value in content.splits),
            source=provenance.source,
            fetched_at=provenance.fetched_at,
            covers_from=first,
            covers_to=last,
        )


def dividends_of(content: FileContent, paid: Sequence[tuple[date, float]], provenance: Provenance) -> Dividends:
    """The record of a file's dividends, as paid. FileError if one of them is invalid."""
    first, last = content.covers or (None, None)
    with _valid_events():
        return Dividends(
            ticker=content.ticker,
            events=tuple(Dividend(ex_date=day, amount=value) for day, value in paid),
            source=provenance.source,
            fetched_at=provenance.fetched_at,
            covers_from=first,
            covers_to=last,
        )


@contextmanager
def _valid_events() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise FileError(f"it has an invalid event: {reason_of(error)}") from error


def _bar(row: Row, ticker: str, provenance: Provenance) -> DailyBar:
    volume = None if row.volume is None else round(row.volume)
    return DailyBar(
        ticker=ticker,
        date=row.date,
        open=row.open,
        high=row.high,
        low=row.low,
        close=row.close,
        volume=volume,
        source=provenance.source,
        fetched_at=provenance.fetched_at,
    )
