"""The rules of what a snapshot holds of a ticker, as data: on plain figures, without Spark."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from glue.quality.rules import Severity
from lake.universe import Instrument


@dataclass(frozen=True)
class Held:
    """A ticker in the snapshot to be; `before`: its sessions in the one that is served, 0 where it has none there.

    `lake_first` and `lake_last` are the snapshot's; `listed` is None of a ticker outside the universe.
    """

    first: date
    last: date
    sessions: int
    before: int
    lake_first: date
    lake_last: date
    listed: date | None


@dataclass(frozen=True)
class TickerRule:
    """What must hold of every ticker. `broken` is true of an offending one; `day` is the one that its example names."""

    slug: str
    catches: str
    threshold: str
    severity: Severity
    broken: Callable[[Held], bool]
    day: Callable[[Held], date]


TICKER_RULES = (
    TickerRule(
        "rows_falling",
        "fewer sessions than in the snapshot that is served",
        "none may be: what was published stays",
        "block",
        lambda held: held.sessions < held.before,
        lambda held: held.last,
    ),
    TickerRule(
        "late_start",
        "a first bar later than its listing and the lake's first session",
        "sessions are expected from the later of the two",
        "warn",
        lambda held: held.listed is not None and held.first > max(held.listed, held.lake_first),
        lambda held: held.first,
    ),
    TickerRule(
        "before_listing",
        "a bar from before its listing",
        "no session is expected before it",
        "warn",
        lambda held: held.listed is not None and held.first < held.listed,
        lambda held: held.first,
    ),
    TickerRule(
        "behind",
        "a last bar older than the lake's newest session",
        "every ticker is expected to trade on it",
        "warn",
        lambda held: held.last < held.lake_last,
        lambda held: held.last,
    ),
)


def held_of(
    rows: Mapping[str, Mapping[str, Any]], before: Mapping[str, int], known: Mapping[str, Instrument]
) -> dict[str, Held]:
    """From `first`, `last` (ISO) and `sessions` a ticker. One that only the served one has holds none now."""
    if not rows:
        return {}
    lake_first = min(date.fromisoformat(row["first"]) for row in rows.values())
    lake_last = max(date.fromisoformat(row["last"]) for row in rows.values())
    nothing = {"first": str(lake_last), "last": str(lake_last), "sessions": 0}
    return {
        ticker: Held(
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            sessions=row["sessions"],
            before=before.get(ticker, 0),
            lake_first=lake_first,
            lake_last=lake_last,
            listed=known[ticker].listed if ticker in known else None,
        )
        for ticker, row in {**dict.fromkeys(before, nothing), **rows}.items()
    }
