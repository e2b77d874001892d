"""The published snapshot: its pointer and its manifest.

The conditional swap of the pointer commits a run. Nothing that a run wrote before the swap is visible to readers, and
of two runs built on the same snapshot only one can win.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from typing import Any

from lake import calendar, layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.raw_days import RawDay, contained
from lake.storage import Storage
from lake.validation import mistyped_fields

# The version of a snapshot's layout. An older one is served as it is. The next run continues one from CONTINUED on, and
# rebuilds from all of raw/ where it is still older. A newer one is refused: this code cannot know what its fields mean.
# New fields alone do not need a new version: readers ignore the fields that they do not know.
# 4: the raw objects by day, in `raw_days`. Until 3 each key, in `raw_objects`.
FORMAT, CONTINUED = 4, 3
_ID = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


@dataclass(frozen=True)
class Pointer:
    """The snapshot that is served. `tag` is the storage's version of the pointer file, for a conditional write.

    `held`: somebody rolled back to this snapshot, and no run publishes before `release`.
    """

    snapshot: str
    tag: str
    held: bool = False


def read_pointer(storage: Storage) -> Pointer | None:
    """The pointer; None while nothing is published. LakeError where the file is not a pointer."""
    try:
        data, tag = storage.read_tagged(layout.POINTER)
    except NotFoundError:
        return None
    try:
        raw = json.loads(data)
        snapshot, held = raw["snapshot"], raw.get("held", False)
        published_at(snapshot)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise LakeError(f"{storage.url}/{layout.POINTER} is not a pointer; put the last good one back") from error
    return Pointer(snapshot, tag, held is True)


def swap_pointer(storage: Storage, snapshot: str, built_on: Pointer | None, *, held: bool = False) -> None:
    """Serve `snapshot` instead of the one that it was built on; ConflictError if another run swapped first."""
    data = json.dumps({"snapshot": snapshot, "held": True} if held else {"snapshot": snapshot}).encode()
    try:
        storage.write_if(layout.POINTER, data, built_on.tag if built_on else None)
    except ConflictError:
        # boto3 repeats a write whose response was lost, and the repetition conflicts with the first attempt. Snapshot
        # ids are unique to a run, so a pointer to our own snapshot means that the first attempt succeeded.
        found = read_pointer(storage)
        if found is None or (found.snapshot, found.held) != (snapshot, held):
            raise


def published_at(snapshot: str) -> datetime:
    """The UTC time in a snapshot's id; ValueError where it is not an id, TypeError where it is not text."""
    if not is_snapshot(snapshot):
        raise ValueError(f"snapshot={snapshot!r}: an id is a UTC time such as 20261120T223005Z")
    return datetime.strptime(snapshot, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def is_snapshot(name: str) -> bool:
    """Whether a name is a snapshot's id."""
    return _ID.fullmatch(name) is not None


@dataclass(frozen=True)
class TickerManifest:
    """What a snapshot holds of one ticker.

    `missing`: NYSE sessions between first and last without a bar. `refused`: sessions whose bar a rule quarantined.
    `fetched_at`: when the newest bar was requested. `splits_seen`, `dividends_seen`, `sentiment_seen`: when the vendor
    last answered for them; None while they are unknown. Times are ISO 8601, UTC.
    """

    first: date
    last: date
    sessions: int
    fetched_at: str
    splits_seen: str
    dividends_seen: str | None
    missing: tuple[date, ...] = ()
    refused: tuple[date, ...] = ()
    sentiment_seen: str | None = None

    @classmethod
    def from_dict(cls, entry: dict[str, Any]) -> "TickerManifest":
        """From an entry of a manifest's JSON, whose dates are ISO text."""
        days: dict[str, Any] = {name: date.fromisoformat(entry[name]) for name in ("first", "last")}
        for name in ("missing", "refused"):
            days[name] = tuple(date.fromisoformat(day) for day in entry[name])
        return cls(**_known_fields(cls, {**entry, **days}))

    def sessions_in(self, year: int) -> list[date]:
        """The sessions of a year that have a bar, ascending."""
        days = calendar.sessions(max(self.first, date(year, 1, 1)), min(self.last, date(year, 12, 31)))
        missing = set(self.missing)
        return [day for day in days if day not in missing]


@dataclass(frozen=True)
class Frozen:
    """Why something of a ticker is held back. `since`: the ISO day of the first bar, event or answer that is."""

    rule: str
    since: str
    message: str
    advice: str


@dataclass(frozen=True)
class Manifest:
    """What is in a snapshot, and what it was built from.

    `raw_days`: by ISO day of arrival the raw objects that have been merged into it; before format 4 `raw_objects` has
    their keys. `tables`: the number of rows of each published table; one without rows has no files. `quality`: the
    findings of the rules in the sessions that this run changed. `withdrawn`: the vendor's responses (ticker, source,
    fetched_at) that contradicted published prices until a later response confirmed those; their records are ignored for
    good.

    `held`: the records that are held back, each with `ticker`, `kind`, `date`, `rule` and `message`. `frozen`: what
    that means for each of their tickers. `flagged`: by ticker and ISO
    date the rules that a published bar broke, comma-separated, as in its column `flags`, in the whole snapshot.
    `rules`: what each of these rules catches, in words.
    """

    snapshot: str
    run: str
    origin: str
    rows: int
    sources: tuple[str, ...]
    tickers: dict[str, TickerManifest]
    unpublished: dict[str, str] = field(default_factory=dict)
    raw_days: dict[str, RawDay] = field(default_factory=dict)
    raw_objects: tuple[str, ...] = ()
    quality: tuple[dict[str, Any], ...] = ()
    tables: dict[str, int] = field(default_factory=dict)
    withdrawn: tuple[dict[str, str], ...] = ()
    held: tuple[dict[str, str], ...] = ()
    frozen: dict[str, Frozen] = field(default_factory=dict)
    flagged: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    format: int = 0

    @property
    def as_of(self) -> date:
        """The newest session in the snapshot."""
        return max(ticker.last for ticker in self.tickers.values())

    @property
    def is_continued(self) -> bool:
        """Whether a run may continue this snapshot; else it rebuilds from all of raw/."""
        return self.format >= CONTINUED

    def contained(self, keys: Iterable[str]) -> set[str]:
        """Those of `keys`, all raw objects of the lake, that have been merged into this snapshot."""
        found = set(keys)
        return found & set(self.raw_objects) | contained(self.raw_days, found)

    @property
    def waiting(self) -> dict[str, str]:
        """By ticker the first session (ISO) whose bar is held back."""
        first: dict[str, str] = {}
        for one in self.held:
            if one.get("kind") == "bar":
                first[one["ticker"]] = min(one["date"], first.get(one["ticker"], one["date"]))
        return first

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, default=_plain).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """From the JSON of `to_json`; LakeError where it is broken or of a newer format. Unknown fields are ignored."""
        try:
            raw = json.loads(data)
            _refuse_newer(raw.get("format", 0))
            tickers = {ticker: TickerManifest.from_dict(entry) for ticker, entry in raw.pop("tickers").items()}
            for name in ("sources", "raw_objects", "quality", "withdrawn", "held"):
                raw[name] = tuple(raw.get(name, ()))
            raw["raw_days"] = {
                day: RawDay(**_known_fields(RawDay, entry)) for day, entry in raw.get("raw_days", {}).items()
            }
            raw["frozen"] = {
                ticker: Frozen(**_known_fields(Frozen, entry)) for ticker, entry in raw.get("frozen", {}).items()
            }
            manifest = cls(tickers=tickers, **_known_fields(cls, raw))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise LakeError("a manifest cannot be read; publish again") from error
        if wrong := list(mistyped_fields(manifest)):
            raise LakeError(f"a manifest cannot be read ({', '.join(wrong)} of another type); publish again")
        return manifest


def read_manifest(storage: Storage, snapshot: str) -> Manifest:
    """The manifest of a published snapshot."""
    return Manifest.from_json(storage.read(layout.manifest(snapshot)))


def current_manifest(storage: Storage) -> Manifest | None:
    """The manifest of the snapshot that is served; None while nothing is published."""
    pointer = read_pointer(storage)
    return read_manifest(storage, pointer.snapshot) if pointer else None


def snapshots(storage: Storage) -> list[str]:
    """The ids of the complete snapshots, oldest first: those with a manifest, which is written after the data."""
    found = (key.removeprefix(layout.PUBLISHED).split("/") for key in storage.list(layout.PUBLISHED))
    return sorted(parts[0] for parts in found if parts[1:] == ["manifest.json"] and is_snapshot(parts[0]))


def _refuse_newer(found: int) -> None:
    if found > FORMAT:
        raise LakeError(
            f"a manifest has format {found}, and this version of Bellwether reads formats up to {FORMAT}: update it, "
            "or serve an older snapshot with `python -m glue rollback`"
        )


def _known_fields(kind: type[Any], raw: dict[str, Any]) -> dict[str, Any]:
    """The entries that are fields of a dataclass."""
    known = {one.name for one in fields(kind)}
    return {name: value for name, value in raw.items() if name in known}


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be written to a manifest")
