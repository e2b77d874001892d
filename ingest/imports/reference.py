"""The lake's data that an import is checked against: the known splits, and the vendor's closes."""

import gzip
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from ingest.records import DailyBar, Splits
from lake import layout
from lake.layout import RawKind
from lake.storage import Storage

FROM_FILE = "csv:"
_GZIP = b"\x1f\x8b"
_Model = TypeVar("_Model", Splits, DailyBar)


@dataclass(frozen=True)
class ReferenceData:
    """`splits`: each ticker's newest answer, the vendor's before a file's. `closes`: the vendor's, as traded."""

    splits: Mapping[str, Splits] = field(default_factory=dict)
    closes: Mapping[str, Mapping[date, float]] = field(default_factory=dict)

    def with_splits(self, imported: Collection[Splits]) -> "ReferenceData":
        """With the splits of the import itself."""
        return ReferenceData(_newest([*self.splits.values(), *imported]), self.closes)


def read_reference(storage: Storage, tickers: Collection[str]) -> ReferenceData:
    """The reference data of these tickers, from all raw records, published or not."""
    splits = [answer for row in _records(storage, "splits", tickers) if (answer := _validated(Splits, row))]
    bars = [bar for row in _records(storage, "prices", tickers) if (bar := _validated(DailyBar, row))]
    closes: dict[str, dict[date, float]] = {}
    for bar in sorted(bars, key=lambda bar: bar.fetched_at):
        if not is_from_file(bar.source):
            closes.setdefault(bar.ticker, {})[bar.date] = bar.close
    return ReferenceData(_newest(splits), closes)


def is_from_file(source: str) -> bool:
    """Whether a record was imported to fill a gap, so that the vendor's takes precedence."""
    return source.startswith(FROM_FILE)


def _newest(answers: Collection[Splits]) -> dict[str, Splits]:
    ranked = sorted(answers, key=lambda answer: (not is_from_file(answer.source), answer.fetched_at))
    return {answer.ticker: answer for answer in ranked}


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


def _validated(model: type[_Model], row: dict[str, Any]) -> _Model | None:
    try:
        return model.model_validate(row)
    except ValidationError:
        return None
