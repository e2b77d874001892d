"""Which published rows the features of a new row need."""

from datetime import date

from glue.quality.features import TRAILING_SESSIONS, context_start
from lake import calendar
from lake.snapshot import TickerManifest

SEEN = "2026-01-20T22:30:05.000000Z"


def entry(first: str, last: str, *missing: date) -> TickerManifest:
    return TickerManifest(date.fromisoformat(first), date.fromisoformat(last), 0, SEEN, SEEN, None, missing)


def test_context_is_the_trailing_sessions_and_the_close_before_them() -> None:
    held = calendar.sessions(date(2025, 1, 1), date(2025, 12, 31))
    assert context_start(entry("2010-01-04", "2026-01-20"), 2026) == held[-TRAILING_SESSIONS - 1]
    gap = held[-3]
    assert context_start(entry("2010-01-04", "2026-01-20", gap), 2026) == held[-TRAILING_SESSIONS - 2]
    assert context_start(entry("2025-12-30", "2026-01-20"), 2026) == date(2025, 12, 30)
    assert context_start(None, 2026) == date.max
