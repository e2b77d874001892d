"""What the columns of a file mean, by its header: ours, Stooq's, Yahoo's and Alpha Vantage's. Pure.

Columns that are not named here (adjusted closes, periods, open interest) are passed over.
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
class Layout:
    """The kind of a file, and the place of each of its columns."""

    kind: Kind
    columns: Mapping[str, int]


def layout_of(header: Sequence[str]) -> Layout:
    """The layout of a header line; FileError where it is none of those known."""
    cells = [cell.strip().lower().strip("<>") for cell in header]
    columns = {
        name: next(place for place, cell in enumerate(cells) if cell in names)
        for name, names in _NAMES.items()
        if any(cell in names for cell in cells)
    }
    if "date" in columns:
        if {*PRICES, "volume"} <= columns.keys():
            return Layout("prices", columns)
        if not columns.keys() & set(PRICES):
            for kind, value in (("splits", "ratio"), ("dividends", "amount")):
                if value in columns:
                    return Layout("splits" if kind == "splits" else "dividends", columns)
    raise FileError(
        f"its header is {','.join(header)[:80]!r}: wanted are date, open, high, low, close and volume; "
        "date and split_factor; or ex_dividend_date and amount"
    )
