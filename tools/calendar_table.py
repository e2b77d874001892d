"""Writes lake/nyse.json, the table that lake/calendar.py reads, from exchange_calendars (a development dependency).

Run by `make calendar`. The product does not import exchange_calendars, because it needs pandas and 0.7 s to import.
"""

import json
from datetime import date, timedelta
from pathlib import Path

import exchange_calendars

FIRST, LAST = date(1990, 1, 1), date(2028, 12, 31)
TARGET = Path(__file__).parent.parent / "lake" / "nyse.json"


def build() -> dict[str, object]:
    """The weekdays from FIRST to LAST without a session, and the sessions that close early with their closing times."""
    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST.isoformat(), end=LAST.isoformat())
    sessions = {session.date() for session in calendar.sessions}
    weekdays = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    early = {
        session.date().isoformat(): calendar.session_close(session).tz_convert(calendar.tz).strftime("%H:%M")
        for session in calendar.early_closes
    }
    return {
        "first": FIRST.isoformat(),
        "last": LAST.isoformat(),
        "closed": [day.isoformat() for day in weekdays if day.weekday() < 5 and day not in sessions],
        "early_closes": early,
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(build(), indent=0) + "\n", encoding="utf-8")
    print(f"wrote {TARGET.name}")
