"""Checks the rows of a file and makes records of them. No I/O.

A wrong line of prices is reported and left out. Splits and dividends are taken as a whole or not at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from pydantic import ValidationError

from ingest.alpha_vantage.parse import Provenance, reason_of
from ingest.errors import FileError
from ingest.imports.files import BadLine, FileContent, Row
from ingest.records import DailyBar, Dividend, Dividends, Split, Splits
from lake import calendar

# A close is another one beyond the first number, as for the quality rule `restated`. A file with more than the second,
# as a fraction of its closes, is of another ticker or basis.
_CLOSE_TOLERANCE, _OTHER_CLOSES = 0.005, 0.1


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
            bad += [BadLine(row.line, f"{day} is given {len(found)} times, differently") for row in found]
    return sorted(good, key=lambda row: row.date), bad


def bars_of(
    rows: Sequence[Row], ticker: str, provenance: Provenance, now: datetime
) -> tuple[list[DailyBar], list[BadLine]]:
    """The valid bars of closed sessions, and the other lines."""
    good, bad = [], []
    for row in rows:
        try:
            good.append(_bar(row, ticker, provenance, now))
        except ValueError as error:
            bad.append(BadLine(row.line, _reason(error)))
    return good, bad


def check_file(bars: Sequence[DailyBar], bad: Sequence[BadLine], closes: Mapping[date, float]) -> None:
    """FileError where most lines are wrong, or where the closes are not those that the vendor gave (`closes`)."""
    if not bars and not bad:
        raise FileError("it has no line of prices")
    if len(bad) >= len(bars):
        example = f", such as {bad[0]}" if bad else ""
        raise FileError(f"{len(bad)} of its {len(bad) + len(bars)} lines are wrong{example}")
    both = [(bar.date, bar.close, closes[bar.date]) for bar in bars if bar.date in closes]
    differing = [(day, close, given) for day, close, given in both if abs(close / given - 1) > _CLOSE_TOLERANCE]
    if len(differing) > _OTHER_CLOSES * len(both):
        day, close, given = differing[0]
        raise FileError(
            f"{len(differing)} of the {len(both)} closes that the vendor gave too are different, such as on {day}: "
            f"{close:g} in the file, {given:g} from the vendor; check the ticker and the basis"
        )


def splits_of(content: FileContent, provenance: Provenance) -> Splits | None:
    """The record of a file's splits, None where it says nothing of them. FileError if one of them is invalid."""
    if content.splits is None:
        return None
    with _valid_events():
        events = tuple(Split(date=day, ratio=value) for day, value in content.splits)
        return Splits(ticker=content.ticker, events=events, source=provenance.source, fetched_at=provenance.fetched_at)


def dividends_of(content: FileContent, provenance: Provenance) -> Dividends | None:
    """The record of a file's dividends, None where it says nothing of them. FileError if one of them is invalid."""
    if content.dividends is None:
        return None
    with _valid_events():
        events = tuple(Dividend(ex_date=day, amount=value) for day, value in content.dividends)
        return Dividends(
            ticker=content.ticker, events=events, source=provenance.source, fetched_at=provenance.fetched_at
        )


@contextmanager
def _valid_events() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise FileError(f"it has an invalid event: {reason_of(error)}") from error


def _bar(row: Row, ticker: str, provenance: Provenance, now: datetime) -> DailyBar:
    if not calendar.is_session(row.date):
        raise ValueError(f"{row.date} is not a session of the NYSE")
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
        source=provenance.source,
        fetched_at=provenance.fetched_at,
    )


def _reason(error: ValueError) -> str:
    return reason_of(error) if isinstance(error, ValidationError) else str(error)
