"""An import: files in, raw records out, and a report for each file."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.alpha_vantage.parse import Provenance
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.errors import FileError, IngestError
from ingest.imports.basis import Basis, as_traded, contradiction
from ingest.imports.files import BadLine, FileContent, read
from ingest.imports.records import bars_of, check_file, deduplicate, dividends_of, splits_of
from ingest.imports.reference import FROM_FILE, ReferenceData, read_reference
from ingest.records import DailyBar, Dividends, Splits
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

    def import_file(self, path: Path, contents: Sequence[FileContent] | IngestError) -> Iterator[FileReport]:
        if isinstance(contents, IngestError):
            yield FileReport(path.name, reason=str(contents))
            return
        for content in contents:
            try:
                # All of it is checked before any of it is delivered.
                bars, bad = self._bars(path, content)
                events = [record for record in self._events(path, content) if record]
            except IngestError as error:
                yield FileReport(path.name, reason=str(error))
                continue
            if content.rows or content.bad:
                self._deliver("prices", content.ticker, [bar.line() for bar in bars])
                yield FileReport(path.name, "prices", content.ticker, len(bars), bars[0].date, bars[-1].date, bad)
            for record in events:
                kind: RawKind = "splits" if isinstance(record, Splits) else "dividends"
                self._deliver(kind, content.ticker, [record.line()])
                found = (content.splits if kind == "splits" else content.dividends) or ()
                days = [day for day, _ in found]
                first, last = min(days, default=None), max(days, default=None)
                yield FileReport(path.name, kind, content.ticker, len(days), first, last)

    def _bars(self, path: Path, content: FileContent) -> tuple[list[DailyBar], list[BadLine]]:
        if not content.rows and (content.splits is not None or content.dividends is not None):
            return [], []
        rows, repeated = deduplicate(content.rows)
        answer = self.reference.splits.get(content.ticker)
        splits = answer.events if answer else None
        basis = self.options.basis or content.basis
        if basis is None:
            raise FileError("say what its prices are: --basis raw (as traded) or --basis split (split-adjusted)")
        reason = contradiction(rows, basis, splits)
        if reason:
            raise FileError(reason)
        if basis == "split":
            rows = as_traded(rows, splits or (), self.now.astimezone(calendar.NEW_YORK).date())
        bars, invalid = bars_of(rows, content.ticker, _provenance(path, self.options, self.now), self.now)
        bad = sorted((*content.bad, *repeated, *invalid), key=lambda line: line.line)
        check_file(bars, bad, self.reference.closes.get(content.ticker, {}))
        return bars, bad

    def _events(self, path: Path, content: FileContent) -> tuple[Splits | None, Dividends | None]:
        provenance = _provenance(path, self.options, self.now)
        return splits_of(content, provenance), dividends_of(content, provenance)

    def _deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        self.claim()
        self.delivery.deliver(kind, ticker, lines)


def import_files(
    storage: Storage, paths: Sequence[Path], options: ImportOptions, claim: Callable[[], None], now: datetime
) -> list[FileReport]:
    """Import the files, checking all of them against the splits among them. A refused file leaves nothing behind."""
    # All files are read first, because prices are checked against the splits of files that may come after them.
    files = {path: _opened(path, options) for path in paths}
    tickers = {content.ticker for file in files.values() if not isinstance(file, IngestError) for content in file}
    reference = read_reference(storage, tickers).with_splits(_splits(files, options, now))
    delivery = StorageDelivery(storage, layout.stamp(now), now.astimezone(UTC).date())
    importer = _Importer(reference, options, delivery, claim, now)
    return [report for path, file in files.items() for report in importer.import_file(path, file)]


def _opened(path: Path, options: ImportOptions) -> list[FileContent] | IngestError:
    try:
        return read(path, path.read_bytes(), options.ticker)
    except OSError as error:
        return FileError(f"it cannot be read: {error.strerror}")
    except IngestError as error:
        return error


def _splits(
    files: Mapping[Path, Sequence[FileContent] | IngestError], options: ImportOptions, now: datetime
) -> list[Splits]:
    """The splits of this import, for the checks of its prices; none of a file that will be refused."""
    found = []
    for path, file in files.items():
        for content in () if isinstance(file, IngestError) else file:
            with contextlib.suppress(FileError):  # import_file reports it
                found.append(splits_of(content, _provenance(path, options, now)))
    return [record for record in found if record]


def _provenance(path: Path, options: ImportOptions, now: datetime) -> Provenance:
    return Provenance(f"{REPLACING if options.replace else FROM_FILE}{path.name}", now)
