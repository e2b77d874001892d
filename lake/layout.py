"""Every path in the lake, as keys relative to its root, with forward slashes."""

import re
from datetime import UTC, date, datetime
from typing import Literal, get_args

RawKind = Literal["prices", "splits", "dividends", "sentiment"]
RAW_KINDS: tuple[RawKind, ...] = get_args(RawKind)

ORIGIN = "origin.json"
POINTER = "published/current.json"
CATALOG = "published/catalog.json"  # the database of Glue's catalog whose tables follow the pointer
LAST_REFUSAL = "state/last_refusal.json"
NEWS = "state/news.json"  # the sessions whose news ingest has requested, by ticker
RAW = "raw/"
DEAD_LETTERS = "dead-letter/"
FIREHOSE_ERRORS = "firehose-errors/"  # <type>/<kind>/dt=…/: what Firehose could not write; the template names it too
FORECASTS = "forecasts/"  # written once each, never rewritten and never removed: neither retention nor a lifecycle
STAGING = "staging/"
PUBLISHED = "published/"

# Other programs leave names of their own in a bucket: `20261120T223005Z_$folder$` of Hadoop's clients, `raw/prices/` of
# S3's console, a person's notes. Whoever reads ids, kinds or years from keys takes only what has their form.
_RAW_OBJECT = re.compile(rf"{RAW}(?:{'|'.join(RAW_KINDS)})/dt=\d{{4}}-\d\d-\d\d/.*[^/]")
_YEAR = re.compile(r"year=(\d{4})/")
_MARKER = "_$folder$"


def raw(kind: RawKind, day: date, name: str) -> str:
    """A raw object; `day` is the UTC day of arrival."""
    return f"{RAW}{kind}/dt={day.isoformat()}/{name}"


def raw_kind_of(key: str) -> str:
    """`prices` of `raw/prices/dt=2026-11-20/…`."""
    return key.removeprefix(RAW).split("/", 1)[0]


def raw_day_of(key: str) -> str:
    """`2026-11-20` of `raw/prices/dt=2026-11-20/…`."""
    return key.split("/")[2].removeprefix("dt=")


def is_raw_object(key: str) -> bool:
    """Whether a key is a raw object, and not a name that another program left below raw/."""
    return _RAW_OBJECT.fullmatch(key) is not None and not key.endswith(_MARKER)


def year_of(key: str, prefix: str) -> int | None:
    """The year of a file of a partitioned table: 2026 of `<prefix>year=2026/part-0.parquet`; None of any other name."""
    found = _YEAR.match(key.removeprefix(prefix)) if key.startswith(prefix) else None
    return int(found[1]) if found and not key.endswith(_MARKER) else None


def staging(run: str, step: str = "") -> str:
    """The prefix, with its slash, of what a run has not published yet."""
    return f"{STAGING}{run}/{step}/" if step else f"{STAGING}{run}/"


def quarantine(run: str, name: str) -> str:
    """Rows that a run quarantined, each with the rule that it breaks."""
    return f"quarantine/{run}/{name}"


def spend(day: date) -> str:
    """The number of vendor requests made on a New York day. Written conditionally."""
    return f"state/spend/{day.isoformat()}.json"


def unfinished(run: str) -> str:
    """The requests that a run had no time for, for the invocation that continues it. Written conditionally."""
    return f"state/unfinished/{run}.json"


def dead_letter(kind: RawKind, run: str, name: str) -> str:
    """Records that could not be delivered. Outside `raw/`, because an operator delivers them again."""
    return f"{DEAD_LETTERS}{kind}/{run}/{name}"


def forecast(as_of: date, name: str) -> str:
    """The committed forecasts about one pair of baskets, made from what was known at the close of `as_of`."""
    return f"{FORECASTS}dt={as_of.isoformat()}/{name}.json"


def snapshot(snapshot_id: str) -> str:
    """The prefix of one published snapshot, with its slash."""
    return f"{PUBLISHED}{snapshot_id}/"


def table(snapshot_id: str, name: str) -> str:
    """The prefix of one table of a snapshot, with its slash."""
    return f"{snapshot(snapshot_id)}{name}/"


def current_records(kind: str) -> str:
    """The table of a snapshot with the valid raw records that it was built from; the next run merges new ones into it.

    Not for readers. The published tables cannot take its place: `daily_prices` has neither source nor fetch time, and
    lacks the rows that are quarantined.
    """
    return f"kept/{kind}"  # not `current_records/`: the snapshots of existing lakes have this name


def manifest(snapshot_id: str) -> str:
    """The manifest of a snapshot."""
    return f"{snapshot(snapshot_id)}manifest.json"


def stamp(moment: datetime) -> str:
    """The id of a run or a snapshot: its UTC time, `20261120T223005Z`."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
