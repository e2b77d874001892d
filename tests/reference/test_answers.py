"""The golden market published and asked for over HTTP: adjustment, pairing, history and metrics together."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from api.analytics.registry import REGISTRY
from api.resources.returns.schemas import ReturnsSummary
from api.resources.volatility.schemas import VolatilitySummary
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from tests.reference import golden
from tests.reference.oracles import ORACLES, YEAR, window_of
from tests.support.client import Client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    store = DuckDBStore(publish(tmp_path_factory.mktemp("lake"), golden.market()))
    yield Client.of(store)
    store.close()


@pytest.mark.parametrize("count", [golden.COUNT, YEAR])
def test_returns(client: Client, count: int) -> None:
    window = window_of(count)
    (summary,) = client.json("/returns", tickers=golden.STOCK, range=f"{count}d", rf=str(golden.RATE))["summary"]
    slugs = [slug for slug in ReturnsSummary.model_fields if slug in REGISTRY]
    withheld = {"cagr", "calmar"} if count < YEAR else set()
    wanted = {slug: None if slug in withheld else pytest.approx(ORACLES[slug](window), rel=1e-9) for slug in slugs}
    assert {slug: summary[slug] for slug in slugs} == wanted


@pytest.mark.parametrize("count", [golden.COUNT, YEAR])
def test_volatility(client: Client, count: int) -> None:
    window = window_of(count)
    (summary,) = client.json("/volatility", tickers=golden.STOCK, range=f"{count}d")["summary"]
    slugs = [slug for slug in VolatilitySummary.model_fields if slug in REGISTRY]
    assert {slug: summary[slug] for slug in slugs} == {
        slug: pytest.approx(ORACLES[slug](window), rel=1e-9) for slug in slugs
    }


def test_rows_of_returns(client: Client) -> None:
    window = window_of()
    rows = client.json("/returns", tickers=golden.STOCK, range=f"{golden.COUNT}d", rf="0.04")["rows"]
    found = pd.DataFrame(rows).set_index("time").drop(columns="ticker").astype(float)
    growth = window.closes / window.closes.iloc[0] - 1
    other = (window.paired_closes["benchmark"] / window.paired_closes["benchmark"].iloc[0] - 1).reindex(growth.index)
    history = pd.concat({"r": golden.frames()[0]["close"], "b": golden.frames()[1]["close"]}, axis=1)
    moves = history.pct_change(fill_method=None).dropna()
    # The session after the one that the benchmark lacks has no paired return, and keeps the figures before it.
    held = history.dropna().index
    correlation, beta = (
        series.reindex(held, method="ffill").reindex(growth.index)
        for series in (
            moves["r"].rolling(60).corr(moves["b"]),
            moves["r"].rolling(60).cov(moves["b"]) / moves["b"].rolling(60).var(),
        )
    )
    own = golden.frames()[0]["close"].pct_change(fill_method=None).dropna()
    rolled, free = own.rolling(60), 1.04 ** (1 / 252) - 1
    wanted = {
        "close": window.closes,
        "daily_return": window.closes.pct_change(),
        "growth": growth,
        "benchmark_growth": other,
        "excess_growth": growth - other,
        "drawdown": window.closes / window.closes.cummax() - 1,
        "rolling_volatility": (rolled.std() * np.sqrt(252)).reindex(growth.index),
        "rolling_sharpe": ((rolled.mean() - free) / rolled.std() * np.sqrt(252)).reindex(growth.index),
        "rolling_correlation": correlation,
        "rolling_beta": beta,
    }
    assert list(found.columns) == list(wanted)
    for name, series in wanted.items():
        np.testing.assert_allclose(found[name], series, rtol=1e-9, atol=1e-14, err_msg=name)


def test_rows_of_volatility(client: Client) -> None:
    rows = client.json("/volatility", tickers=golden.STOCK, range=f"{golden.COUNT}d")["rows"]
    found = pd.DataFrame(rows).set_index("time").drop(columns="ticker").astype(float)
    past = window_of().past
    moves = past["close"].pct_change()
    wanted = {
        "daily_return": moves,
        "log_range": np.log(past["high"] / past["low"]),
        "volume": past["volume"],
        "rolling_volatility": moves.rolling(20).std() * np.sqrt(252),
        "ewma_volatility": np.sqrt((moves.iloc[1:] ** 2).ewm(alpha=0.06, adjust=False).mean() * 252),
    }
    for name, series in wanted.items():
        np.testing.assert_allclose(found[name], series.iloc[-golden.COUNT :], rtol=1e-9, atol=1e-14, err_msg=name)


def test_the_state_at_a_windows_end_does_not_depend_on_its_start(client: Client) -> None:
    """EWMA, ATR, regime and expected range are the ticker's, not the window's."""
    slugs = [slug for slug, metric in REGISTRY.items() if any(name.startswith("history") for name in metric.needs)]
    answers = [client.json("/volatility", tickers=golden.STOCK, range=span)["summary"][0] for span in ("10d", "200d")]
    assert len(slugs) > 5
    assert [answers[0][slug] for slug in slugs] == [answers[1][slug] for slug in slugs]
    assert answers[0]["volatility"] != answers[1]["volatility"]
