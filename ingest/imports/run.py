"""An import: files in, raw records out, and a report for each file."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ingest.alpha_vantage.parse import Provenance
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.errors import FileError, IngestError
from ingest.imports.basis import RAW, Reading, Wanted, as_traded, find_reading
from ingest.imports.consistency import consistent_rows
from ingest.imports.dividends import Paid, as_paid
from ingest.imports.files import BadLine, FileContent, Row, read
from ingest.imports.payouts import Payouts, refuse_dividend_adjusted, untested_note
from ingest.imports.records import (
    bars_of,
    check_file,
    deduplicate,
    dividends_of,
    of_closed_sessions,
    splits_of,
    whole_volumes,
)
from ingest.imports.reference import FROM_FILE, REPLACING, ReferenceData, read_reference
from ingest.records import DailyBar, Dividends, Split, Splits
from lake import calendar, layout
from lake.layout import RawKind
from lake.storage import Storage
from lake.universe import Instrument, universe


@dataclass(frozen=True)
class ImportOptions:
    """The options of the command. `basis`: what it says of the prices."""

    basis: Wanted = field(default_factory=Wanted)
    replace: bool = False
    ticker: str | None = None


@dataclass(frozen=True)
class FileReport:
    """What became of one file, or of one ticker of it. `reason`: why all of it was refused.

    `prices`, `splits`, `dividends`: how many are in the lake now; None where the file says nothing of them. `first` and
    `last`: their days. `bad`: the lines that were left out.
    """

    name: str
    ticker: str = ""
    prices: int | None = None
    splits: int | None = None
    dividends: int | None = None
    first: date | None = None
    last: date | None = None
    bad: Sequence[BadLine] = ()
    notes: Sequence[str] = ()
    reason: str | None = None

    @property
    def imported(self) -> int:
        """The number of prices and events."""
        return (self.prices or 0) + (self.splits or 0) + (self.dividends or 0)


@dataclass(frozen=True)
class _Prices:
    """The bars of a file, and how its prices were read."""

    bars: Sequence[DailyBar] = ()
    bad: Sequence[BadLine] = ()
    reading: Reading = RAW
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class _Importer:
    """`claim` claims the lake's origin, before the first delivery: a lake with records must have one.

    `dividends`: by ticker those of the files of this import, as the files give them.
    """

    reference: ReferenceData
    dividends: Mapping[str, Sequence[Paid]]
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
                yield self._import(path, content)
            except IngestError as error:
                yield FileReport(path.name, content.ticker, reason=str(error))

    def _import(self, path: Path, content: FileContent) -> FileReport:
        provenance = _provenance(path, self.options, self.now)
        # All of it is checked before any of it is delivered.
        has_prices = bool(content.rows or content.bad) or (content.splits is None and content.dividends is None)
        prices = self._prices(content, provenance) if has_prices else _Prices()
        splits = splits_of(content, provenance)
        dividends, notes = self._dividends(content, prices.reading, provenance)
        self._deliver("prices", content.ticker, [bar.line() for bar in prices.bars])
        self._deliver("splits", content.ticker, [splits.line()] if splits else [])
        self._deliver("dividends", content.ticker, [dividends.line()] if dividends else [])
        first, last = content.covers or (None, None)
        return FileReport(
            path.name,
            content.ticker,
            prices=len(prices.bars) if has_prices else None,
            splits=len(splits.events) if splits else None,
            dividends=len(dividends.events) if dividends else None,
            first=prices.bars[0].date if prices.bars else first,
            last=prices.bars[-1].date if prices.bars else last,
            bad=prices.bad,
            notes=(*content.notes, *prices.notes, *notes),
        )

    def _prices(self, content: FileContent, provenance: Provenance) -> _Prices:
        rows, repeated = deduplicate(content.rows)
        rows, closed = of_closed_sessions(rows, self.now)
        splits, known = self.reference.splits_of(content.ticker), self.reference.closes_of(content.ticker)
        wanted = Wanted("raw") if content.basis and self.options.basis == Wanted() else self.options.basis
        unknown_after = self.reference.splits_end(content.ticker)
        reading = find_reading(rows, splits, wanted, known, today=self._today(), unknown_after=unknown_after)
        rows, fractions = (rows, []) if reading.splits else whole_volumes(rows)
        instrument = universe().get(content.ticker)
        together = consistent_rows(as_traded(rows, reading), splits, instrument, {**known.imported, **known.vendor})
        payouts = self._payouts(content.ticker, splits or ())
        refuse_dividend_adjusted(together.rows, known.vendor, payouts)
        bars, invalid = bars_of(together.rows, content.ticker, provenance)
        bad = (*content.bad, *repeated, *closed, *fractions, *together.misplaced, *invalid)
        check_file(bars, bad)
        notes = [f"its prices are {reading}, and were put back to what was traded"] if reading.splits else []
        if wanted.basis == "auto" and not reading.splits:
            notes.append("its prices are as traded")
        is_in_cents = not content.basis and all(_is_in_cents(row) for row in content.rows)
        if is_in_cents and (note := untested_note(together.rows, known.vendor, payouts)):
            notes.append(note)
        notes += _former_ticker_notes(instrument, bars)
        in_order = sorted((*bad, *together.foreign), key=lambda line: line.line)
        return _Prices(bars, in_order, reading, notes)

    def _payouts(self, ticker: str, splits: Sequence[Split]) -> Payouts:
        known = {(one.ex_date, one.amount) for one in self.reference.dividends_of(ticker)}
        days = {day for day, _ in known}
        known |= {(day, amount) for day, amount in self.dividends.get(ticker, ()) if day not in days}
        return Payouts([one for one in known if one[0] <= self._today()], splits)

    def _dividends(
        self, content: FileContent, reading: Reading, provenance: Provenance
    ) -> tuple[Dividends | None, Sequence[str]]:
        if content.dividends is None:
            return None, ()
        splits = self.reference.splits_of(content.ticker) or ()
        others = [(one.ex_date, one.amount) for one in self.reference.dividends_of(content.ticker)]
        as_of = reading.as_of if content.rows else self.options.basis.as_of
        is_raw = self.options.basis.basis == "raw" or (bool(content.rows) and not reading.splits)
        paid = as_paid(content.dividends, splits, others, self._today(), as_of, is_raw=is_raw)
        return dividends_of(content, paid.dividends, provenance), paid.notes

    def _today(self) -> date:
        return self.now.astimezone(calendar.NEW_YORK).date()

    def _deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        if lines:
            self.claim()
            self.delivery.deliver(kind, ticker, lines)


def import_files(
    storage: Storage, paths: Sequence[Path], options: ImportOptions, claim: Callable[[], None], now: datetime
) -> list[FileReport]:
    """Import the files, checking all of them against the splits among them. A refused file leaves nothing behind."""
    # All files are read first, because prices are checked against the splits of files that may come after them.
    files = {path: _opened(path, options) for path in paths}
    tickers = {content.ticker for file in files.values() if not isinstance(file, IngestError) for content in file}
    reference = _with_splits(read_reference(storage, tickers), files, options, now)
    delivery = StorageDelivery(storage, layout.stamp(now), now.astimezone(UTC).date())
    dividends = _dividends_in(files)
    importer = _Importer(reference, dividends, options, delivery, claim, now)
    return [report for path, file in files.items() for report in importer.import_file(path, file)]


def _opened(path: Path, options: ImportOptions) -> list[FileContent] | IngestError:
    try:
        return read(path, path.read_bytes(), options.ticker)
    except OSError as error:
        return FileError(f"it cannot be read: {error.strerror}")
    except IngestError as error:
        return error
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
        # No value of one file may end the import of the others.
        return FileError("it cannot be read: it holds something that none of the known layouts has")


def _with_splits(
    reference: ReferenceData,
    files: Mapping[Path, Sequence[FileContent] | IngestError],
    options: ImportOptions,
    now: datetime,
) -> ReferenceData:
    """With the splits of this import, for the checks of its prices; none of a file that will be refused."""
    found: list[Splits] = []
    of_prices: set[tuple[str, object]] = set()
    for path, file in files.items():
        provenance = _provenance(path, options, now)
        for content in () if isinstance(file, IngestError) else file:
            with contextlib.suppress(FileError):  # import_file reports it
                found += [record] if (record := splits_of(content, provenance)) else []
            of_prices |= {(provenance.source, provenance.fetched_at)} if content.rows else set()
    return reference.with_splits(found, of_prices)


def _dividends_in(files: Mapping[Path, Sequence[FileContent] | IngestError]) -> dict[str, list[Paid]]:
    found: dict[str, list[Paid]] = {}
    for file in files.values():
        for content in () if isinstance(file, IngestError) else file:
            found.setdefault(content.ticker, []).extend(content.dividends or ())
    return found


def _is_in_cents(row: Row) -> bool:
    return all(round(price, 2) == price for price in (row.open, row.high, row.low, row.close))


def _former_ticker_notes(instrument: Instrument | None, bars: Sequence[DailyBar]) -> list[str]:
    """Rows from before a change of the ticker: nothing may show that they are another instrument's."""
    notes = []
    for former in instrument.formerly if instrument else ():
        count = sum(bar.date <= former.until for bar in bars)
        if instrument and count:
            notes.append(
                f"{count} of its rows are of days up to {former.until}, when {instrument.name} traded as "
                f"{former.ticker}: check that they are not of another instrument"
            )
    return notes


def _provenance(path: Path, options: ImportOptions, now: datetime) -> Provenance:
    return Provenance(f"{REPLACING if options.replace else FROM_FILE}{path.name}", now)
