"""Detects a file's format by its header: ours, Stooq's, Yahoo's and Alpha Vantage's. No I/O.

Other columns (adjusted closes, periods, open interest) are ignored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.errors import FileError

Kind = Literal["prices", "splits", "dividends"]
PRICES = ("open", "high", "low", "close")

_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "timestamp", "effective_date", "ex_dividend_date", "ex_date"),
    **{name: (name,) for name in PRICES},
    "volume": ("volume", "vol"),
    "ticker": ("ticker", "symbol"),
    "ratio": ("ratio", "split_factor", "stock splits"),
    "amount": ("amount", "dividends", "dividend"),
}


@dataclass(frozen=True)
class FileFormat:
    """The kind of a file, and the index of each known column."""

    kind: Kind
    columns: Mapping[str, int]


def detect_format(header: Sequence[str]) -> FileFormat:
    """The format of a header line. FileError for an unknown one."""
    cells = [cell.strip().lower().strip("<>") for cell in header]
    columns = {
        name: next(place for place, cell in enumerate(cells) if cell in names)
        for name, names in _NAMES.items()
        if any(cell in names for cell in cells)
    }
    if "date" in columns:
        if {*PRICES, "volume"} <= columns.keys():
            return FileFormat("prices", columns)
        if not columns.keys() & set(PRICES):
            for kind, value in (("splits", "ratio"), ("dividends", "amount")):
                if value in columns:
                    return FileFormat("splits" if kind == "splits" else "dividends", columns)
    raise FileError(
        f"its header is {','.join(header)[:80]!r}: expected date, open, high, low, close and volume; "
        "date and split_factor; or ex_dividend_date and amount"
    )
