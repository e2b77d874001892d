"""Raw records and their invariants. `raw/` holds one JSON line for each, with the columns of `lake.tables.RAW_*`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from lake.tables import HIGHEST_PRICE, LOWEST_PRICE
from lake.universe import TICKER_PATTERN


@lru_cache(maxsize=64)
def _ticker(value: str) -> str:
    if not TICKER_PATTERN.fullmatch(value):
        raise ValueError(f"{value!r} is not a ticker")
    return value


# Cached, because all bars of an answer have the same one.
@lru_cache(maxsize=64)
def _utc_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@lru_cache(maxsize=64)
def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


Ticker = Annotated[str, AfterValidator(_ticker)]
Moment = Annotated[AwareDatetime, PlainSerializer(_utc_text)]  # "2026-11-20T22:30:05.123456Z": sorts as text
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Event = TypeVar("_Event", "Split", "Dividend")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Raw(_Frozen):
    def line(self) -> bytes:
        """The record as one line of JSON, with its newline."""
        return self.model_dump_json().encode() + b"\n"


# A dataclass and not a model of pydantic, which takes three times as long: an index has 2.5 million bars.
@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBar:
    """One session of one ticker, as traded: prices in USD a share, volume in shares, or None if the source has none.

    ValueError for a bar that no session can have.
    """

    ticker: Ticker
    date: date
    open: float
    high: float
    low: float
    close: float
    volume: int | None
    source: str
    fetched_at: Moment

    def __post_init__(self) -> None:
        _ticker(self.ticker)
        if self.fetched_at.tzinfo is None:
            raise ValueError(f"fetched_at {self.fetched_at} has no time zone")
        # A bigint in the tables: a larger volume would fail there, in a job that all tickers share.
        fits = self.volume is None or 0 <= self.volume < 2**63
        # False of NaN too.
        in_order = self.low <= self.open <= self.high and self.low <= self.close <= self.high
        if not (fits and in_order and self.low >= LOWEST_PRICE and self.high <= HIGHEST_PRICE):
            raise ValueError("; ".join(self._faults()))

    def line(self) -> bytes:
        """The record as one line of JSON, with its newline."""
        volume = "null" if self.volume is None else self.volume
        prices = f'"open":{self.open},"high":{self.high},"low":{self.low},"close":{self.close}'
        about = f'"source":{_quoted(self.source)},"fetched_at":"{_utc_text(self.fetched_at)}"'
        return f'{{"ticker":"{self.ticker}","date":"{self.date}",{prices},"volume":{volume},{about}}}\n'.encode()

    def _faults(self) -> Iterator[str]:
        """What is wrong. Prices are grouped by value, because an absurd bar mostly has four absurd prices."""
        absurd: dict[str, list[str]] = {}
        for name in ("open", "high", "low", "close"):
            price = getattr(self, name)
            if not LOWEST_PRICE <= price <= HIGHEST_PRICE:
                absurd.setdefault(f"{price:g}", []).append(name)
        for price, names in absurd.items():
            range_text = f"prices go from {LOWEST_PRICE} to {HIGHEST_PRICE:,.0f}"
            yield f"{', '.join(names)} {price} is no price of a share: {range_text}"
        if self.volume is not None and not 0 <= self.volume < 2**63:
            yield f"volume {self.volume:g} is not " + ("at least 0" if self.volume < 0 else f"below {2**63:g}")
        elif not absurd:
            name, price = ("close", self.close) if self.low <= self.open <= self.high else ("open", self.open)
            yield f"{name} {price} is outside low {self.low} to high {self.high}"


class Split(_Frozen):
    """`ratio` new shares for one old from `date` on; below 1 for a reverse split."""

    date: date
    ratio: Positive


class _Events(_Raw):
    """One whole answer about a ticker's events; it replaces older ones from `covers_from` to `covers_to`.

    Both are None for an answer about all days, as the vendor's is. A file covers its own first to last date.
    """

    covers_from: date | None = None
    covers_to: date | None = None

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        if (self.covers_from is None) != (self.covers_to is None):
            raise ValueError("covers_from and covers_to are given together or not at all")
        return self


def _once(events: tuple[_Event, ...]) -> tuple[_Event, ...]:
    """Without repetitions: the lake multiplies splits and adds dividends of one day, and would count them twice."""
    return tuple(dict.fromkeys(events))


class Splits(_Events):
    """The splits of a ticker."""

    ticker: Ticker
    events: Annotated[tuple[Split, ...], AfterValidator(_once)]
    source: str
    fetched_at: Moment


class Dividend(_Frozen):
    """`amount` in USD a share, as paid to holders before `ex_date`, not adjusted for later splits."""

    ex_date: date
    amount: Positive


class Dividends(_Events):
    """The cash dividends of a ticker, declared future ones included. Different ones on one day add up."""

    ticker: Ticker
    events: Annotated[tuple[Dividend, ...], AfterValidator(_once)]
    source: str
    fetched_at: Moment


class Sentiment(_Raw):
    """The news of one ticker between two closes: that of the session, and the one before.

    `score`: from −1 to 1, the mean over its `articles`, weighted by their relevance to the ticker.
    """

    ticker: Ticker
    date: date
    score: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
    articles: Annotated[int, Field(ge=1)]
    source: str
    fetched_at: Moment


Record = DailyBar | Splits | Dividends | Sentiment
