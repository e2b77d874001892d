"""Panels with sessions before the window."""

import asyncio

import numpy as np
import pytest

from api.http.date_range import parse_range
from api.panel.loader import WHOLE, load_panel
from api.panel.panel import Basis, Panel
from api.resources.drawdowns.service import ticker_drawdowns
from api.resources.returns.service import LOOKBACK, ticker_returns
from api.store.duckdb import DuckDBStore
from api.store.protocol import Snapshot
from benchmarks.support.markets import MISSING_DAY, NEWCO_FIRST, SESSIONS, small_market

MARKET = small_market()


def panel(store: DuckDBStore, tickers: str, lookback: int, range_: str = "10d", basis: Basis = "split") -> Panel:
    async def load() -> Panel:
        published = await store.current()
        assert published is not None
        return await load_panel(
            Snapshot(published, store), tickers.split(","), parse_range(range_), basis, lookback=lookback
        )

    return asyncio.run(load())


def test_a_lookback_lies_above_the_base(store: DuckDBStore) -> None:
    loaded = panel(store, "AMZN,VOO", 30)
    closes = loaded.extended("split")["close"]
    assert closes.shape == (30 + 1 + 10, 2)
    assert closes[:, 0].tolist() == [bar.close for bar in MARKET["AMZN"].bars[-41:]]
    np.testing.assert_array_equal(closes[30:], loaded.on("split")["close"])
    assert loaded.earlier.days.astype(object).tolist() == list(SESSIONS[-41:-11])


def test_without_one_nothing_is_above(store: DuckDBStore) -> None:
    loaded = panel(store, "VOO", 0)
    assert len(loaded.earlier.days) == 0
    np.testing.assert_array_equal(loaded.extended("split")["close"], loaded.on("split")["close"])


def test_it_ends_where_the_lake_does(store: DuckDBStore) -> None:
    assert panel(store, "VOO", WHOLE).earlier.days.astype(object).tolist() == list(SESSIONS[:-11])
    assert panel(store, "NEWCO", WHOLE).earlier.days.astype(object).tolist()[0] == NEWCO_FIRST
    assert len(panel(store, "VOO", WHOLE, "2y").earlier.days) == 0


@pytest.mark.parametrize("range_", ["10d", "60d", "max"])
def test_a_whole_history_does_not_depend_on_the_window(store: DuckDBStore, range_: str) -> None:
    history = panel(store, "AMZN,META", WHOLE, range_).history("META", "split")
    assert history.days.astype(object).tolist() == [day for day in SESSIONS if day != MISSING_DAY]
    assert history.close.tolist() == [bar.close for bar in MARKET["META"].bars]


def test_a_history_says_where_its_window_begins(store: DuckDBStore) -> None:
    loaded = panel(store, "META", WHOLE, "60d")
    history = loaded.history("META", "split")
    assert history.days[history.start].astype(object) == loaded.window.sessions[0] == SESSIONS[-60]
    assert history.days[history.start - 1].astype(object) == loaded.window.base


def test_the_total_basis_meets_the_newest_close_in_a_history_too(store: DuckDBStore) -> None:
    loaded = panel(store, "VOO", WHOLE, basis="total")
    assert loaded.history("VOO", "total").close[-1] == pytest.approx(MARKET["VOO"].bars[-1].close)


def test_the_tickers_of_a_panel_can_be_chosen_again(store: DuckDBStore) -> None:
    loaded = panel(store, "AMZN,VOO", 5)
    np.testing.assert_array_equal(
        loaded.of(["VOO"]).extended("split")["close"][:, 0], loaded.extended("split")["close"][:, 1]
    )


@pytest.mark.parametrize("basis", ["split", "total", "raw"])
def test_a_panel_of_some_tickers_has_their_columns(store: DuckDBStore, basis: Basis) -> None:
    loaded = panel(store, "AMZN,VOO,NVDA,META", 30, basis=basis)
    some = loaded.of(["META", "AMZN", "META"])
    assert some.tickers == ("META", "AMZN")
    for name, grid in loaded.extended(basis).items():
        np.testing.assert_array_equal(some.extended(basis)[name], grid[:, [3, 0]], err_msg=name)
    np.testing.assert_array_equal(some.held, loaded.held[:, [3, 0]])


def test_what_is_of_one_ticker_holds_no_grid_of_all(store: DuckDBStore) -> None:
    """Otherwise fifty tickers over twenty years hold fifty times fifty columns, 600 MB."""
    names = ("AMZN", "NVDA", "META", "QQQ")
    loaded = panel(store, ",".join((*names, "VOO")), LOOKBACK)
    for one in ticker_returns(loaded, names, "VOO", basis="split", rate=0.0):
        assert one.comparison.closes.shape == one.comparison.index.shape == (11, 2)
    for two in ticker_drawdowns(loaded, names, "split"):
        assert two.closes.base is None or two.closes.base.size <= 11
