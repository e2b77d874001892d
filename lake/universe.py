"""The tickers that Bellwether follows, from `universe.toml`."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

# US tickers, BRK.B and BF-B among them. No character that SQL, a path or a log line could interpret: tickers go into
# all three.
TICKER_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,5}([.\-][A-Z]{1,2})?")


@dataclass(frozen=True)
class Instrument:
    """One ticker. `tracks`: the index of an ETF, None for a stock. `listed`: its first session."""

    ticker: str
    name: str
    kind: Literal["etf", "stock"]
    listed: date
    tracks: str | None = None


@cache
def universe() -> dict[str, Instrument]:
    """Every ticker, in the order of the file."""
    text = resources.files("lake").joinpath("universe.toml").read_text(encoding="utf-8")
    return {ticker: Instrument(ticker=ticker, **fields) for ticker, fields in tomllib.loads(text).items()}
