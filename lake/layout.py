"""Every path in the lake, as keys relative to its root, with forward slashes."""

from datetime import UTC, date, datetime
from typing import Literal, get_args

RawKind = Literal["prices", "splits", "dividends", "sentiment"]
RAW_KINDS: tuple[RawKind, ...] = get_args(RawKind)

ORIGIN = "origin.json"
POINTER = "published/current.json"
LAST_REFUSAL = "state/last_refusal.json"
NEWS = "state/news.json"  # which sessions' news ingest has delivered, by ticker
RAW = "raw/"
STAGING = "staging/"
PUBLISHED = "published/"


def raw(kind: RawKind, day: date, name: str) -> str:
    """A raw object; `day` is the UTC day of arrival."""
    return f"{RAW}{kind}/dt={day.isoformat()}/{name}"


def raw_kind_of(key: str) -> str:
    """`prices` of `raw/prices/dt=2026-11-20/…`."""
    return key.removeprefix(RAW).split("/", 1)[0]


def staging(run: str, step: str = "") -> str:
    """Where a run keeps what it has not published: a prefix, with its slash."""
    return f"{STAGING}{run}/{step}/" if step else f"{STAGING}{run}/"


def quarantine(run: str, name: str) -> str:
    """What a run set aside, with the rule that did."""
    return f"quarantine/{run}/{name}"


def spend(day: date) -> str:
    """The requests that were spent on a New York day, conditionally written."""
    return f"state/spend/{day.isoformat()}.json"


def dead_letter(kind: RawKind, run: str, name: str) -> str:
    """Records that could not be delivered, outside `raw/`, to be delivered again by hand."""
    return f"dead-letter/{kind}/{run}/{name}"


def snapshot(snapshot_id: str) -> str:
    """The prefix of one published snapshot, with its slash."""
    return f"{PUBLISHED}{snapshot_id}/"


def table(snapshot_id: str, name: str) -> str:
    """The prefix of one table of a snapshot, with its slash."""
    return f"{snapshot(snapshot_id)}{name}/"


def kept(kind: str) -> str:
    """The sound raw records that a snapshot was built of, as a table of it: the next run merges what is new into them.

    Not for readers. `daily_prices` says nothing of sources and times, and lacks the rows that wait.
    """
    return f"kept/{kind}"


def manifest(snapshot_id: str) -> str:
    """What is in a snapshot, and how it came about."""
    return f"{snapshot(snapshot_id)}manifest.json"


def stamp(moment: datetime) -> str:
    """The id of a run or a snapshot: its UTC time, `20261120T223005Z`."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
