"""The store that remembers: one query for the same data, within bounds, the answer of the store itself."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.errors import StoreUnavailableError
from api.store.base import VALUES, Bars
from api.store.duckdb import DuckDBStore
from api.store.single_flight import Bounded
from api.store.snapshot_cache import CachedStore
from benchmarks.support.lakes import SNAPSHOT
from benchmarks.support.markets import LAST, SESSIONS

MEGABYTE = 2**20


class Recording(DuckDBStore):
    """Remembers which tickers each query was for, and answers only when it is let."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[tuple[tuple[str, ...], date, date]] = []
        self.fails = False

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Bars:
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
def wide(recording: Recording) -> CachedStore:
    """As over a lake that is too wide to be read whole."""
    return CachedStore(recording, MEGABYTE, 10, small=0)


def ask(store: CachedStore, *questions: tuple[str, date, date]) -> list[Bars]:
    async def all_at_once() -> list[Bars]:
        await store.current()
        return await asyncio.gather(
            *(store.bars(SNAPSHOT, names.split(","), first, last) for names, first, last in questions)
        )

    return asyncio.run(all_at_once())


@pytest.mark.parametrize("first", [SESSIONS[0], SESSIONS[111], date(2020, 1, 1), date(2027, 1, 1)])
@pytest.mark.parametrize("last", [LAST, SESSIONS[200], date(2020, 6, 1)])
@pytest.mark.parametrize("names", ["VOO", "META,AMZN,SCHG", "NEWCO,VOO"])
@pytest.mark.parametrize("small", [10**6, 0])
def test_its_answer_is_the_stores(recording: Recording, first: date, last: date, names: str, small: int) -> None:
    store = CachedStore(recording, MEGABYTE, 10, small=small)
    wanted = asyncio.run(recording.bars(SNAPSHOT, names.split(","), first, last))
    for _ in range(2):
        (found,) = ask(store, (names, first, last))
        assert list(found.tickers) == list(wanted.tickers)
        np.testing.assert_array_equal(found.days, wanted.days)
        for name in VALUES:
            np.testing.assert_array_equal(found.values[name], wanted.values[name], err_msg=name)
    assert len(recording.asked) == 2


def test_events_and_sentiment_are_the_stores(recording: Recording) -> None:
    store = CachedStore(recording, MEGABYTE, 10)

    async def both(store: CachedStore | Recording) -> tuple[list[object], list[object]]:
        await store.current()
        tickers, first, last = ["VOO", "NVDA", "AMZN"], SESSIONS[100], SESSIONS[-5]
        found = await store.sentiment(SNAPSHOT, tickers, first, last)
        columns = zip(found.tickers, found.days.astype(object), found.score, found.articles, strict=True)
        return list(await store.events(SNAPSHOT, tickers, first, last)), list(columns)

    assert asyncio.run(both(store)) == asyncio.run(both(recording))


def test_a_small_lake_is_read_whole_and_once(recording: Recording) -> None:
    store = CachedStore(recording, MEGABYTE, 10)
    ask(store, ("VOO", SESSIONS[-5], LAST), ("AMZN,VOO", SESSIONS[0], LAST))
    ask(store, ("META", SESSIONS[9], LAST))
    ((names, first, last),) = recording.asked
    assert (len(names), first, last) == (9, SESSIONS[0], LAST)


def test_of_a_wide_one_whole_years_of_what_is_asked_for(wide: CachedStore, recording: Recording) -> None:
    ask(wide, ("VOO", SESSIONS[-5], LAST))
    ask(wide, ("VOO", date(2026, 2, 1), date(2026, 3, 1)))
    assert recording.asked == [(("VOO",), date(2026, 1, 1), date(2026, 12, 31))]


def test_nobody_asks_for_what_is_on_its_way(wide: CachedStore, recording: Recording) -> None:
    window = (SESSIONS[-5], LAST)
    ask(wide, ("AMZN,VOO", *window), ("VOO", *window), ("META,VOO", *window), ("AMZN,META", *window))
    assert [names for names, _, _ in recording.asked] == [("AMZN", "VOO"), ("META",)]


def test_a_longer_window_is_read_again_and_then_enough_for_both(wide: CachedStore, recording: Recording) -> None:
    ask(wide, ("VOO", SESSIONS[-5], LAST))
    ask(wide, ("VOO", date(2025, 12, 1), LAST))
    ask(wide, ("VOO", SESSIONS[-5], LAST), ("VOO", date(2025, 11, 20), LAST))
    assert [first.year for _, first, _ in recording.asked] == [2026, 2025]


def test_a_failure_is_told_to_all_who_wait_and_then_forgotten(wide: CachedStore, recording: Recording) -> None:
    recording.fails = True
    window = (SESSIONS[-5], LAST)
    with pytest.raises(StoreUnavailableError):
        ask(wide, ("VOO", *window), ("VOO", *window))
    assert len(recording.asked) == 1
    recording.fails = False
    (bars,) = ask(wide, ("VOO", *window))
    assert len(bars.days) == 5


def test_who_gives_up_leaves_the_others_theirs(wide: CachedStore, recording: Recording) -> None:
    async def one_gives_up() -> Bars:
        await wide.current()
        first = asyncio.create_task(wide.bars(SNAPSHOT, ["VOO"], SESSIONS[-5], LAST))
        second = asyncio.create_task(wide.bars(SNAPSHOT, ["VOO"], SESSIONS[-5], LAST))
        await asyncio.sleep(0.001)
        first.cancel()
        return await second

    assert len(asyncio.run(one_gives_up()).days) == 5
    assert len(recording.asked) == 1


def test_memory_is_bounded_and_an_answer_is_given_all_the_same(recording: Recording) -> None:
    store = CachedStore(recording, 1000, 10)
    (bars,) = ask(store, ("VOO", SESSIONS[0], LAST))
    assert len(bars.days) == 300
    ask(store, ("VOO", SESSIONS[0], LAST))
    assert len(recording.asked) == 2


def test_the_least_recently_used_goes_first() -> None:
    bounded: Bounded[str, str] = Bounded(10, len)
    for name in ("aaaa", "bbbb"):
        bounded.put(name, name)
    assert bounded.get("aaaa") == "aaaa"
    bounded.put("cccc", "cccc")
    assert (bounded.get("aaaa"), bounded.get("bbbb"), bounded.get("cccc")) == ("aaaa", None, "cccc")
    bounded.put("cccc", "cc")
    assert bounded.bytes == 6
    bounded.put("large", "x" * 11)
    assert (bounded.get("large"), bounded.bytes) == (None, 6)
