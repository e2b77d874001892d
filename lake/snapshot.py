"""The published snapshot: its pointer, and its manifest.

The pointer's conditional swap is the commit of a run. Whatever a run wrote before it is invisible, and of two runs
built on the same snapshot only one can win.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from lake import calendar, layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage
from lake.validation import misfits

# The layout of a snapshot's files. One of another layout is served as it is; the next run builds from all of raw/.
FORMAT = 2
_ID = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


@dataclass(frozen=True)
class Pointer:
    """Which snapshot is served, and the storage's tag of this very state of the pointer.

    `held`: somebody rolled back to it, and nothing is published before `release`.
    """

    snapshot: str
    tag: str
    held: bool = False


def read_pointer(storage: Storage) -> Pointer | None:
    """The pointer; None where nothing is published yet. LakeError where it is not one of ours."""
    try:
        data, tag = storage.read_tagged(layout.POINTER)
    except NotFoundError:
        return None
    try:
        raw = json.loads(data)
        snapshot, held = raw["snapshot"], raw.get("held", False)
        published_at(snapshot)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise LakeError(
            f"{storage.url}/{layout.POINTER} is not a pointer ({error}); put the last good one back"
        ) from error
    return Pointer(snapshot, tag, held is True)


def swap_pointer(storage: Storage, snapshot: str, built_on: Pointer | None, *, held: bool = False) -> None:
    """Serve `snapshot` instead of the one it was built on; ConflictError if another run came first.

    A swap whose answer was lost on the way is asked again by the client, and then loses against itself: the pointer
    tells, since no two runs have the same snapshot.
    """
    data = json.dumps({"snapshot": snapshot, "held": True} if held else {"snapshot": snapshot}).encode()
    try:
        storage.write_if(layout.POINTER, data, built_on.tag if built_on else None)
    except ConflictError:
        found = read_pointer(storage)
        if found is None or (found.snapshot, found.held) != (snapshot, held):
            raise


def published_at(snapshot: str) -> datetime:
    """The UTC time that a snapshot's id is; ValueError (TypeError for no text) where it is no id."""
    if not is_snapshot(snapshot):
        raise ValueError(f"snapshot={snapshot!r}: an id is a UTC time such as 20261120T223005Z")
    return datetime.strptime(snapshot, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def is_snapshot(name: str) -> bool:
    """Whether a name is a snapshot's id."""
    return _ID.fullmatch(name) is not None


@dataclass(frozen=True)
class TickerManifest:
    """What a snapshot holds of one ticker.

    `missing`: NYSE sessions between first and last without a bar. `refused`: sessions whose bar a rule set aside.
    `fetched_at`: when its newest bar was asked for. `splits_seen`, `dividends_seen`, `sentiment_seen`: when those were
    last answered; None while they are unknown. Times are ISO, UTC.
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
        """The entry of a manifest's JSON, its days as ISO text."""
        days: dict[str, Any] = {name: date.fromisoformat(entry[name]) for name in ("first", "last")}
        for name in ("missing", "refused"):
            days[name] = tuple(date.fromisoformat(day) for day in entry[name])
        return cls(**{**entry, **days})

    def held_in(self, year: int) -> list[date]:
        """The sessions of a year of which there is a bar, ascending."""
        days = calendar.sessions(max(self.first, date(year, 1, 1)), min(self.last, date(year, 12, 31)))
        missing = set(self.missing)
        return [day for day in days if day not in missing]


@dataclass(frozen=True)
class Manifest:
    """What is in a snapshot and how it came about.

    `tables`: the rows of each published table; one without rows has no files. `quality`: what the rules found in the
    rows that this run computed. `waiting`: per ticker the first session that the gate has set aside. `withdrawn`: the
    vendor's answers that contradicted what was published and were taken back by a later one, as ticker, source and
    fetched_at; they are never read again.
    """

    snapshot: str
    run: str
    origin: str
    rows: int
    sources: tuple[str, ...]
    tickers: dict[str, TickerManifest]
    unpublished: dict[str, str] = field(default_factory=dict)
    raw_objects: tuple[str, ...] = ()
    quality: tuple[dict[str, Any], ...] = ()
    tables: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    withdrawn: tuple[dict[str, str], ...] = ()
    format: int = 0

    @property
    def as_of(self) -> date:
        """The newest session in the snapshot."""
        return max(ticker.last for ticker in self.tickers.values())

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, default=_plain).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Manifest":
        """The manifest of `to_json`; LakeError where it is none."""
        try:
            raw = json.loads(data)
            tickers = {ticker: TickerManifest.from_dict(entry) for ticker, entry in raw.pop("tickers").items()}
            for name in ("sources", "raw_objects", "quality", "withdrawn"):
                raw[name] = tuple(raw.get(name, ()))
            manifest = cls(tickers=tickers, **raw)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise LakeError(f"a manifest cannot be read ({error!r}); publish again") from error
        if wrong := list(misfits(manifest)):
            raise LakeError(f"a manifest cannot be read ({', '.join(wrong)} of another type); publish again")
        return manifest


def read_manifest(storage: Storage, snapshot: str) -> Manifest:
    """The manifest of a published snapshot."""
    return Manifest.from_json(storage.read(layout.manifest(snapshot)))


def current_manifest(storage: Storage) -> Manifest | None:
    """The manifest of the snapshot that is served; None where nothing is published yet."""
    pointer = read_pointer(storage)
    return read_manifest(storage, pointer.snapshot) if pointer else None


def snapshots(storage: Storage) -> list[str]:
    """The ids of the whole snapshots, oldest first: those with a manifest, which is written after the data."""
    found = (key.removeprefix(layout.PUBLISHED).split("/") for key in storage.list(layout.PUBLISHED))
    return sorted(parts[0] for parts in found if parts[1:] == ["manifest.json"])


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a manifest")
