"""`/portfolio` over the sample market, against pandas and what must hold of any portfolio."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.support.markets import small_market
from tests.support.client import Client

MARKET = small_market()
WEIGHTS = "NVDA:0.2,VOO:0.5,GOOGL:0.3"


def prices_of(client: Client, tickers: str, basis: str, **query: str) -> pd.DataFrame:
    rows = client.json("/prices", tickers=tickers, basis=basis, **query)["rows"]
    return pd.DataFrame(rows).pivot(index="time", columns="ticker", values="close")


def values_of(body: dict[str, object], name: str = "portfolio") -> pd.Series:
    rows = pd.DataFrame(body["rows"])
    return rows[rows["ticker"] == name].set_index("time")["value"]


def test_a_monthly_portfolio_is_that_of_pandas(client: Client) -> None:
    body = client.json("/portfolio", weights=WEIGHTS, range="150d", rebalance="monthly")
    closes = prices_of(client, "NVDA,VOO,GOOGL", "total", range="151d")
    targets = pd.Series({"NVDA": 0.2, "VOO": 0.5, "GOOGL": 0.3})
    shares, values = targets / closes.iloc[0], []
    month = [time[:7] for time in closes.index]
    for place, (_, day) in enumerate(closes.iterrows()):
        value = float((shares * day).sum())
        values.append(value)
        if 0 < place < len(closes) - 1 and month[place] != month[place + 1]:
            shares = targets * value / day
    expected = pd.Series(values, closes.index)
    assert np.allclose(values_of(body), expected, rtol=1e-9)
    (summary, *_) = body["summary"]
    returns = expected.pct_change().dropna()
    assert summary["cumulative_return"] == pytest.approx(expected.iloc[-1] - 1, rel=1e-9)
    assert summary["volatility"] == pytest.approx(returns.std() * 252**0.5, rel=1e-9)
    assert summary["max_drawdown"] == pytest.approx((expected / expected.cummax() - 1).min(), rel=1e-9)
    assert len(body["rebalances"]) == len(set(month)) - 1 - (month[0] != month[1])


def test_contributions_sum_to_the_whole(client: Client) -> None:
    body = client.json("/portfolio", weights=WEIGHTS, range="150d", rebalance="weekly", cost_bps="25")
    contributed = sum(one["contribution_to_return"] for one in body["holdings"])
    assert body["cost_paid"] > 0
    assert contributed - body["cost_paid"] == pytest.approx(body["summary"][0]["cumulative_return"], abs=1e-12)
    assert sum(one["contribution_to_risk"] for one in body["holdings"]) == pytest.approx(1, abs=1e-12)
    assert sum(one["end_weight"] for one in body["holdings"]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("rebalance", ["none", "daily", "weekly", "monthly", "quarterly", "yearly"])
def test_all_in_one_holding_is_the_ticker(client: Client, rebalance: str) -> None:
    (ticker,) = client.json("/returns", tickers="NVDA", basis="total", range="150d")["summary"]
    for weights in ("NVDA:1", "NVDA:100,VOO:0"):
        body = client.json("/portfolio", weights=weights, range="150d", rebalance=rebalance)
        own = body["summary"][0]
        figures = [name for name in own if name in ticker and name != "ticker" and ticker[name] is not None]
        assert len(figures) > 30
        assert [own[name] for name in figures] == pytest.approx([ticker[name] for name in figures], rel=1e-9)


def test_equal_weights_restored_daily_are_a_basket_of_the_outlook(client: Client) -> None:
    body = client.json("/portfolio", weights="equal:VOO,GOOGL", range="150d", rebalance="daily")
    rows = client.json("/outlook", a="VOO,GOOGL", b="NVDA", range="150d")["rows"]
    basket = [1 + row["growth"] for row in rows if row["basket"] == "a"]
    assert np.allclose(values_of(body), basket, rtol=1e-12)
    assert np.allclose(values_of(body, "equal_weight"), basket, rtol=1e-12)


def test_the_order_of_holdings_changes_no_bit(client: Client) -> None:
    one, other = (
        client.json("/portfolio", weights=weights, range="150d", rebalance="weekly", cost_bps="10")
        for weights in (WEIGHTS, "GOOGL:0.3,NVDA:0.2,VOO:0.5")
    )
    assert one["rows"] == other["rows"]
    assert one["summary"] == other["summary"]
    assert [holding["ticker"] for holding in other["holdings"]] == ["GOOGL", "NVDA", "VOO"]
    assert sorted(one["holdings"], key=str) == sorted(other["holdings"], key=str)


def test_a_year_of_dividends_is_what_the_bases_differ_by(client: Client) -> None:
    total, split = (
        client.json("/portfolio", weights="NVDA:1", range="290d", basis=basis) for basis in ("total", "split")
    )
    assert (total["meta"]["basis"], split["meta"]["basis"]) == ("total", "split")
    assert split["summary"][0]["cumulative_return"] < total["summary"][0]["cumulative_return"]
    assert split["summary"][0]["cumulative_total_return"] == total["summary"][0]["cumulative_total_return"]


def test_weeks_are_sampled_and_summaries_are_daily(client: Client) -> None:
    daily, weekly = (client.json("/portfolio", weights=WEIGHTS, range="150d", interval=each) for each in ("1d", "1w"))
    assert weekly["summary"] == daily["summary"]
    assert 3 * 30 < len(weekly["rows"]) < 3 * 34
    assert values_of(weekly).iloc[-1] == values_of(daily).iloc[-1]


def test_without_a_shared_base_there_is_no_portfolio_and_a_reason(client: Client) -> None:
    body = client.json("/portfolio", weights="NEWCO:0.5,VOO:0.5", range="150d")
    assert body["summary"][0]["cumulative_return"] is None
    assert {holding["contribution_to_return"] for holding in body["holdings"]} == {None}
    assert any("NEWCO: no close at the base" in warning for warning in body["warnings"])


def test_a_holding_that_is_not_in_the_lake_leaves_no_portfolio_and_a_reason(client: Client) -> None:
    body = client.json("/portfolio", weights="AAPL:0.5,VOO:0.5", range="1w")
    assert {row["value"] for row in body["rows"] if row["ticker"] == "portfolio"} == {None}
    assert any("AAPL: no close at the base, 2026-11-13, so no portfolio" in warning for warning in body["warnings"])


@pytest.mark.parametrize("window", [{"first": "2026-11-21"}, {"first": "2026-09-05", "last": "2026-09-07"}])
def test_a_period_without_a_session_has_one_reason(client: Client, window: dict[str, str]) -> None:
    warnings = client.json("/portfolio", weights="NVDA:0.5,VOO:0.5", **window)["warnings"]
    assert len(warnings) == 2  # that the data is simulated, and why the period is empty
    assert not any("no portfolio" in warning for warning in warnings)


def test_a_window_without_sessions_is_answered(client: Client) -> None:
    body = client.json("/portfolio", weights=WEIGHTS, first="2030-01-01", last="2030-02-01")
    assert body["rows"] == []
    assert body["summary"][0]["volatility"] is None


def test_bad_weights_name_parameter_value_and_bound(client: Client) -> None:
    problem = client.get("/portfolio", {"weights": "NVDA:0.5,VOO:0.6"}).json()
    assert (problem["status"], problem["parameter"]) == (400, "weights")
    assert "sums to 1.1" in problem["detail"]
    assert client.get("/portfolio", {"weights": "NOPE:1"}).status_code == 404


def test_weights_come_where_they_are_asked_for(client: Client) -> None:
    query = {"weights": WEIGHTS, "range": "60d", "rebalance": "weekly"}
    whole, part = client.json("/portfolio", **query), client.json("/portfolio", **query, part="weights")
    assert (whole["weights"], part["rows"]) == ([], [])
    assert len(part["weights"]) == 3 * 61
    first = {row["ticker"]: row["weight"] for row in part["weights"][:3]}
    assert first == pytest.approx({"NVDA": 0.2, "VOO": 0.5, "GOOGL": 0.3})
    daily = pd.DataFrame(part["weights"]).groupby("time")["weight"].sum()
    assert np.allclose(daily, 1, rtol=1e-12)
    restored = {one["session"] for one in part["rebalances"]} or {one["session"] for one in whole["rebalances"]}
    assert {row["time"][:10] for row in part["weights"] if row["weight"] == 0.5} >= restored
    text = client.get("/portfolio", query | {"part": "holdings", "format": "csv"}).text
    assert text.splitlines()[0].startswith("ticker,target_weight,end_weight")


def test_no_benchmark_leaves_its_figures_null(client: Client) -> None:
    body = client.json("/portfolio", weights=WEIGHTS, range="60d", benchmark="none")
    assert [one["ticker"] for one in body["summary"]] == ["portfolio", "equal_weight"]
    assert {one["beta"] for one in body["summary"]} == {None}
    assert {row["ticker"] for row in body["rows"]} == {"portfolio", "equal_weight"}
