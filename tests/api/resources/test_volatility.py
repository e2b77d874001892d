"""`/volatility`: ranges, cone and associations; tests/reference compares the figures."""

import asyncio
import itertools
from datetime import date

import numpy as np
import pytest
from scipy import stats

from api.analytics.arrays import Floats
from api.panel.loader import load_panel
from api.panel.window import Last
from api.resources.volatility.predictors import load_predictors
from api.store.duckdb import DuckDBStore
from api.store.protocol import Snapshot
from benchmarks.support.markets import MISSING_DAY, SESSIONS, small_market
from lake.universe import universe
from tests.support.client import Client

MARKET = small_market()
STOCKS = [ticker for ticker in MARKET if ticker in universe() and universe()[ticker].kind == "stock"]


def test_rows_are_of_the_windows_sessions_only(client: Client) -> None:
    rows = client.json("/volatility", tickers="META,AMZN", range="30d")["rows"]
    assert [(row["time"], row["ticker"]) for row in rows] == sorted((row["time"], row["ticker"]) for row in rows)
    days = [row["time"][:10] for row in rows if row["ticker"] == "META"]
    assert days == [str(day) for day in SESSIONS[-30:] if day != MISSING_DAY]
    assert None not in [row[name] for row in rows for name in ("rolling_volatility", "rolling_yang_zhang", "atr")]


def test_expected_ranges_are_prices_around_the_last_close(client: Client) -> None:
    (summary,) = client.json("/volatility", tickers="AMZN", range="100d")["summary"]
    close = MARKET["AMZN"].bars[-1].close
    for name in ("expected_range_1d", "expected_range_5d"):
        assert summary[f"{name}_low"] == pytest.approx(close * (1 - summary[name]))
        assert summary[f"{name}_high"] == pytest.approx(close * (1 + summary[name]))
    assert summary["expected_range_5d"] == pytest.approx(summary["expected_range_1d"] * 5**0.5)


def test_the_cone_holds_the_current_volatility(client: Client) -> None:
    body = client.json("/volatility", tickers="AMZN,META", range="100d")
    assert [(piece["ticker"], piece["window"]) for piece in body["cone"]] == [
        (ticker, window) for ticker in ("AMZN", "META") for window in (10, 20, 30, 60)
    ]
    for piece in body["cone"]:
        ladder = [piece[name] for name in ("minimum", "lower_quartile", "median", "upper_quartile", "maximum")]
        assert ladder == sorted(ladder)
        assert ladder[0] <= piece["current"] <= ladder[-1]
    current = {piece["ticker"]: piece["current"] for piece in body["cone"] if piece["window"] == 20}
    last = {row["ticker"]: row["rolling_volatility"] for row in body["rows"][-2:]}
    assert current == pytest.approx(last, rel=1e-12)


def test_a_short_history_has_no_regime(client: Client) -> None:
    body = client.json("/volatility", tickers="NEWCO,AMZN", range="50d")
    newcomer, amazon = body["summary"]
    assert (newcomer["regime"], newcomer["regime_percentile"]) == (None, None)
    assert newcomer["cone_percentile"] is not None
    assert amazon["regime"] in {"calm", "usual", "elevated", "stressed"}
    words = "NEWCO: no regime is given; it needs 252 daily returns up to the end of the period, and there are 99"
    assert words in body["warnings"]


@pytest.mark.parametrize(("last", "known"), [(SESSIONS[220], False), (SESSIONS[238], False), (SESSIONS[239], True)])
def test_a_percentile_needs_twenty_volatilities(client: Client, last: date, known: bool) -> None:
    """NEWCO begins with session 200: at session 220 it has one 20-session volatility, at session 239 it has 20."""
    body = client.json("/volatility", tickers="NEWCO", first=str(SESSIONS[205]), last=str(last))
    (summary,) = body["summary"]
    assert summary["volatility"] > 0
    assert (summary["cone_percentile"] is not None) is known
    (piece,) = [piece for piece in body["cone"] if piece["window"] == 20]
    assert piece["current"] > 0
    assert piece["percentile"] == summary["cone_percentile"]
    warned = any("no regime and no cone_percentile is given" in words for words in body["warnings"])
    assert warned is not known


def of(body: dict[str, list[dict[str, object]]], **wanted: object) -> dict[str, object]:
    (found,) = [row for row in body["associations"] if wanted.items() <= row.items()]
    return found


def test_associations_with_volume(client: Client) -> None:
    body = client.json("/volatility", tickers="AMZN", range="100d")
    bars = MARKET["AMZN"].bars[-101:]
    moves = np.array([bar.close / before.close - 1 for before, bar in itertools.pairwise(bars)])
    volumes = np.array([float(bar.volume or 0) for bar in bars])
    for lag, pair in ((-1, (moves, volumes[:-1])), (0, (moves, volumes[1:])), (1, (moves[:-1], volumes[2:]))):
        found = of(body, move="absolute_change", lag=lag, **{"with": "volume"})
        assert found["rho"] == pytest.approx(stats.spearmanr(abs(pair[0]), pair[1]).statistic, rel=1e-9)
        assert found["n"] == len(pair[0])
    ranges = [np.log(bar.high / bar.low) for bar in bars[1:]]
    found = of(body, move="range", lag=0, **{"with": "volume"})
    assert found["rho"] == pytest.approx(stats.spearmanr(ranges, volumes[1:]).statistic, rel=1e-9)


def test_sentiment_is_of_the_session_before(client: Client) -> None:
    """What is known before a session: news up to the close before it."""
    body = client.json("/volatility", tickers="AMZN", range="100d")
    bars, opinions = MARKET["AMZN"].bars[-101:], MARKET["AMZN"].sentiment
    pairs = [
        (bar.close / before.close - 1, opinions[before.day][0])
        for before, bar in itertools.pairwise(bars)
        if before.day in opinions
    ]
    found = of(body, move="change", lag=-1, **{"with": "sentiment"})
    assert found["n"] == len(pairs) < 100
    assert found["rho"] == pytest.approx(stats.spearmanr(*zip(*pairs, strict=True)).statistic, rel=1e-9)
    assert {row["with"] for row in body["associations"]} == {"volume", "sentiment"}
    assert not any("sentiment" in words for words in body["warnings"])


def test_without_sentiment_market_proxies_take_its_place(client: Client) -> None:
    body = client.json("/volatility", tickers="META,AMZN", range="20d")
    assert body["warnings"][-1] == (
        "No news sentiment for META; market breadth and VOO's move and range are used instead"
    )
    names = {"volume", "breadth_above_mean", "breadth_rising", "market_change", "market_range"}
    assert {row["with"] for row in body["associations"] if row["ticker"] == "META"} == names
    assert {row["with"] for row in body["associations"] if row["ticker"] == "AMZN"} == {"volume", "sentiment"}
    assert all(row["lag"] == -1 for row in body["associations"] if row["with"] != "volume")


def test_breadth_counts_the_universes_stocks(client: Client) -> None:
    """Share of stocks that rose on the session before, against QQQ's next move; META lacks a session."""
    closes = {
        ticker: {bar.day: bar.close / _split(ticker, bar.day) for bar in MARKET[ticker].bars} for ticker in STOCKS
    }
    bars = MARKET["QQQ"].bars[-21:]
    moves = [bar.close / before.close - 1 for before, bar in itertools.pairwise(bars)]
    shares = [_rising(closes, SESSIONS.index(bar.day)) for bar in bars[:-1]]
    body = client.json("/volatility", tickers="QQQ", range="20d")
    found = of(body, move="change", **{"with": "breadth_rising"})
    assert found["n"] == 20
    assert found["rho"] == pytest.approx(stats.spearmanr(moves, shares).statistic, rel=1e-9)


def test_breadth_is_the_same_whether_the_market_is_read_at_once_or_in_groups(store: DuckDBStore) -> None:
    async def breadth(at_once: int) -> dict[str, Floats]:
        published = await store.current()
        assert published is not None
        snapshot = Snapshot(published, store)
        panel = await load_panel(snapshot, ("QQQ",), Last(20, "d"), "split")
        return dict((await load_predictors(snapshot, panel, at_once))["QQQ"])

    whole, groups = asyncio.run(breadth(1_000_000)), asyncio.run(breadth(2 * 252))
    assert np.isfinite(whole["breadth_rising"]).all()
    for name, values in whole.items():
        np.testing.assert_array_equal(groups[name], values, err_msg=name)


def _split(ticker: str, day: date) -> float:
    return 10.0 if any(day < when for when in MARKET[ticker].splits) else 1.0


def _rising(closes: dict[str, dict[date, float]], place: int) -> float:
    day, before = SESSIONS[place], SESSIONS[place - 1]
    known = [each for each in closes.values() if day in each and before in each]
    return sum(each[day] > each[before] for each in known) / len(known)


def test_a_ticker_that_is_not_in_the_lake_is_null_throughout(client: Client) -> None:
    body = client.json("/volatility", tickers="AAPL", range="20d")
    (summary,) = body["summary"]
    assert {value for name, value in summary.items() if name not in {"ticker", "sessions", "returns"}} == {None}
    assert (summary["sessions"], body["rows"]) == (0, [])
    assert {(row["with"], row["rho"]) for row in body["associations"]} == {("volume", None)}
    assert not any("sentiment" in words for words in body["warnings"])


def test_unknown_dividends_give_no_figure_on_the_total_basis(client: Client) -> None:
    body = client.json("/volatility", tickers="TSLA", range="30d", basis="total")
    assert (body["summary"][0]["volatility"], body["summary"][0]["ewma_volatility"]) == (None, None)
    assert {row["daily_return"] for row in body["rows"]} == {None}
    assert any("its dividends are unknown" in words for words in body["warnings"])
