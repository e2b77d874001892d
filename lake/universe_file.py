"""The format of a universe file, a table of TOML for each ticker: reads it, and finds everything that is wrong."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain
from typing import Any, Literal, cast, get_args

from lake import calendar

# US tickers, BRK.B and BF-B among them. No character that SQL, a path or a log line could interpret: tickers go into
# all three.
TICKER_PATTERN = re.compile(r"[A-Z][A-Z0-9]{0,5}([.\-][A-Z]{1,2})?")

Kind = Literal["etf", "stock"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_KEYS = ("name", "kind", "sector", "tracks", "listed", "formerly")
_FORMER_KEYS = ("ticker", "until")
_LONGEST_TEXT = 100  # characters of a name, sector or index: they stand in labels
_HEADER = re.compile(r"""^[ \t]*\[(?!\[)[ \t]*(?P<key>"[^"\n]*"|'[^'\n]*'|[^\]\n"']*?)[ \t]*\]""", re.MULTILINE)


@dataclass(frozen=True)
class FormerTicker:
    """A ticker under which the instrument traded before, up to and including `until`."""

    ticker: str
    until: date


@dataclass(frozen=True)
class Instrument:
    """One ticker. `tracks`: the index of an ETF, None for a stock. `listed`: its first session, None where unknown.

    `formerly`: its earlier tickers, ascending. Up to the last `until`, `ticker` may have been another instrument's.
    """

    ticker: str
    name: str
    kind: Kind
    listed: date | None = None
    tracks: str | None = None
    formerly: tuple[FormerTicker, ...] = ()
    sector: str | None = None


@dataclass(frozen=True)
class _Block:
    """One ticker's table: its name, the line of its header, its text, and its keys; None where it is no TOML."""

    ticker: str
    line: int
    text: str
    fields: Mapping[str, Any] | None

    def line_of(self, key: str) -> int:
        """The line of a key in the file, or of the header where the key is not there."""
        found = re.search(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", self.text, re.MULTILINE)
        return self.line + (self.text.count("\n", 0, found.start()) if found else 0)


def instruments(text: str) -> dict[str, Instrument]:
    """The instruments of a file without faults, in its order. One that says no kind is an ETF if it tracks an index."""
    return {ticker: _instrument(ticker, fields) for ticker, fields in _tables(text).items()}


def faults(text: str) -> list[str]:
    """Everything that is wrong, a sentence each with its line and ticker, in the order of the file; empty if nothing.

    A table that is not TOML does not hide what is wrong in the others.
    """
    if _is_sound(text):
        return []
    blocks, found = _blocks(text)
    for block in blocks:
        found += _faults_of(block)
    found += _faults_together(blocks)
    if not found:
        found += _faults_of_whole(text)
    return [f"line {line}: {sentence}" for line, sentence in sorted(dict.fromkeys(found))]


_Fault = tuple[int, str]


@lru_cache(maxsize=4)  # a function parses its universe at every cold start, and TOML is slow: once is enough
def _tables(text: str) -> Mapping[str, Any]:
    return tomllib.loads(text)


def _is_sound(text: str) -> bool:
    """Whether nothing is wrong; without it, each table would be parsed a second time to find its lines."""
    try:
        tables = _tables(text)
    except tomllib.TOMLDecodeError:
        return False
    blocks = [_Block(ticker, 1, "", fields) for ticker, fields in tables.items() if isinstance(fields, dict)]
    wrong = chain(chain.from_iterable(map(_faults_of, blocks)), _faults_together(blocks))
    return bool(blocks) and len(blocks) == len(tables) and next(wrong, None) is None


def _faults_of_whole(text: str) -> Iterator[_Fault]:
    """What no table by itself shows."""
    try:
        if not tomllib.loads(text):
            yield 1, 'there is no ticker: a ticker is a table, as in [KO] and below it name = "Coca-Cola"'
    except tomllib.TOMLDecodeError as error:
        yield _not_toml(error, 1, "")


def _instrument(ticker: str, fields: Mapping[str, Any]) -> Instrument:
    former = sorted((FormerTicker(**one) for one in fields.get("formerly", ())), key=lambda one: one.until)
    kind = fields.get("kind") or ("etf" if fields.get("tracks") else "stock")
    made = Instrument(ticker=ticker, name=fields["name"], kind=cast("Kind", kind), formerly=tuple(former))
    return replace(made, listed=fields.get("listed"), tracks=fields.get("tracks"), sector=fields.get("sector"))


def _blocks(text: str) -> tuple[list[_Block], list[_Fault]]:
    """The tables of the file, each read by itself, and what is no TOML."""
    headers = list(_HEADER.finditer(text))
    blocks, found = [], _faults_outside(text[: headers[0].start()] if headers else text)
    ends = [*(header.start() for header in headers[1:]), len(text)]
    line, at = 1, 0
    for header, end in zip(headers, ends, strict=False):
        line, at = line + text.count("\n", at, header.start()), header.start()
        block = text[at:end]
        key, ticker = header["key"], header["key"].strip("\"'")
        if "." in key and key == ticker:
            found.append((line, f'{ticker}: write ["{ticker}"], because TOML reads a dot without quotes as two tables'))
            block = block.replace(key, f'"{ticker}"', 1)
        try:
            blocks.append(_Block(ticker, line, block, tomllib.loads(block)[ticker]))
        except tomllib.TOMLDecodeError as error:
            found.append(_not_toml(error, line, f"{ticker}: " if ticker else ""))
            blocks.append(_Block(ticker, line, block, None))
    return blocks, found


def _faults_outside(text: str) -> list[_Fault]:
    """Before the first table only comments may stand."""
    try:
        keys = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_not_toml(error, 1, "")]
    lines = {key: re.search(rf"""^[ \t]*["'\[ ]*{re.escape(key)}""", text, re.MULTILINE) for key in keys}
    return [
        (text.count("\n", 0, at.start()) + 1 if at else 1, f"{key} stands in no ticker's table, such as [KO]")
        for key, at in lines.items()
    ]


def _not_toml(error: tomllib.TOMLDecodeError, first: int, whose: str) -> _Fault:
    what, _, place = str(error).partition(" (at ")
    line = re.match(r"line (\d+)", place)
    return first + (int(line[1]) - 1 if line else 0), f"{whose}this is not TOML: {what[0].lower()}{what[1:]}"


def _faults_of(block: _Block) -> Iterator[_Fault]:
    """What is wrong in one table."""
    ticker, fields = block.ticker, block.fields
    if fields is None:
        return
    if not TICKER_PATTERN.fullmatch(ticker):
        yield block.line, f"{ticker or 'an empty name'} is no ticker{_spelled(ticker)}"
    if "name" not in fields:
        yield block.line, f'{ticker}: it has no name; add name = "…"'
    for key, value in fields.items():
        yield from ((block.line_of(key), f"{ticker}: {wrong}") for wrong in _wrong_key(ticker, key, value, fields))


def _wrong_key(ticker: str, key: str, value: object, fields: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one key of a ticker."""
    if key not in _KEYS:
        yield f"{key} is not a key{_meant(key, _KEYS)}"
    elif key == "formerly":
        yield from _wrong_formerly(ticker, fields)
    elif wrong := _wrong_value(key, value):
        yield f"{key} {wrong}"
    if key == "tracks" and fields.get("kind") == "stock":
        yield "tracks names the index of an ETF, and kind is stock"


def _wrong_value(key: str, value: object) -> str | None:
    if key == "listed":
        return _wrong_day(value)
    if key == "kind":
        return None if value in KINDS else f"is {value!r}; it is one of {', '.join(KINDS)}"
    return _wrong_text(value)


def _wrong_formerly(ticker: str, fields: Mapping[str, Any]) -> Iterator[str]:
    former = fields["formerly"]
    if not isinstance(former, list) or not all(isinstance(one, dict) for one in former):
        yield 'formerly is a list, as in [{ ticker = "FB", until = 2022-06-08 }]'
        return
    days = Counter(str(one.get("until")) for one in former)
    yield from (f"formerly has {count} tickers until {day}" for day, count in days.items() if count > 1)
    for one in former:
        for key in one:
            if key not in _FORMER_KEYS:
                yield f"{key} is not a key of formerly{_meant(key, _FORMER_KEYS)}"
        yield from _wrong_former_ticker(ticker, one.get("ticker"))
        yield from _wrong_until(one.get("until"), fields.get("listed"))


def _wrong_former_ticker(ticker: str, former: object) -> Iterator[str]:
    if former is None:
        yield "formerly lacks ticker"
    elif former == ticker:
        yield f"formerly names {ticker} itself"
    elif not isinstance(former, str) or not TICKER_PATTERN.fullmatch(former):
        yield f"formerly: {former!r} is no ticker{_spelled(str(former))}"


def _wrong_until(until: object, listed: object) -> Iterator[str]:
    if until is None:
        yield "formerly lacks until, the last session under that ticker"
    elif wrong := _wrong_day(until):
        yield f"until {wrong}"
    elif isinstance(until, date) and isinstance(listed, date) and until < listed:
        yield f"until is {until}, before listed, {listed}"


def _faults_together(blocks: list[_Block]) -> Iterator[_Fault]:
    """What only shows between tables: a share that is there twice, and a former ticker of two of them."""
    first: dict[str, _Block] = {}
    owners: dict[tuple[str, object], str] = {}
    for block in blocks:
        before = first.setdefault(block.ticker.upper().replace("-", "."), block)
        if before is not block:
            same = "" if before.ticker == block.ticker else f" as {before.ticker}"
            yield block.line, f"{block.ticker} is in line {before.line} already{same}"
        former = (block.fields or {}).get("formerly")
        for one in former if isinstance(former, list) else ():
            if isinstance(one, dict) and "ticker" in one and "until" in one:
                owner = owners.setdefault((str(one["ticker"]), str(one["until"])), block.ticker)
                if owner != block.ticker:
                    line = block.line_of("formerly")
                    yield line, f"{block.ticker}: {owner} has {one['ticker']} until {one['until']} already"


def _spelled(ticker: str) -> str:
    """How it may be meant."""
    meant = re.sub(r"[\s/_]+", ".", ticker.strip().upper())
    if meant != ticker and TICKER_PATTERN.fullmatch(meant):
        return f"; did you mean {meant}?"
    return ": it is up to 6 capitals or digits, with a class after a dot, as in BRK.B"


def _meant(key: str, keys: tuple[str, ...]) -> str:
    near = get_close_matches(key, keys, 1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(keys)}"


def _wrong_text(value: object) -> str | None:
    if not isinstance(value, str):
        return f"is {value!r}; it is a text in quotes"
    if not value.strip() or not value.isprintable() or len(value) > _LONGEST_TEXT:
        return f"is {value[:40]!r}; it is a line of 1 to {_LONGEST_TEXT} printable characters"
    return None


def _wrong_day(value: object) -> str | None:
    """None for a session, or a day that is older than the calendar of sessions."""
    if not isinstance(value, date) or isinstance(value, datetime):
        return f"is {str(value)!r}; it is a date without quotes or time, as in 1999-01-22"
    first, last = calendar.all_sessions()[0], calendar.all_sessions()[-1]
    if value > last:
        return f"is {value}, after {last}, where the calendar of sessions ends"
    if value >= first and not calendar.is_session(value):
        return f"is {value}, on which the market was closed"
    return None
