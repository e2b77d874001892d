"""The quality rules of a ticker as a whole, as data. Plain Python: there are only as many summaries as tickers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from glue.quality.rules import Severity
from lake.universe import Instrument


@dataclass(frozen=True)
class TickerSummary:
    """A ticker in the new snapshot.

    `before`: the number of its sessions in the served snapshot; `lake_first` and `lake_last`: the first and last
    session of all tickers; `listed`: None for a ticker outside the universe.
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
    """`broken`: true of a ticker that breaks the rule; `day`: the date that its example names."""

    slug: str
    catches: str
    threshold: str
    severity: Severity
    broken: Callable[[TickerSummary], bool]
    day: Callable[[TickerSummary], date]


TICKER_RULES = (
    TickerRule(
        "rows_falling",
        "fewer sessions than in the snapshot that is served",
        "none may be: what was published stays",
        "block",
        lambda one: one.sessions < one.before,
        lambda one: one.last,
    ),
    TickerRule(
        "late_start",
        "a first bar later than its listing and the lake's first session",
        "sessions are expected from the later of the two",
        "warn",
        lambda one: one.listed is not None and one.first > max(one.listed, one.lake_first),
        lambda one: one.first,
    ),
    TickerRule(
        "before_listing",
        "a bar from before its listing",
        "no session is expected before it",
        "warn",
        lambda one: one.listed is not None and one.first < one.listed,
        lambda one: one.first,
    ),
    TickerRule(
        "behind",
        "a last bar older than the lake's newest session",
        "every ticker is expected to trade on it",
        "warn",
        lambda one: one.last < one.lake_last,
        lambda one: one.last,
    ),
)


def ticker_summaries(
    rows: Mapping[str, Mapping[str, Any]], before: Mapping[str, int], known: Mapping[str, Instrument]
) -> dict[str, TickerSummary]:
    """From each ticker's `first`, `last` (ISO) and `sessions`. A ticker in `before` alone has no sessions now."""
    if not rows:
        return {}
    lake_first = min(date.fromisoformat(row["first"]) for row in rows.values())
    lake_last = max(date.fromisoformat(row["last"]) for row in rows.values())
    nothing = {"first": str(lake_last), "last": str(lake_last), "sessions": 0}
    return {
        ticker: TickerSummary(
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
