"""`/compare`, against hand values and numpy over the bars the lake was written from."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.support.markets import MISSING_DAY, NVDA_DIVIDENDS, SESSIONS, small_market
from tests.support.client import Client

MARKET = small_market()
AFTER_MISSING = SESSIONS[SESSIONS.index(MISSING_DAY) + 1]


def closes(ticker: str, last: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The last closes of a ticker, none of them before a split."""
    return np.array([bar.close for bar in MARKET[ticker].bars[-last:]])


def daily_returns(ticker: str, last: int) -> dict[date, float]:
    """The returns between the last sessions that follow each other, META's missing day and the one after left out."""
    bars = {bar.day: bar.close for bar in MARKET[ticker].bars if bar.day != MISSING_DAY}
    days = SESSIONS[-last:]
    return {day: bars[day] / bars[before] - 1 for before, day in pairwise(days) if before in bars and day in bars}


def test_figures_of_a_window(client: Client) -> None:
    (amazon,) = client.json("/compare", tickers="AMZN", range="20d")["summary"]
    prices, market = closes("AMZN", 21), closes("VOO", 21)
    moves, market_moves = prices[1:] / prices[:-1] - 1, market[1:] / market[:-1] - 1
    wanted = {
        "cumulative_return": prices[-1] / prices[0] - 1,
        "cumulative_total_return": prices[-1] / prices[0] - 1,  # it pays no dividend
        "average_daily_return": np.mean(moves),
        "volatility": np.std(moves, ddof=1) * np.sqrt(252),
        "best_day": max(moves),
        "excess_return": prices[-1] / prices[0] - market[-1] / market[0],
        "beta": np.cov(moves, market_moves)[0, 1] / np.var(market_moves, ddof=1),
        "correlation_to_benchmark": np.corrcoef(moves, market_moves)[0, 1],
    }
    assert (amazon["sessions"], amazon["returns"]) == (20, 20)
    assert {name: amazon[name] for name in wanted} == pytest.approx(wanted, rel=1e-9)


def test_total_return_counts_the_dividend_whatever_the_basis(client: Client) -> None:
    (summary,) = client.json("/compare", tickers="NVDA", range="20d")["summary"]
    prices = closes("NVDA", 21)
    day = 290 - (300 - 21)  # of SESSIONS[290], the ex-date, in `prices`
    paid = NVDA_DIVIDENDS[SESSIONS[290]]
    growth = prices[-1] / prices[0] * (prices[day] + paid) / prices[day]
    assert summary["cumulative_total_return"] == pytest.approx(growth - 1, rel=1e-9)
    assert summary["cumulative_return"] == pytest.approx(prices[-1] / prices[0] - 1, rel=1e-9)
    (total,) = client.json("/compare", tickers="NVDA", range="20d", basis="total")["summary"]
    assert total["cumulative_return"] == pytest.approx(growth - 1, rel=1e-9)


def test_growth_begins_at_the_base_with_zero(client: Client) -> None:
    rows = client.json("/compare", tickers="VOO,AMZN", range="10d")["rows"]
    assert [row["ticker"] for row in rows] == ["AMZN", "VOO"] * 11
    assert [(row["time"][:10], row["growth"], row["drawdown"]) for row in rows[:2]] == [(str(SESSIONS[-11]), 0, 0)] * 2
    prices = closes("VOO", 11)
    assert rows[-1]["growth"] == pytest.approx(prices[-1] / prices[0] - 1)
    assert rows[-1]["drawdown"] == pytest.approx(prices[-1] / max(prices) - 1)


def test_tickers_are_paired_on_the_sessions_they_share(client: Client) -> None:
    body = client.json("/compare", tickers="AMZN,META", range="30d")
    shared = [f"{day}T00:00:00Z" for day in SESSIONS[-31:] if day != MISSING_DAY]
    assert sorted({row["time"] for row in body["rows"]}) == shared
    assert [summary["sessions"] for summary in body["summary"]] == [29, 29]
    assert "compared on the 29 sessions that AMZN, META share" in body["warnings"]
    assert [summary["returns"] for summary in body["summary"]] == [28, 28]  # none to the missing day, none from it
    mine, others = (list(daily_returns(ticker, 31).values()) for ticker in ("AMZN", "META"))
    assert body["correlation"] == [
        {
            "ticker": "AMZN",
            "other": "META",
            "correlation": pytest.approx(np.corrcoef(mine, others)[0, 1]),
            "sessions": 28,
        }
    ]


def test_the_benchmark_is_paired_separately(client: Client) -> None:
    """META as benchmark lacks a session; AMZN's own figures keep it."""
    body = client.json("/compare", tickers="AMZN", benchmark="META", range="30d")
    (amazon,) = body["summary"]
    mine, theirs = (list(daily_returns(ticker, 31).values()) for ticker in ("AMZN", "META"))
    assert (amazon["sessions"], amazon["returns"], amazon["paired_returns"]) == (30, 30, 28)
    assert "AMZN: beta and other figures against META use the 28 of 30 daily returns that both have" in body["warnings"]
    assert amazon["beta"] == pytest.approx(np.polyfit(theirs, mine, 1)[0])


def test_without_a_base_cumulative_figures_are_null(client: Client) -> None:
    body = client.json("/compare", tickers="VOO", first=str(SESSIONS[0]), last=str(SESSIONS[9]))
    (summary,) = body["summary"]
    rootless = ("cumulative_return", "cumulative_total_return", "max_drawdown", "excess_return")
    assert [summary[name] for name in rootless] == [None] * 4
    assert (summary["sessions"], summary["returns"]) == (10, 9)
    assert summary["volatility"] > 0
    assert {row["growth"] for row in body["rows"]} == {row["drawdown"] for row in body["rows"]} == {None}
    assert len(body["rows"]) == 10
    assert body["warnings"][1] == (
        f"VOO: no close before the period is in the lake, which begins on {SESSIONS[0]}; no cumulative figure is given"
    )


def test_a_window_that_the_lake_cannot_fill_has_a_warning(client: Client) -> None:
    body = client.json("/compare", tickers="AMZN", range="2y")
    (coverage, _) = body["meta"]["coverage"]
    assert coverage["found"] == 300
    assert coverage["ratio"] < 1
    assert body["warnings"][1] == (
        f"AMZN: 300 of the period's {coverage['expected']} sessions are in the lake, which begins on {SESSIONS[0]}; "
        "without a close before the period no cumulative figure is given"
    )


def test_a_base_that_one_ticker_lacks_is_used_for_none(client: Client) -> None:
    body = client.json("/compare", tickers="AMZN,NEWCO", first=str(SESSIONS[200]))
    assert [summary["cumulative_return"] for summary in body["summary"]] == [None, None]
    assert any(
        f"NEWCO: no close on {SESSIONS[199]}, the session before the period" in words for words in body["warnings"]
    )


def test_max_begins_where_the_last_of_them_does(client: Client) -> None:
    body = client.json("/compare", tickers="AMZN,NEWCO", range="max")
    assert body["meta"]["window"]["base"] == str(SESSIONS[200])
    assert None not in [summary["cumulative_return"] for summary in body["summary"]]
    words = f"when the history of NEWCO starts; there is data of AMZN since {SESSIONS[0]}"
    assert f"max starts on {SESSIONS[200]}, {words}" in body["warnings"]


def test_max_of_one_ticker_begins_with_its_first_session(client: Client) -> None:
    body = client.json("/compare", tickers="NEWCO", range="max")
    assert (len(body["rows"]), body["rows"][0]["time"][:10]) == (100, str(SESSIONS[200]))
    assert not any(words.startswith("max begins") for words in body["warnings"])


@pytest.mark.parametrize("path", ["/compare", "/returns"])
def test_meta_says_which_risk_free_rate_the_figures_use(client: Client, path: str) -> None:
    assert client.json(path, tickers="VOO", rf="0.02")["meta"]["rf"] == 0.02
    assert client.json(path, tickers="VOO")["meta"]["rf"] == 0
    assert client.json("/prices", tickers="VOO")["meta"]["rf"] is None


def test_unknown_dividends_give_no_total_return(client: Client) -> None:
    body = client.json("/compare", tickers="TSLA,VOO", range="20d")
    assert body["summary"][0]["cumulative_total_return"] is None
    assert body["summary"][0]["cumulative_return"] is not None
    assert body["summary"][1]["cumulative_total_return"] is not None
    total = client.json("/compare", tickers="TSLA,VOO", range="20d", basis="total")
    assert total["summary"][0]["volatility"] is None
    assert total["summary"][1]["volatility"] > 0


def test_a_ticker_that_is_not_in_the_lake_does_not_affect_the_others(client: Client) -> None:
    body = client.json("/compare", tickers="AAPL,AMZN", range="20d")
    apple, amazon = body["summary"]
    assert (apple["sessions"], apple["cumulative_return"], apple["beta"]) == (0, None, None)
    assert amazon == client.json("/compare", tickers="AMZN", range="20d")["summary"][0]
    assert body["correlation"] == []


def test_daily_returns_use_shared_sessions(client: Client) -> None:
    rows = [row for row in client.json("/compare", tickers="AMZN,META", range="30d")["rows"] if row["ticker"] == "AMZN"]
    found = {row["time"][:10]: row["daily_return"] for row in rows}
    known = {str(day): value for day, value in daily_returns("AMZN", 31).items()}
    assert {day for day, value in found.items() if value is None} == {str(SESSIONS[-31]), str(AFTER_MISSING)}
    assert {day: value for day, value in found.items() if value is not None} == pytest.approx(known)


def test_diversification_of_an_equal_mix(client: Client) -> None:
    found = client.json("/compare", tickers="AMZN,VOO", range="60d")["diversification"]
    moves = np.array([closes(ticker, 61)[1:] / closes(ticker, 61)[:-1] - 1 for ticker in ("AMZN", "VOO")])
    mixed = np.std(moves.mean(axis=0), ddof=1) * np.sqrt(252)
    parts = np.std(moves, axis=1, ddof=1).mean() * np.sqrt(252)
    assert (found["tickers"], found["returns"]) == (["AMZN", "VOO"], 60)
    assert (found["mix_volatility"], found["mean_volatility"]) == pytest.approx((mixed, parts), rel=1e-9)
    assert found["ratio"] == pytest.approx(mixed / parts, rel=1e-9)


def test_one_ticker_or_none_has_no_volatility_ratio(client: Client) -> None:
    alone = client.json("/compare", tickers="AMZN", range="60d")["diversification"]
    assert (alone["tickers"], alone["ratio"]) == (["AMZN"], None)
    assert alone["mix_volatility"] == pytest.approx(alone["mean_volatility"])
    nothing = client.json("/compare", tickers="AAPL", range="60d")["diversification"]
    assert nothing == {"tickers": [], "returns": 0, "mix_volatility": None, "mean_volatility": None, "ratio": None}


def test_a_ticker_without_total_returns_does_not_spoil_the_mix_of_the_others(client: Client) -> None:
    body = client.json("/compare", tickers="TSLA,VOO,AMZN", range="60d", basis="total")
    others = client.json("/compare", tickers="VOO,AMZN", range="60d", basis="total")
    assert body["diversification"] == others["diversification"]
    assert body["summary"][1:] == others["summary"]


def test_excess_three_ways_and_the_ratio_for_risk(client: Client) -> None:
    (amazon,) = client.json("/compare", tickers="AMZN", range="60d", rf="0.05")["summary"]
    mine, theirs = (closes(ticker, 61)[-1] / closes(ticker, 61)[0] - 1 for ticker in ("AMZN", "VOO"))
    assert amazon["excess_return"] == pytest.approx(mine - theirs)
    assert amazon["excess_return_geometric"] == pytest.approx((1 + mine) / (1 + theirs) - 1)
    assert amazon["excess_return_ratio"] == (pytest.approx(mine / theirs) if theirs > 0 else None)
    moves = closes("AMZN", 61)[1:] / closes("AMZN", 61)[:-1] - 1.05 ** (1 / 252)
    assert amazon["sharpe"] == pytest.approx(np.mean(moves) / np.std(moves, ddof=1) * np.sqrt(252), rel=1e-9)
