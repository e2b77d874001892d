"""An import: files in, raw records out, and per file what was taken, what was refused, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.alpha_vantage.parse import Origin
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.errors import FileError, IngestError
from ingest.imports.bars import refuse_a_wrong_file, sound, unique
from ingest.imports.basis import Basis, as_traded, contradiction
from ingest.imports.events import record_of
from ingest.imports.files import BadLine, EventFile, PriceFile, read
from ingest.imports.known import FROM_FILE, Known, read_known
from ingest.records import Splits
from lake import calendar, layout
from lake.layout import RawKind
from lake.storage import Storage

REPLACING = "replace:"  # the source of what was told to take the vendor's place


@dataclass(frozen=True)
class Asked:
    """What the command says. `basis` is of the prices; None where it is not given."""

    basis: Basis | None
    replace: bool = False
    ticker: str | None = None


@dataclass(frozen=True)
class FileReport:
    """One file. `reason` says why all of it was refused; else `taken` records or events of `kind` lie in the lake."""

    name: str
    kind: RawKind | None = None
    ticker: str = ""
    taken: int = 0
    first: date | None = None
    last: date | None = None
    bad: Sequence[BadLine] = field(default_factory=tuple)
    reason: str | None = None


@dataclass(frozen=True)
class _Import:
    """`claim` is called before anything is delivered: a lake in which something lies has an origin."""

    known: Known
    asked: Asked
    delivery: Delivery
    claim: Callable[[], None]
    now: datetime

    def take(self, path: Path, file: PriceFile | EventFile | IngestError) -> FileReport:
        try:
            if isinstance(file, IngestError):
                raise file
            return self._events(path, file) if isinstance(file, EventFile) else self._prices(path, file)
        except IngestError as error:
            return FileReport(path.name, reason=str(error))

    def _prices(self, path: Path, file: PriceFile) -> FileReport:
        rows, twice = unique(file.rows)
        answer = self.known.splits.get(file.ticker)
        splits = answer.events if answer else None
        if self.asked.basis is None:
            raise FileError("say what its prices are: --basis raw (as traded) or --basis split (split-adjusted)")
        reason = contradiction(rows, self.asked.basis, splits)
        if reason:
            raise FileError(reason)
        if self.asked.basis == "split":
            rows = as_traded(rows, splits or (), self.now.astimezone(calendar.NEW_YORK).date())
        bars, unsound = sound(rows, file.ticker, _origin(path, self.asked, self.now), self.now)
        bad = sorted((*file.bad, *twice, *unsound), key=lambda line: line.line)
        refuse_a_wrong_file(bars, bad, self.known.closes.get(file.ticker, {}))
        self._deliver("prices", file.ticker, [bar.line() for bar in bars])
        return FileReport(path.name, "prices", file.ticker, len(bars), bars[0].date, bars[-1].date, bad)

    def _events(self, path: Path, file: EventFile) -> FileReport:
        record = record_of(file, _origin(path, self.asked, self.now))
        kind: RawKind = "splits" if file.kind == "splits" else "dividends"
        self._deliver(kind, file.ticker, [record.line()])
        days = [day for day, _ in file.events]
        first, last = min(days, default=None), max(days, default=None)
        return FileReport(path.name, kind, file.ticker, len(days), first, last)

    def _deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        self.claim()
        self.delivery.deliver(kind, ticker, lines)


def import_files(
    storage: Storage, paths: Sequence[Path], asked: Asked, claim: Callable[[], None], now: datetime
) -> list[FileReport]:
    """Import the files; the splits among them are known to all the others. A wrong file leaves nothing in the lake."""
    files = {path: _opened(path, asked) for path in paths}
    tickers = {file.ticker for file in files.values() if not isinstance(file, IngestError)}
    known = read_known(storage, tickers).with_splits(_splits(files, asked, now))
    delivery = StorageDelivery(storage, layout.stamp(now), now.astimezone(UTC).date())
    importing = _Import(known, asked, delivery, claim, now)
    return [importing.take(path, file) for path, file in files.items()]


def _opened(path: Path, asked: Asked) -> PriceFile | EventFile | IngestError:
    try:
        return read(path, path.read_bytes(), asked.ticker)
    except OSError as error:
        return FileError(f"it cannot be read: {error.strerror}")
    except IngestError as error:
        return error


def _splits(files: Mapping[Path, PriceFile | EventFile | IngestError], asked: Asked, now: datetime) -> list[Splits]:
    """The splits of this import; a file whose events are none is told when it is taken."""
    found = []
    for path, file in files.items():
        if isinstance(file, EventFile) and file.kind == "splits" and all(ratio > 0 for _, ratio in file.events):
            record = record_of(file, _origin(path, asked, now))
            found += [record] if isinstance(record, Splits) else []
    return found


def _origin(path: Path, asked: Asked, now: datetime) -> Origin:
    return Origin(f"{REPLACING if asked.replace else FROM_FILE}{path.name}", now)
