"""Days as files write them: ISO, compact, month first or day first, with a month's name, and as epochs. No I/O.

How a column writes its days is decided from all of it and from the sessions of the exchange, because `11/03/2025` alone
does not tell the month.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from ingest.errors import FileError
from ingest.imports.numbers import NO_VALUE, shown
from lake import calendar

Order = Literal["month first", "day first", "year first"]  # the year only where it has two digits

_YEARS = range(1900, 2101)
_CLOCK = r"(?:[T ,]\s*[0-9:].*)?"
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _CLOCK)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0)?")  # as a float where pandas read it as a number
_YEAR_LAST = re.compile(r"(?:0[1-9]|[12][0-9]|3[01]){2}(?:19|20)[0-9]{2}(?:\.0)?")  # 20112025 or 11202025
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _CLOCK)
_WEEKDAY, _MONTH, _DAY_OF_MONTH = r"(?:[A-Za-z]{3,9},? )?", r"(?P<month>[A-Za-z]{3,9})\.?", r"(?P<day>[0-9]{1,2})"
_NAMED = (
    re.compile(f"{_WEEKDAY}{_MONTH}[ /-]{_DAY_OF_MONTH},?[ /-](?P<year>[0-9]{{4}}){_CLOCK}"),
    re.compile(f"{_WEEKDAY}{_DAY_OF_MONTH}[ /-]{_MONTH},?[ /-](?P<year>[0-9]{{4}}|[0-9]{{2}}){_CLOCK}"),
    re.compile(f"{_DAY_OF_MONTH}{_MONTH}(?P<year>[0-9]{{4}}){_CLOCK}"),  # 20NOV2025, as SAS writes it
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Fewer digits are days since 1900, as Excel counts them, or a slip.
_EPOCH = re.compile(r"-?[0-9]{8,19}(?:\.[0-9]{1,9})?")
_SERIAL, _SERIAL_ZERO = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?"), date(1899, 12, 30)  # days of 1954 to 2119
_TOO_NARROW = re.compile("#{3,}")
_DAY = 86_400  # seconds
# An epoch below the first number is in seconds, below the second in milliseconds, and so on.
_EPOCH_UNITS = ((1e11, 1), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9))
_SATURDAY = 5
_OPPOSITE: Mapping[Order, Order] = {"month first": "day first", "day first": "month first"}
_BOTH_ORDERS = "some of its dates have the month first and others the day first: save it with dates such as 2026-11-20"
_MIXED = 0.1  # a larger fraction of dates of the other order is no slip
# A spreadsheet of another country swaps month and day where that gives a date. Nearly a third of the days that come out
# are no sessions: so many of all are enough, and as many times fewer must be left when they are swapped back.
_FEWEST_CLOSED, _CLOSED, _FEWER = 3, 0.05, 4


@dataclass(frozen=True)
class Dates:
    """Reads the days of one column.

    `order`: of days such as 11/20/2025 or 11/20/25; None where the column has none. `unit`: what an epoch is divided by
    to give seconds; None where the column has no epochs, so that a number in it is a slip. `utc`: every epoch is
    midnight in UTC, so it stands for that day, and not for the evening before in New York.
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
            raise ValueError(f"{shown(text)} is not a date such as 2026-11-20{_of_a_spreadsheet(text.strip())}")
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
    _refuse_swapped(numeric, order)
    _refuse_year_last(stripped)
    if len(epochs) < len(stripped) / 2 or not epochs:
        return Dates(order)
    largest = max(abs(number) for number in epochs)
    unit = next((unit for limit, unit in _EPOCH_UNITS if largest < limit), 1)
    return Dates(order, unit, all(number % (_DAY * unit) == 0 for number in epochs))


def _order_of(texts: Sequence[str], usual: Order | None) -> Order:
    """The order in which most of these are days, all of them sessions of the exchange; `usual` where several are."""
    days = {order: [_ordered(text, order) for text in texts] for order in get_args(Order)}
    count = {order: sum(day is not None for day in found) for order, found in days.items()}
    likely: list[Order] = [order for order in days if count[order] == max(count.values())]
    orders_of_text = [sum(day is not None for day in found) for found in zip(*days.values(), strict=True)]
    if sum(map(bool, orders_of_text)) - max(count.values()) > _MIXED * orders_of_text.count(1):
        raise FileError(_BOTH_ORDERS)
    if len(likely) == 1:
        return likely[0]
    possible = [order for order in likely if all(day is None or may_be_session(day) for day in days[order])]
    if usual and (usual in possible or not possible):
        return usual
    if len(possible) == 1:
        return possible[0]
    # A dot is the mark of countries that write the day first.
    if all("." in text for text in texts):
        return "day first"
    ways = " or ".join(order.removesuffix(" first") for order in possible or likely)
    raise FileError(
        f"its dates, such as {texts[0][:20]}, may have the {ways} first: save it with dates such as 2026-11-20"
    )


def _refuse_swapped(texts: Sequence[str], order: Order | None) -> None:
    """FileError where some days have their month and day swapped: read back they are sessions, as they stand not."""
    if order is None or order not in _OPPOSITE:
        return
    other = _OPPOSITE[order]
    days = [day for text in texts if (day := _ordered(text, order))]
    back = [day for text in texts if (day := _ordered(text, other) or _ordered(text, order))]
    closed, closed_back = (sum(not may_be_session(day) for day in found) for found in (days, back))
    if closed >= max(_FEWEST_CLOSED, _CLOSED * len(days)) and closed_back * _FEWER <= closed:
        raise FileError(_BOTH_ORDERS)


def _refuse_year_last(texts: Sequence[str]) -> None:
    """FileError for days such as 20112025, which would pass for seconds since 1970."""
    if texts and all(_YEAR_LAST.fullmatch(text) and not _compact(text) for text in texts):
        raise FileError(
            f"its dates, such as {texts[0]}, do not begin with the year: save it with dates such as 2026-11-20"
        )


def may_be_session(day: date) -> bool:
    """Whether the exchange was open; of days before the calendar begins, whether it is a weekday."""
    return calendar.is_session(day) or (day < calendar.all_sessions()[0] and day.weekday() < _SATURDAY)


def _ordered(text: str, order: Order) -> date | None:
    """The day that a text such as 11/20/2025 or 11/20/25 is in an order; None where it is none."""
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    first, _, second, third = found.groups()
    year_first = order == "year first"
    # Only with hyphens, as in 25-11-20, and only where no part has four digits.
    if year_first and not (found[2] == "-" and len(first) == len(third) == len("25")):
        return None
    if year_first:
        year, month, day = first, second, third
    else:
        year, (month, day) = third, (first, second) if order == "month first" else (second, first)
    try:
        return date(_year(year), int(month), int(day))
    except ValueError:
        return None


def _of_a_spreadsheet(text: str) -> str:
    """What a spreadsheet has made of a day, as the end of a sentence; empty where it is something else."""
    if _SERIAL.fullmatch(text):
        day = _SERIAL_ZERO + timedelta(days=int(text[:5]))
        return f", but {day} as Excel counts days: format the column as yyyy-mm-dd and save it again"
    if _TOO_NARROW.fullmatch(text):
        return ": the column was too narrow when the spreadsheet was saved; widen it and save it again"
    return ""


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
