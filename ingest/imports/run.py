"""An import: files in, raw records out, and a report for each file."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.alpha_vantage.parse import Provenance
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.errors import FileError, IngestError
from ingest.imports.basis import Basis, as_traded, contradiction
from ingest.imports.files import BadLine, EventFile, PriceFile, read
from ingest.imports.records import bars_of, check_file, deduplicate, events_of
from ingest.imports.reference import FROM_FILE, ReferenceData, read_reference
from ingest.records import Splits
from lake import calendar, layout
from lake.layout import RawKind
from lake.storage import Storage

# A source with this prefix takes precedence over the vendor's when glue merges records.
REPLACING = "replace:"


@dataclass(frozen=True)
class ImportOptions:
    """The options of the command. `basis`: of the prices, None where it is not given."""

    basis: Basis | None
    replace: bool = False
    ticker: str | None = None


@dataclass(frozen=True)
class FileReport:
    """One file. `reason`: why all of it was refused; else `imported` records or events of `kind` are in the lake."""

    name: str
    kind: RawKind | None = None
    ticker: str = ""
    imported: int = 0
    first: date | None = None
    last: date | None = None
    bad: Sequence[BadLine] = field(default_factory=tuple)
    reason: str | None = None


@dataclass(frozen=True)
class _Importer:
    """`claim` claims the lake's origin, before the first delivery: a lake with records must have one."""

    reference: ReferenceData
    options: ImportOptions
    delivery: Delivery
    claim: Callable[[], None]
    now: datetime

    def import_file(self, path: Path, file: PriceFile | EventFile | IngestError) -> FileReport:
        try:
            if isinstance(file, IngestError):
                raise file
            return self._events(path, file) if isinstance(file, EventFile) else self._prices(path, file)
        except IngestError as error:
            return FileReport(path.name, reason=str(error))

    def _prices(self, path: Path, file: PriceFile) -> FileReport:
        rows, repeated = deduplicate(file.rows)
        answer = self.reference.splits.get(file.ticker)
        splits = answer.events if answer else None
        if self.options.basis is None:
            raise FileError("say what its prices are: --basis raw (as traded) or --basis split (split-adjusted)")
        reason = contradiction(rows, self.options.basis, splits)
        if reason:
            raise FileError(reason)
        if self.options.basis == "split":
            rows = as_traded(rows, splits or (), self.now.astimezone(calendar.NEW_YORK).date())
        bars, invalid = bars_of(rows, file.ticker, _provenance(path, self.options, self.now), self.now)
        bad = sorted((*file.bad, *repeated, *invalid), key=lambda line: line.line)
        check_file(bars, bad, self.reference.closes.get(file.ticker, {}))
        self._deliver("prices", file.ticker, [bar.line() for bar in bars])
        return FileReport(path.name, "prices", file.ticker, len(bars), bars[0].date, bars[-1].date, bad)

    def _events(self, path: Path, file: EventFile) -> FileReport:
        record = events_of(file, _provenance(path, self.options, self.now))
        kind: RawKind = "splits" if file.kind == "splits" else "dividends"
        self._deliver(kind, file.ticker, [record.line()])
        days = [day for day, _ in file.events]
        first, last = min(days, default=None), max(days, default=None)
        return FileReport(path.name, kind, file.ticker, len(days), first, last)

    def _deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        self.claim()
        self.delivery.deliver(kind, ticker, lines)


def import_files(
    storage: Storage, paths: Sequence[Path], options: ImportOptions, claim: Callable[[], None], now: datetime
) -> list[FileReport]:
    """Import the files, checking all of them against the splits among them. A refused file leaves nothing behind."""
    # All files are read first, because prices are checked against the splits of files that may come after them.
    files = {path: _opened(path, options) for path in paths}
    tickers = {file.ticker for file in files.values() if not isinstance(file, IngestError)}
    reference = read_reference(storage, tickers).with_splits(_splits(files, options, now))
    delivery = StorageDelivery(storage, layout.stamp(now), now.astimezone(UTC).date())
    importer = _Importer(reference, options, delivery, claim, now)
    return [importer.import_file(path, file) for path, file in files.items()]


def _opened(path: Path, options: ImportOptions) -> PriceFile | EventFile | IngestError:
    try:
        return read(path, path.read_bytes(), options.ticker)
    except OSError as error:
        return FileError(f"it cannot be read: {error.strerror}")
    except IngestError as error:
        return error


def _splits(
    files: Mapping[Path, PriceFile | EventFile | IngestError], options: ImportOptions, now: datetime
) -> list[Splits]:
    """The splits of this import, for the checks of its prices; none of a file that will be refused."""
    found = []
    for path, file in files.items():
        if isinstance(file, EventFile) and file.kind == "splits":
            with contextlib.suppress(FileError):  # import_file reports it
                found.append(events_of(file, _provenance(path, options, now)))
    return [record for record in found if isinstance(record, Splits)]


def _provenance(path: Path, options: ImportOptions, now: datetime) -> Provenance:
    return Provenance(f"{REPLACING if options.replace else FROM_FILE}{path.name}", now)
