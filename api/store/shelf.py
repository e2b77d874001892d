"""One table of snapshots in memory, a stretch of days a ticker. Of what is held or on its way nobody asks again."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from api.store.single_flight import Bounded

T = TypeVar("T")
_Key = tuple[str, str]  # snapshot, ticker


class Asked(NamedTuple):
    """Some tickers of a snapshot, from `first` to `last`."""

    snapshot: str
    tickers: tuple[str, ...]
    first: date
    last: date

    def within(self, other: "Asked") -> bool:
        """Whether these days are among another question's."""
        return other.first <= self.first and self.last <= other.last


@dataclass(frozen=True)
class _Held(Generic[T]):
    """One ticker's rows of the days of `asked`."""

    asked: Asked
    rows: T


@dataclass(frozen=True)
class _Coming(Generic[T]):
    """The query under way that will give a ticker's rows, beside others."""

    asked: Asked
    task: "asyncio.Task[Mapping[str, T]]"


class Shelf(Generic[T]):
    """`ask` runs a query; `by_ticker` takes its answer apart; `size_of` is the bytes of one ticker's part."""

    def __init__(
        self,
        memory: int,
        ask: Callable[[Asked], Coroutine[Any, Any, T]],
        by_ticker: Callable[[T, Sequence[str]], Mapping[str, T]],
        size_of: Callable[[T], int],
    ) -> None:
        self._ask, self._by_ticker = ask, by_ticker
        self._held: Bounded[_Key, _Held[T]] = Bounded(memory, lambda held: size_of(held.rows))
        self._coming: dict[_Key, _Coming[T]] = {}

    async def get(self, asked: Asked, wider: Asked) -> Mapping[str, T]:
        """Each ticker's rows, of at least the days asked for. Where any is lacking, `wider` is read."""
        held = {ticker: self._held.get((asked.snapshot, ticker)) for ticker in asked.tickers}
        found = {ticker: one.rows for ticker, one in held.items() if one and asked.within(one.asked)}
        lacking = [ticker for ticker in asked.tickers if ticker not in found]
        tasks = self._tasks(asked, lacking, wider)
        return found | {ticker: (await asyncio.shield(tasks[ticker]))[ticker] for ticker in lacking}

    def _tasks(self, asked: Asked, lacking: Sequence[str], wider: Asked) -> "dict[str, asyncio.Task[Mapping[str, T]]]":
        """The query of each ticker: the one under way, or a new one for all that have none."""
        tasks = {}
        for ticker in lacking:
            coming = self._coming.get((asked.snapshot, ticker))
            if coming and asked.within(coming.asked):
                tasks[ticker] = coming.task
        new = [ticker for ticker in lacking if ticker not in tasks]
        return tasks | dict.fromkeys(new, self._start(new, wider)) if new else tasks

    def _start(self, tickers: Sequence[str], wider: Asked) -> "asyncio.Task[Mapping[str, T]]":
        others = (ticker for ticker in wider.tickers if not self._has((wider.snapshot, ticker), wider))
        asked = wider._replace(tickers=tuple(dict.fromkeys((*tickers, *others))))
        task = asyncio.create_task(self._read(asked))
        coming = _Coming(asked, task)
        keys = [(asked.snapshot, ticker) for ticker in asked.tickers]
        self._coming |= dict.fromkeys(keys, coming)
        task.add_done_callback(lambda _: self._arrived(keys, coming))
        return task

    def _has(self, key: _Key, asked: Asked) -> bool:
        return any(one is not None and asked.within(one.asked) for one in (self._held.get(key), self._coming.get(key)))

    async def _read(self, asked: Asked) -> Mapping[str, T]:
        found = self._by_ticker(await self._ask(asked), asked.tickers)
        for ticker, rows in found.items():
            self._held.put((asked.snapshot, ticker), _Held(asked, rows))
        return found

    def _arrived(self, keys: Sequence[_Key], coming: _Coming[T]) -> None:
        for key in keys:
            if self._coming.get(key) is coming:
                del self._coming[key]
