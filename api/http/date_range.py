"""Parses `range`, `from` and `to` to the span of sessions that they mean. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from api.errors import BadParameterError
from api.limits import RANGE_UNITS
from api.panel.window import Between, Everything, Last, Span, Unit, YearToDate, resolve

DEFAULT_RANGE = "3m"
_RANGE = re.compile(r"([1-9][0-9]{0,8})([a-z]+)")
# Each unit as other services spell it: 1mo, 3mo, 1yr.
UNITS: Mapping[str, Unit] = {
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "w"),
    **dict.fromkeys(("m", "mo", "mos", "mon", "month", "months"), "m"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "y"),
}
_RANGE_BOUND = "a number and d, w, m or y, such as 100d, 1w, 3m or 1y, or ytd, or max"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(_DAY.pattern + r"[Tt ][0-9:.]+([Zz]|[+\- ][0-9]{2}:?[0-9]{2})?")
_INTEGER = re.compile(r"-?[0-9]{9,}")
# Seconds of ten digits are of 2001 to 2286, and so are milliseconds of 13; with 12 digits they are of 1938 to 2001. A
# number of other digits would be taken for another century than was meant.
_SECONDS, _MILLISECONDS = re.compile(r"[0-9]{10}"), re.compile(r"-?[0-9]{12,13}")
_DAY_BOUND = (
    "a date (2026-11-20), an ISO timestamp (2026-11-20T00:00:00Z), epoch seconds of ten digits (1795132800), or epoch "
    "milliseconds of 12 or 13 (1795132800000)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_span(
    range: str | None, first: str | None, last: str | None, default: str = DEFAULT_RANGE, newest: date = date.max
) -> Span:
    """The span of the three parameters; `default` without any. BadParameterError where they are no one span.

    `last` alone: `default` back from it, or from `newest`, the newest session, if that is before.
    """
    if range is not None and (first is not None or last is not None):
        raise BadParameterError("range", range, "given together with from or to", "give range, or from and to")
    if last is not None and first is None:
        return _until(min(parse_day("to", last), newest), parse_range(default))
    if first is not None:
        return _between(first, last)
    return parse_range(default if range is None else range)


def parse_range(text: str) -> Span:
    """The span of `3m` and its kin."""
    match text.strip().lower():
        case "ytd":
            return YearToDate()
        case "max":
            return Everything()
        case wanted if (found := _RANGE.fullmatch(wanted)) and found[2] in UNITS:
            count, unit = int(found[1]), UNITS[found[2]]
            RANGE_UNITS[unit].check(count, text)
            return Last(count, unit)
    raise BadParameterError("range", text, "not a range", _RANGE_BOUND)


def parse_day(parameter: str, text: str) -> date:
    """The UTC day of a date, a timestamp (without a zone it is UTC), or epoch seconds or milliseconds."""
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _SECONDS.fullmatch(text):
            return (_EPOCH + timedelta(seconds=int(text))).date()
        if _MILLISECONDS.fullmatch(text):
            return (_EPOCH + timedelta(milliseconds=int(text))).date()
        if _TIMESTAMP.fullmatch(text):
            return _utc_day(text)
    except (ValueError, OverflowError):
        pass
    digits = len(text.removeprefix("-"))
    why = f"a number of {digits} digits is no epoch time" if _INTEGER.fullmatch(text) else "not a day"
    raise BadParameterError(parameter, text, why, _DAY_BOUND)


def _until(last: date, span: Span) -> Between:
    """The days of a span that ends on `last` instead of the newest session."""
    try:
        window = resolve(span, last, last)
    except (ValueError, OverflowError):  # before the year 1
        return Between(last, last)
    return Between(window.first, last)


def _between(first: str, last: str | None) -> Between:
    begins, ends = parse_day("from", first), None if last is None else parse_day("to", last)
    if ends is not None and begins > ends:
        raise BadParameterError("from", first, f"is after to={ends}", f"a day not after {ends}")
    return Between(begins, ends)


def _utc_day(text: str) -> date:
    # In a query string an unescaped "+" means a space: 2026-11-20T00:00:00 02:00.
    moment = datetime.fromisoformat(text[:11].replace(" ", "T").upper() + text[11:].replace(" ", "+").upper())
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
