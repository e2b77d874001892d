"""The snapshot cache: one query for the same data, bounded memory, the same data as the store behind it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.errors import StoreUnavailableError
from api.store.duckdb import DuckDBStore
from api.store.protocol import Event, TickerBars
from api.store.snapshot_cache import SnapshotCache
from benchmarks.support.lakes import SNAPSHOT
from benchmarks.support.markets import LAST, SESSIONS
from lake import calendar

MEGABYTE = 2**20


class Recording(DuckDBStore):
    """Remembers which tickers each query was for, and answers only when it is let."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[tuple[tuple[str, ...], date, date]] = []
        self.fails = False

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        self.asked.append((tuple(tickers), first, last))
        await asyncio.sleep(0.01)
        if self.fails:
            raise StoreUnavailableError("away")
        return await super().bars(snapshot, tickers, first, last)


@pytest.fixture
def recording(root: Path) -> Iterator[Recording]:
    store = Recording(root)
    yield store
    store.close()


@pytest.fixture
def wide(recording: Recording) -> SnapshotCache:
    """As over a lake that is too wide to be read whole."""
    return SnapshotCache(recording, MEGABYTE, 10, small=0)


def ask(store: SnapshotCache, *questions: tuple[str, date, date]) -> list[Mapping[str, TickerBars]]:
    async def all_at_once() -> list[Mapping[str, TickerBars]]:
        await store.current()
        return await asyncio.gather(
            *(store.bars(SNAPSHOT, names.split(","), first, last) for names, first, last in questions)
        )

    return asyncio.run(all_at_once())


@pytest.mark.parametrize("first", [SESSIONS[0], SESSIONS[111], date(2020, 1, 1), date(2027, 1, 1)])
@pytest.mark.parametrize("last", [LAST, SESSIONS[200], date(2020, 6, 1)])
@pytest.mark.parametrize("names", ["VOO", "META,AMZN,SCHG", "NEWCO,VOO"])
@pytest.mark.parametrize("small", [10**6, 0])
def test_bars_are_those_of_the_store(recording: Recording, first: date, last: date, names: str, small: int) -> None:
    store = SnapshotCache(recording, MEGABYTE, 10, small=small)
    wanted = asyncio.run(recording.bars(SNAPSHOT, names.split(","), first, last))
    for _ in range(2):
        (found,) = ask(store, (names, first, last))
        assert set(found) == set(wanted) == set(names.split(","))
        for ticker, own in found.items():
            np.testing.assert_array_equal(own.days, wanted[ticker].days)
            np.testing.assert_array_equal(own.values, wanted[ticker].values)
    assert len(recording.asked) == (2 if first <= last else 1)  # of no day nothing is read


def test_events_and_sentiment_are_those_of_the_store(recording: Recording) -> None:
    store = SnapshotCache(recording, MEGABYTE, 10)

    async def both(store: SnapshotCache | Recording) -> tuple[list[object], list[object]]:
        await store.current()
        tickers, first, last = ["VOO", "NVDA", "AMZN"], SESSIONS[100], SESSIONS[-5]
        found = await store.sentiment(SNAPSHOT, tickers, first, last)
        columns = zip(found.tickers, found.days.astype(object), found.score, found.articles, strict=True)
        return list(await store.events(SNAPSHOT, tickers, first, last)), list(columns)

    assert asyncio.run(both(store)) == asyncio.run(both(recording))


@pytest.mark.parametrize("small", [10**6, 0])
def test_events_from_before_the_calendar_are_kept(recording: Recording, small: int) -> None:
    """AAPL's first split was on 1987-06-16, three years before the calendar's first session."""
    split = Event("AAPL", date(1987, 6, 16), "split", 2.0)

    async def one_split(*asked: object) -> list[Event]:
        return [split]

    recording.events = one_split  # type: ignore[method-assign, assignment]
    store = SnapshotCache(recording, MEGABYTE, 10, small=small)

    async def events(first: date) -> list[Event]:
        await store.current()
        return list(await store.events(SNAPSHOT, ["AAPL"], first, LAST))

    assert asyncio.run(events(date(1980, 1, 1))) == [split]
    assert asyncio.run(events(date(1987, 6, 17))) == []


def test_a_small_lake_is_read_whole_and_once(recording: Recording) -> None:
    store = SnapshotCache(recording, MEGABYTE, 10)
    ask(store, ("VOO", SESSIONS[-5], LAST), ("AMZN,VOO", SESSIONS[0], LAST))
    ask(store, ("META", SESSIONS[9], LAST))
    ((names, first, last),) = recording.asked
    assert (len(names), first, last) == (9, date(SESSIONS[0].year, 1, 1), date(2026, 12, 31))


def test_a_large_lake_is_read_by_whole_years_of_what_is_asked_for(wide: SnapshotCache, recording: Recording) -> None:
    ask(wide, ("VOO", SESSIONS[-5], LAST))
    ask(wide, ("VOO", date(2026, 2, 1), date(2026, 3, 1)))
    assert recording.asked == [(("VOO",), date(2026, 1, 1), date(2026, 12, 31))]


def test_data_in_flight_is_not_queried_again(wide: SnapshotCache, recording: Recording) -> None:
    window = (SESSIONS[-5], LAST)
    ask(wide, ("AMZN,VOO", *window), ("VOO", *window), ("META,VOO", *window), ("AMZN,META", *window))
    assert [names for names, _, _ in recording.asked] == [("AMZN", "VOO"), ("META",)]


def test_a_longer_window_reads_only_the_years_that_are_missing(wide: SnapshotCache, recording: Recording) -> None:
    ask(wide, ("VOO", SESSIONS[-5], LAST))
    ask(wide, ("VOO", date(2025, 12, 1), LAST))
    ask(wide, ("VOO", SESSIONS[-5], LAST), ("VOO", date(2025, 11, 20), LAST))
    assert [(first.year, last.year) for _, first, last in recording.asked] == [(2026, 2026), (2025, 2025)]


def test_a_failure_reaches_all_who_wait_and_is_not_cached(wide: SnapshotCache, recording: Recording) -> None:
    recording.fails = True
    window = (SESSIONS[-5], LAST)
    with pytest.raises(StoreUnavailableError):
        ask(wide, ("VOO", *window), ("VOO", *window))
    assert len(recording.asked) == 1
    recording.fails = False
    (bars,) = ask(wide, ("VOO", *window))
    assert len(bars["VOO"].days) == 5


def test_cancelling_one_waiter_does_not_cancel_the_shared_query(wide: SnapshotCache, recording: Recording) -> None:
    async def one_gives_up() -> Mapping[str, TickerBars]:
        await wide.current()
        first = asyncio.create_task(wide.bars(SNAPSHOT, ["VOO"], SESSIONS[-5], LAST))
        second = asyncio.create_task(wide.bars(SNAPSHOT, ["VOO"], SESSIONS[-5], LAST))
        await asyncio.sleep(0.001)
        first.cancel()
        return await second

    assert len(asyncio.run(one_gives_up())["VOO"].days) == 5
    assert len(recording.asked) == 1


def test_memory_is_bounded_and_data_that_does_not_fit_is_still_returned(recording: Recording) -> None:
    store = SnapshotCache(recording, 1000, 10)
    (bars,) = ask(store, ("VOO", SESSIONS[0], LAST))
    assert len(bars["VOO"].days) == 300
    ask(store, ("VOO", SESSIONS[0], LAST))
    assert len(recording.asked) == 2


def test_alternating_windows_do_not_evict_each_other(wide: SnapshotCache, recording: Recording) -> None:
    """2025 and 2026 in turns: one query each."""
    windows = (date(2025, 10, 1), date(2025, 12, 31)), (date(2026, 3, 2), date(2026, 6, 30))
    for first, last in (*windows, *windows, windows[0]):
        (bars,) = ask(wide, ("VOO", first, last))
        assert first <= bars["VOO"].days[0].astype(object) <= bars["VOO"].days[-1].astype(object) <= last
    assert len(recording.asked) == 2


def test_a_window_of_centuries_asks_for_the_years_of_the_calendar(wide: SnapshotCache, recording: Recording) -> None:
    ask(wide, ("VOO", date.min, date.max))
    ((_, first, last),) = recording.asked
    # From 1900, because splits and dividends are older than the calendar.
    assert (first, last.year) == (date(1900, 1, 1), calendar.all_sessions()[-1].year)
