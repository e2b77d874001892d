"""One table's data in memory by snapshot, ticker and year. Data that is cached or in flight is not queried again.

Whole years, because `year` is the partition of every table: a query reads the year's files whatever days it selects.
One entry a year, so that questions about different windows do not evict each other's data.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, Generic, TypeVar

from api.store.lru import LruBytes
from lake import calendar

FIRST_YEAR, LAST_YEAR = calendar.all_sessions()[0].year, calendar.all_sessions()[-1].year
# Splits and dividends are known from before the calendar begins: AAPL's first split was in 1987. They are kept under
# its first year.
_EARLIEST = date(1900, 1, 1)

T = TypeVar("T")
TickerYear = tuple[str, int]
Key = tuple[str, TickerYear]  # the snapshot first


class YearCache(Generic[T]):
    """`read` runs one query and splits its result by ticker and year; `size_of` is the bytes of one such part."""

    def __init__(
        self,
        memory: int,
        read: Callable[[str, Sequence[str], range], Coroutine[Any, Any, Mapping[TickerYear, T]]],
        size_of: Callable[[T], int],
    ) -> None:
        self._read, self._size_of = read, size_of
        self._cached: LruBytes[Key, T] = LruBytes(memory)
        self._reading: dict[Key, asyncio.Task[Mapping[TickerYear, T]]] = {}

    async def get(
        self, snapshot: str, wanted: Sequence[TickerYear], prefetch: Iterable[TickerYear]
    ) -> Mapping[TickerYear, T]:
        """The parts wanted. If a query is needed, it also reads what is missing of `prefetch`."""
        found: dict[TickerYear, T] = {}
        missing: list[TickerYear] = []
        for one in wanted:
            part = self._cached.get((snapshot, one))
            if part is None:
                missing.append(one)
            else:
                found[one] = part
        for task in self._tasks(snapshot, missing, prefetch) if missing else ():
            # Shielded: whoever gives up waiting must not cancel the query that others wait for.
            found |= await asyncio.shield(task)
        return found

    def _tasks(
        self, snapshot: str, missing: Sequence[TickerYear], prefetch: Iterable[TickerYear]
    ) -> "set[asyncio.Task[Mapping[TickerYear, T]]]":
        """The queries that give what is missing: those under way, and one new query for all the rest."""
        under_way = {one: task for one in missing if (task := self._reading.get((snapshot, one)))}
        tasks, rest = set(under_way.values()), [one for one in missing if one not in under_way]
        return tasks | {self._start(snapshot, [*rest, *self._unknown(snapshot, prefetch)])} if rest else tasks

    def _unknown(self, snapshot: str, parts: Iterable[TickerYear]) -> list[TickerYear]:
        keys = ((snapshot, one) for one in parts)
        return [key[1] for key in keys if key not in self._reading and self._cached.get(key) is None]

    def _start(self, snapshot: str, parts: Sequence[TickerYear]) -> "asyncio.Task[Mapping[TickerYear, T]]":
        # One query over all years from the first to the last missing one, even if some between are cached: Athena
        # bills 10 MB and takes a second at least, so that one wide query is cheaper than two narrow ones.
        tickers = tuple(dict.fromkeys(ticker for ticker, _ in parts))
        years = range(min(year for _, year in parts), max(year for _, year in parts) + 1)
        task = asyncio.create_task(self._read_into_cache(snapshot, tickers, years))
        keys = [(snapshot, one) for one in product(tickers, years)]
        self._reading |= dict.fromkeys(keys, task)
        task.add_done_callback(lambda _: self._finished(keys, task))
        return task

    async def _read_into_cache(self, snapshot: str, tickers: Sequence[str], years: range) -> Mapping[TickerYear, T]:
        parts = await self._read(snapshot, tickers, years)
        for one, part in parts.items():
            self._cached.put((snapshot, one), part, self._size_of(part))
        return parts

    def _finished(self, keys: Sequence[Key], task: "asyncio.Task[Mapping[TickerYear, T]]") -> None:
        for key in keys:
            if self._reading.get(key) is task:
                del self._reading[key]


def years_between(first: date, last: date) -> range:
    """The years of these days, of those that the calendar knows. `from=0001-01-01` must not ask for 2,000 of them."""
    return range(max(first.year, FIRST_YEAR), min(last.year, LAST_YEAR) + 1)


def year_of(day: date) -> int:
    """The year that a day is kept under: the calendar's first one for every day before it."""
    return max(day.year, FIRST_YEAR)


def first_and_last(years: range) -> tuple[date, date]:
    """The first and the last day of these years."""
    return _EARLIEST if years.start == FIRST_YEAR else date(years.start, 1, 1), date(years.stop - 1, 12, 31)
