"""Both stores: the same questions, the same answers. The expected values are the rows the lake was written from."""

import asyncio
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.errors import StoreUnavailableError
from api.store.protocol import VALUES, Event, Store, TickerBars
from benchmarks.support.lakes import SNAPSHOT, adjusted_rows
from benchmarks.support.markets import LAST, MISSING_DAY, NEWCO_FIRST, SESSIONS, SILENT_DAY, SPLIT_DAY, small_market
from lake.layout import forecast
from lake.storage import FolderStorage


def ask(store: Store, tickers: list[str], first: date, last: date) -> Mapping[str, TickerBars]:
    return asyncio.run(store.bars(SNAPSHOT, tickers, first, last))


def test_bars_are_the_rows_of_the_lake_in_order_and_to_the_last_bit(store: Store) -> None:
    first = SESSIONS[240]
    bars = ask(store, ["TSLA", "NVDA", "QQQ"], first, LAST)
    market = small_market()
    assert set(bars) == {"NVDA", "QQQ", "TSLA"}
    for ticker, own in bars.items():
        rows = [row for row in adjusted_rows(ticker, market[ticker]) if row["date"] >= first]
        assert own.days.astype(object).tolist() == [row["date"] for row in rows]
        for name in VALUES:
            wanted = np.array([math.nan if row[name] is None else row[name] for row in rows])
            np.testing.assert_array_equal(own.column(name), wanted, err_msg=name)


def test_nulls_are_nan_and_only_there(store: Store) -> None:
    bars = ask(store, ["QQQ", "TSLA"], SESSIONS[285], LAST)
    silent = [day for own in bars.values() for day in own.days[np.isnan(own.column("volume"))].astype(object)]
    unknown = {ticker for ticker, own in bars.items() if np.isnan(own.column("total_return_index")).any()}
    assert silent == [SILENT_DAY]
    assert unknown == {"TSLA"}
    assert np.isnan(bars["TSLA"].column("total_return_index")).all()


def test_both_ends_are_inclusive(store: Store) -> None:
    bars = ask(store, ["AMZN"], SESSIONS[10], SESSIONS[12])["AMZN"]
    assert bars.days.astype(object).tolist() == list(SESSIONS[10:13])


def test_a_missing_session_is_no_row(store: Store) -> None:
    assert len(ask(store, ["META"], MISSING_DAY, MISSING_DAY)["META"].days) == 0


def test_a_year_is_crossed(store: Store) -> None:
    bars = ask(store, ["VOO"], date(2025, 12, 30), date(2026, 1, 5))["VOO"]
    assert bars.days.astype(object).tolist() == [
        date(2025, 12, 30),
        date(2025, 12, 31),
        date(2026, 1, 2),
        date(2026, 1, 5),
    ]


def test_nothing_there_is_no_rows(store: Store) -> None:
    bars = ask(store, ["NEWCO"], date(1999, 1, 1), NEWCO_FIRST.replace(year=2025))["NEWCO"]
    assert len(bars.days) == 0
    assert bars.values.shape == (len(VALUES), 0)


def test_of_no_ticker_there_is_nothing(store: Store) -> None:
    assert ask(store, [], SESSIONS[0], LAST) == {}
    assert list(asyncio.run(store.events(SNAPSHOT, [], SESSIONS[0], LAST))) == []


def test_many_questions_at_once(store: Store) -> None:
    async def all_at_once() -> list[Mapping[str, TickerBars]]:
        asked = (store.bars(SNAPSHOT, [name], SESSIONS[200], LAST) for name in ("NVDA", "AMZN", "VOO", "QQQ", "TSLA"))
        return await asyncio.gather(*asked)

    assert [set(bars) for bars in asyncio.run(all_at_once())] == [
        {"NVDA"},
        {"AMZN"},
        {"VOO"},
        {"QQQ"},
        {"TSLA"},
    ]


def test_a_snapshot_that_is_not_there_is_unavailable(store: Store) -> None:
    with pytest.raises(StoreUnavailableError, match=r"20200101|Athena could not run the query"):
        asyncio.run(store.bars("20200101T000000Z", ["VOO"], SESSIONS[0], LAST))


def test_the_pointer_and_its_manifest(store: Store) -> None:
    published = asyncio.run(store.current())
    assert published is not None
    assert (published.snapshot, published.manifest.as_of, published.manifest.origin) == (SNAPSHOT, LAST, "simulated")
    assert asyncio.run(store.last_refusal()) is None


def test_committed_forecasts_are_read_as_they_were_written(store: Store, root: Path) -> None:
    assert asyncio.run(store.forecasts()) == {}
    key, body = forecast(LAST, "QQQ_VOO"), b'{"probability": 0.5}\n'
    FolderStorage(root).write_if(key, body, None)
    assert asyncio.run(store.forecasts()) == {key: body}
    FolderStorage(root).delete(key)
    assert asyncio.run(store.forecasts()) == {}


def test_events_are_in_order_with_both_ends(store: Store) -> None:
    events = asyncio.run(store.events(SNAPSHOT, ["VOO", "NVDA", "META"], SESSIONS[60], SESSIONS[270]))
    assert list(events) == [
        Event("NVDA", SESSIONS[60], "dividend", 0.1),
        Event("NVDA", SPLIT_DAY, "split", 10.0),
        Event("VOO", SESSIONS[270], "dividend", 1.8),
    ]


def test_sentiment_is_what_was_published(store: Store) -> None:
    found = asyncio.run(store.sentiment(SNAPSHOT, ["TSLA", "AMZN", "VOO"], SESSIONS[200], LAST))
    wanted = [
        (ticker, day, score, articles)
        for ticker in ("AMZN", "TSLA")
        for day, (score, articles) in small_market()[ticker].sentiment.items()
        if day >= SESSIONS[200]
    ]
    columns = (found.tickers, found.days.astype(object), found.score, found.articles)
    assert list(zip(*columns, strict=True)) == wanted


def test_tables_that_a_snapshot_lacks_are_empty(store: Store) -> None:
    """Snapshots of before there were such tables stay readable."""
    snapshot = "20200101T000000Z"
    assert list(asyncio.run(store.events(snapshot, ["VOO"], SESSIONS[0], LAST))) == []
    assert len(asyncio.run(store.sentiment(snapshot, ["VOO"], SESSIONS[0], LAST)).days) == 0
