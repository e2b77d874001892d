"""The lake's data that an import is checked against: the known splits and dividends, and closes."""

import gzip
import json
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ingest.imports.basis import KnownCloses
from ingest.records import DailyBar, Dividend, Dividends, Split, Splits
from lake import layout
from lake.layout import RawKind
from lake.storage import Storage

# The source of a record that was imported: to fill a gap, or to take precedence over the vendor's.
FROM_FILE, REPLACING = "csv:", "replace:"
_GZIP = b"\x1f\x8b"
_Record = TypeVar("_Record", Splits, Dividends, DailyBar)
_Answer = TypeVar("_Answer", Splits, Dividends)


@dataclass(frozen=True)
class ReferenceData:
    """All answers about the splits and dividends of some tickers, and their closes as traded.

    `of_prices`: the sources and times of the imports of prices, whose splits say nothing of days after the prices.
    """

    splits: Sequence[Splits] = ()
    dividends: Sequence[Dividends] = ()
    closes: Mapping[str, KnownCloses] = field(default_factory=dict)
    of_prices: Collection[tuple[str, object]] = ()

    def with_splits(
        self, imported: Collection[Splits], of_prices: Collection[tuple[str, object]] = ()
    ) -> "ReferenceData":
        """With the splits of the import itself."""
        return replace(self, splits=[*self.splits, *imported], of_prices={*self.of_prices, *of_prices})

    def splits_of(self, ticker: str) -> tuple[Split, ...] | None:
        """The known splits of a ticker, ascending; None if nothing is known of them."""
        answers = [answer for answer in self.splits if answer.ticker == ticker]
        if not answers:
            return None
        found = _merged(answers, self._first_bar(ticker))
        return tuple(
            sorted((event for answer, covered in found for event in answer.events if not covered(event.date)),
                   key=lambda split: split.date)
        )  # fmt: skip

    def dividends_of(self, ticker: str) -> list[Dividend]:
        """The known dividends of a ticker."""
        found = _merged([answer for answer in self.dividends if answer.ticker == ticker], self._first_bar(ticker))
        return [event for answer, covered in found for event in answer.events if not covered(event.ex_date)]

    def splits_end(self, ticker: str) -> date | None:
        """The day after which the ticker's splits are unknown, because only files of prices tell them; else None."""
        answers = [answer for answer in self.splits if answer.ticker == ticker]
        partial = [one.covers_to for one in answers if (one.source, one.fetched_at) in self.of_prices and one.covers_to]
        return max(partial) if partial and len(partial) == len(answers) else None

    def closes_of(self, ticker: str) -> KnownCloses:
        """The ticker's closes."""
        return self.closes.get(ticker, KnownCloses())

    def _first_bar(self, ticker: str) -> date:
        return min(self.closes_of(ticker).vendor, default=date.max)


def read_reference(storage: Storage, tickers: Collection[str]) -> ReferenceData:
    """The reference data of these tickers, from all raw records, published or not."""
    splits = [one for row in _records(storage, "splits", tickers) if (one := _validated(Splits.model_validate, row))]
    paid_of = Dividends.model_validate
    dividends = [paid for row in _records(storage, "dividends", tickers) if (paid := _validated(paid_of, row))]
    bar_of = TypeAdapter(DailyBar).validate_python
    bars = [bar for row in _records(storage, "prices", tickers) if (bar := _validated(bar_of, row))]
    closes = {ticker: _closes([bar for bar in bars if bar.ticker == ticker]) for ticker in tickers}
    return ReferenceData(splits, dividends, closes, {(bar.source, bar.fetched_at) for bar in bars})


def _closes(bars: Iterable[DailyBar]) -> KnownCloses:
    in_order = sorted(bars, key=lambda bar: bar.fetched_at)
    vendor = {bar.date: bar.close for bar in in_order if not _is_from_file(bar.source)}
    return KnownCloses(vendor, {bar.date: bar.close for bar in in_order if _is_from_file(bar.source)})


def _is_from_file(source: str) -> bool:
    """Whether a record was imported to fill a gap, so that the vendor's takes precedence."""
    return source.startswith(FROM_FILE)


@dataclass(frozen=True)
class _Covered:
    """The days that answers of higher precedence cover."""

    ranges: Sequence[tuple[date, date]]

    def __call__(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.ranges)


def _merged(answers: Sequence[_Answer], first_bar: date) -> Iterator[tuple[_Answer, _Covered]]:
    """Each answer with the days on which another one counts instead: the rule of glue's merge of events."""
    ranked = sorted(answers, key=_precedence, reverse=True)
    vendor = [one for one in ranked if _authority(one.source) == 1]
    ranges: list[tuple[date, date]] = []
    for answer in ranked:
        if answer in vendor[1:]:  # the vendor's newest answer replaces its older ones, whatever it covers
            continue
        yield answer, _Covered(tuple(ranges))
        ranges.append(_range(answer, first_bar))


def _precedence(answer: Splits | Dividends) -> tuple[int, object, bytes]:
    return _authority(answer.source), answer.fetched_at, answer.line()


def _authority(source: str) -> int:
    return 2 if source.startswith(REPLACING) else 0 if _is_from_file(source) else 1


def _range(answer: Splits | Dividends, first_bar: date) -> tuple[date, date]:
    if answer.covers_from and answer.covers_to:
        return answer.covers_from, answer.covers_to
    if answer.events or _authority(answer.source) == 2:
        return date.min, date.max
    return (first_bar, date.max) if _authority(answer.source) == 1 else (date.max, date.min)


def _records(storage: Storage, kind: RawKind, tickers: Collection[str]) -> Iterator[dict[str, Any]]:
    """The JSON objects of a kind and these tickers. Unreadable lines are skipped: glue quarantines them."""
    # Raw records and not the snapshot: an import may follow a fetch that is not published yet.
    for key in storage.list(f"{layout.RAW}{kind}/"):
        data = storage.read(key)
        for line in _decompressed(data).splitlines():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict) and record.get("ticker") in tickers:
                yield record


def _decompressed(data: bytes) -> bytes:
    """The content, decompressed where Firehose compressed it; nothing where it is corrupt."""
    try:
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error):
        return b""


def _validated(record_of: Callable[[dict[str, Any]], _Record], row: dict[str, Any]) -> _Record | None:
    try:
        return record_of(row)
    except ValidationError:
        return None
