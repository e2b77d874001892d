"""The tickers that Bellwether follows, from `universe.toml`."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

# US tickers, BRK.B and BF-B among them. No character that SQL, a path or a log line could interpret: tickers go into
# all three.
TICKER_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,5}([.\-][A-Z]{1,2})?")


@dataclass(frozen=True)
class FormerTicker:
    """A ticker under which the instrument traded before, up to and including `until`."""

    ticker: str
    until: date


@dataclass(frozen=True)
class Instrument:
    """One ticker. `tracks`: the index of an ETF, None for a stock. `listed`: its first session.

    `formerly`: its earlier tickers, ascending. Up to the last `until`, `ticker` may have been another instrument's.
    """

    ticker: str
    name: str
    kind: Literal["etf", "stock"]
    listed: date
    tracks: str | None = None
    formerly: tuple[FormerTicker, ...] = ()


@cache
def universe() -> dict[str, Instrument]:
    """Every ticker, in the order of the file."""
    text = resources.files("lake").joinpath("universe.toml").read_text(encoding="utf-8")
    return {ticker: _instrument(ticker, **fields) for ticker, fields in tomllib.loads(text).items()}


def renamed(ticker: str) -> Instrument | None:
    """The instrument that traded as `ticker` once and has another one now."""
    return next((one for one in universe().values() if ticker in {former.ticker for former in one.formerly}), None)


def _instrument(ticker: str, *, formerly: Iterable[Mapping[str, Any]] = (), **fields: Any) -> Instrument:
    former = sorted((FormerTicker(**one) for one in formerly), key=lambda one: one.until)
    return Instrument(ticker=ticker, formerly=tuple(former), **fields)
