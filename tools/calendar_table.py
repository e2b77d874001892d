"""Writes lake/nyse.json, the table that lake/calendar.py reads, from exchange_calendars (a development dependency).

Run by `make calendar`. The product does not import exchange_calendars, because it needs pandas and 0.7 s to import.
"""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import exchange_calendars

FIRST = date(1962, 1, 1)  # what free sources have of US stocks begins with this year
YEARS_AHEAD = 2  # the NYSE announces its holidays for the year to come and the one after it
TARGET = Path(__file__).parent.parent / "lake" / "nyse.json"


def build(last: date) -> dict[str, object]:
    """The weekdays from FIRST to `last` without a session, and the early closes with their times."""
    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=last.isoformat())
    # The library leaves out the regular holidays before 1970, where pandas begins a calendar of holidays by default.
    holidays = calendar.regular_holidays.holidays(FIRST.isoformat(), last.isoformat())
    sessions = {session.date() for session in calendar.sessions} - {day.date() for day in holidays}
    weekdays = (FIRST + timedelta(days=n) for n in range((last - FIRST).days + 1))
    early = {
        session.date().isoformat(): calendar.session_close(session).tz_convert(calendar.tz).strftime("%H:%M")
        for session in calendar.early_closes
        if session.date() in sessions
    }
    return {
        "first": FIRST.isoformat(),
        "last": last.isoformat(),
        "closed": [day.isoformat() for day in weekdays if day.weekday() < 5 and day not in sessions],
        "early_closes": early,
    }


def main() -> None:
    """Write the table up to the end of the year after next."""
    last = date(datetime.now(UTC).year + YEARS_AHEAD, 12, 31)
    TARGET.write_text(json.dumps(build(last), indent=0) + "\n", encoding="utf-8")
    print(f"wrote {TARGET.name}: NYSE sessions from {FIRST} to {last}")


if __name__ == "__main__":
    main()
