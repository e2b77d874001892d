"""Days as files write them: ISO, compact, month first or day first, with a month's name, and as epochs. No I/O.

How a column writes its days is decided from all of it, because `11/03/2025` alone does not tell the month.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from ingest.errors import FileError
from ingest.imports.numbers import NO_VALUE, shown
from lake import calendar

Order = Literal["month first", "day first"]

_YEARS = range(1900, 2101)
_CLOCK = r"(?:[T ,]\s*[0-9:].*)?"
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _CLOCK)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})" + _CLOCK)
_WEEKDAY, _MONTH, _DAY_OF_MONTH = r"(?:[A-Za-z]{3,9},? )?", r"(?P<month>[A-Za-z]{3,9})\.?", r"(?P<day>[0-9]{1,2})"
_NAMED = (
    re.compile(f"{_WEEKDAY}{_MONTH}[ /-]{_DAY_OF_MONTH},?[ /-](?P<year>[0-9]{{4}}){_CLOCK}"),
    re.compile(f"{_WEEKDAY}{_DAY_OF_MONTH}[ /-]{_MONTH},?[ /-](?P<year>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}"),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Fewer digits are days since 1900, as Excel counts them, or a slip.
_EPOCH = re.compile(r"-?[0-9]{8,19}(?:\.[0-9]{1,9})?")
_DAY = 86_400  # seconds
# An epoch below the first number is in seconds, below the second in milliseconds, and so on.
_EPOCH_UNITS = ((1e11, 1), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
_MIXED = 0.1  # a larger fraction of dates of the other order is no slip


@dataclass(frozen=True)
class Dates:
    """Reads the days of one column.

    `order`: of days such as 11/20/2025; None where the column has none. `unit`: what an epoch is divided by to give
    seconds; None where the column has no epochs, so that a number in it is a slip. `utc`: every epoch is midnight in
    UTC, so it stands for that day, and not for the evening before in New York.
    """

    order: Order | None = None
    unit: float | None = None
    utc: bool = False

    def read(self, text: str) -> date:
        """The day. ValueError, which quotes the text, for anything else."""
        try:
            day = self._day(text.strip())
        except (ValueError, OverflowError, OSError):
            day = None
        if day is None or day.year not in _YEARS:
            raise ValueError(f"{shown(text)} is not a date such as 2026-11-20")
        return day

    def _day(self, text: str) -> date | None:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if day := _compact(text):
            return day
        if found := _NUMERIC.fullmatch(text):
            return _ordered(text, self.order) if self.order else None
        if found := next((found for pattern in _NAMED if (found := pattern.fullmatch(text))), None):
            return date(_year(found["year"]), _MONTHS.index(found["month"].lower()[:3]) + 1, int(found["day"]))
        return self._epoch(float(text), self.unit) if self.unit and _EPOCH.fullmatch(text) else None

    def _epoch(self, number: float, unit: float) -> date:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number / unit)
        return (moment if self.utc else moment.astimezone(calendar.NEW_YORK)).date()


def dates_of(texts: Sequence[str], usual: Order | None) -> Dates:
    """How a column writes days. `usual`: the order of its layout, where the days do not tell.

    FileError where day and month cannot be told apart.
    """
    stripped = [text.strip() for text in texts if text.strip().lower() not in NO_VALUE]
    numeric = [text for text in stripped if _NUMERIC.fullmatch(text)]
    epochs = [float(text) for text in stripped if _EPOCH.fullmatch(text) and not _compact(text)]
    order = _order_of(numeric, usual) if numeric else None
    if len(epochs) < len(stripped) / 2 or not epochs:
        return Dates(order)
    largest = max(abs(number) for number in epochs)
    unit = next((unit for limit, unit in _EPOCH_UNITS if largest < limit), 1)
    return Dates(order, unit, all(number % (_DAY * unit) == 0 for number in epochs))


def _order_of(texts: Sequence[str], usual: Order | None) -> Order:
    parts = [(int(found[1]), int(found[3])) for text in texts if (found := _NUMERIC.fullmatch(text))]
    first, second = (sum(pair[place] > 12 for pair in parts) for place in (0, 1))
    if first and second and min(first, second) > _MIXED * (first + second):
        raise FileError(
            "some of its dates have the month first and others the day first: save it with dates such as 2026-11-20"
        )
    if first != second:
        return "day first" if first > second else "month first"
    # No session is on a weekend, so an order that puts a row there is the wrong one.
    orders: tuple[Order, Order] = ("month first", "day first")
    possible = [order for order in orders if all(_is_weekday(text, order) for text in texts)]
    if usual and (usual in possible or not possible):
        return usual
    if len(possible) == 1:
        return possible[0]
    # A dot is the mark of countries that write the day first.
    if all("." in text for text in texts):
        return "day first"
    raise FileError(
        f"its dates, such as {texts[0]}, may have the month or the day first: save it with dates such as 2026-11-20"
    )


def _is_weekday(text: str, order: Order) -> bool:
    try:
        day = _ordered(text, order)
    except ValueError:
        return False
    return day.weekday() < 5


def _ordered(text: str, order: Order) -> date:
    found = _NUMERIC.fullmatch(text)
    if not found:
        raise ValueError(text)
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    return date(year, first, second) if order == "month first" else date(year, second, first)


def _compact(text: str) -> date | None:
    found = _COMPACT.fullmatch(text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
    return day if day and day.year in _YEARS else None


def _year(text: str) -> int:
    """A year of two digits belongs to 1969 to 2068, as in POSIX."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 69 else 1900)
