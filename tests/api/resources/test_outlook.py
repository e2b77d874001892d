"""`/outlook`: which returns enter the computation, and what the answer claims; the computation has its own tests."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from api.analytics.arrays import Floats
from api.resources.outlook.service import verdict_of
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import MISSING_DAY, SESSIONS, small_market, walk
from tests.support.client import Client

MARKET = small_market()


def basket(*tickers: str, days: tuple[date, ...]) -> Floats:
    """Daily returns of tickers that pay nothing in these days, base first, equally weighted."""
    closes = np.array([[bar.close for bar in MARKET[ticker].bars if bar.day in days] for ticker in tickers])
    moves: Floats = (closes[:, 1:] / closes[:, :-1] - 1).mean(axis=0)
    return moves


def test_past_figures_use_equal_weights_and_shared_sessions(client: Client) -> None:
    body = client.json("/outlook", a="META,AMZN", b="SCHG", range="101d")
    days = tuple(day for day in SESSIONS[-102:] if day != MISSING_DAY)
    mine, theirs = basket("META", "AMZN", days=days), basket("SCHG", days=days)
    daily = np.array(days[1:]) != SESSIONS[SESSIONS.index(MISSING_DAY) + 1]  # the move across the hole is no day's
    spread = (np.log1p(mine) - np.log1p(theirs))[daily]
    wanted = {
        "sessions": 99,
        "mean_spread": spread.mean() * 252,
        "standard_error": spread.std(ddof=1) / np.sqrt(99) * 252,
        "tracking_error": spread.std(ddof=1) * np.sqrt(252),
        "t_statistic": spread.mean() / spread.std(ddof=1) * np.sqrt(99),
    }
    assert {name: body["past"][name] for name in wanted} == pytest.approx(wanted, rel=1e-9)
    first, second = body["baskets"]
    assert (first["basket"], first["name"], first["tickers"]) == ("a", "META+AMZN", ["META", "AMZN"])
    assert first["past_return"] == pytest.approx(np.prod(1 + mine) - 1)
    assert second["past_volatility"] == pytest.approx(theirs[daily].std(ddof=1) * np.sqrt(252))
    assert body["rows"][-1]["growth"] == pytest.approx(np.prod(1 + theirs) - 1)
    assert [row["growth"] for row in body["rows"][:2]] == [0, 0]
    assert len(body["rows"]) == 202
    assert "the baskets share 100 of the period's 101 sessions" in body["warnings"]


def test_dividends_are_included(client: Client) -> None:
    """NVDA pays 0.02 on an ex-date in the window: its total return is above that of its closes."""
    body = client.json("/outlook", a="NVDA", b="AMZN", range="100d")
    closes = [bar.close / (10 if bar.day < SESSIONS[250] else 1) for bar in MARKET["NVDA"].bars[-101:]]
    before = closes[290 - 200]
    growth = closes[-1] / closes[0] * before / (before - 0.02) - 1
    assert body["meta"]["basis"] == "total"
    assert body["baskets"][0]["past_return"] == pytest.approx(growth, rel=1e-4)
    assert body["baskets"][0]["past_return"] > closes[-1] / closes[0] - 1


@pytest.mark.parametrize(("a", "b"), [("META,GOOGL", "VOO,SCHG"), ("AMZN", "NVDA"), ("VOO", "VOO,QQQ")])
def test_swapping_the_baskets_gives_the_complement_exactly(client: Client, a: str, b: str) -> None:
    one, other = client.json("/outlook", a=a, b=b), client.json("/outlook", a=b, b=a)
    for mine, theirs in zip(one["sensitivity"], other["sensitivity"], strict=True):
        assert mine["p_a_beats_b"] + theirs["p_a_beats_b"] == 1
        assert mine["weight_on_history"] == theirs["weight_on_history"]
    mine, theirs = one["summary"][0], other["summary"][0]
    assert mine["p_a_beats_b"] + theirs["p_a_beats_b"] == 1
    assert (1 + mine["spread_05"]) * (1 + theirs["spread_95"]) == pytest.approx(1)
    assert one["baskets"][0]["return_05"] == other["baskets"][1]["return_05"]
    assert one["past"]["mean_spread"] == -other["past"]["mean_spread"]


def test_the_order_of_members_and_a_repetition_change_nothing(client: Client) -> None:
    names = ["META", "GOOGL", "NVDA", "AMZN", "QQQ"]
    one, other = client.json("/outlook", a=",".join(names)), client.json("/outlook", a=",".join(names[::-1]))
    assert one["summary"][0] | {"a": ""} == other["summary"][0] | {"a": ""}
    assert [row["growth"] for row in one["rows"]] == [row["growth"] for row in other["rows"]]  # to the last bit
    assert client.json("/outlook", a=",".join([*names, "meta"])) == one


def test_a_basket_against_itself_has_even_odds(client: Client) -> None:
    body = client.json("/outlook", a="VOO,SCHG", b="SCHG,VOO")
    (summary,) = body["summary"]
    assert (summary["p_a_beats_b"], summary["p_low"], summary["p_high"]) == (0.5, 0.5, 0.5)
    assert summary["verdict"] == "no reliable difference"
    assert (body["past"]["t_statistic"], body["past"]["years_for_power"]) == (None, None)
    assert body["power"] == "The two baskets moved identically, so there is no difference to find."


def test_the_answer_states_its_uncertainty(client: Client) -> None:
    body = client.json("/outlook")
    (summary,) = body["summary"]
    chances = [row["p_a_beats_b"] for row in body["sensitivity"]]
    windows = {(row["range"], row["tau"]) for row in body["sensitivity"]}
    assert windows == {(window, tau) for window in ("4m", "5m", "6m") for tau in (0.05, 0.1, 0.2)}
    assert (summary["p_low"], summary["p_high"]) == (min(chances), max(chances))
    assert summary["p_low"] <= summary["p_a_beats_b"] <= summary["p_high"]
    assert summary["monte_carlo_error"] == pytest.approx(0.005, abs=2e-4)
    assert summary["spread_05"] < summary["spread_25"] < summary["spread_50"] < summary["spread_75"]
    assert body["advice"] == "not advice"
    assert {name: body["assumptions"][name] for name in ("tau", "long_run", "paths")} == {
        "tau": 0.1,
        "long_run": 0.08,
        "paths": 10_000,
    }
    years = (1.959964 + 0.841621) ** 2 * (body["past"]["tracking_error"] / 0.10) ** 2
    assert body["past"]["years_for_power"] == pytest.approx(years)
    assert f"about {years:.0f} years of history" in body["power"]


def test_each_baskets_interval_is_centred_on_the_long_run_return(client: Client) -> None:
    usual, higher = client.json("/outlook"), client.json("/outlook", long_run="0.2")
    for before, after in zip(usual["baskets"], higher["baskets"], strict=True):
        assert before["return_50"] == pytest.approx(1.08**0.25 - 1, abs=0.01)
        assert (1 + after["return_05"]) / (1 + before["return_05"]) == pytest.approx((1.2 / 1.08) ** 0.25)
    assert usual["summary"] == higher["summary"]


def test_a_prior_of_zero_gives_even_odds(client: Client) -> None:
    (summary,) = client.json("/outlook", a="AMZN", b="NVDA", tau="0")["summary"]
    assert summary["weight_on_history"] == 0
    assert summary["p_a_beats_b"] == pytest.approx(0.5, abs=0.05)  # but for the skew of what is resampled


@pytest.mark.parametrize(
    ("chance", "verdict"),
    [
        (0.5999, "no reliable difference"),
        (0.4001, "no reliable difference"),
        (0.60, "slight lean to A"),
        (0.40, "slight lean to B"),
    ],
)
def test_verdicts(chance: float, verdict: str) -> None:
    assert verdict_of(chance) == verdict


def test_98_sessions_are_too_few_and_99_are_not(client: Client) -> None:
    assert client.get("/outlook", {"a": "AMZN", "b": "VOO", "range": "99d"}).status_code == 200
    response = client.get("/outlook", {"a": "AMZN", "b": "VOO", "range": "98d"})
    body = response.json()
    assert (response.status_code, body["parameter"], body["value"]) == (422, "range", "98d")
    assert (body["sessions"], body["needed"]) == (98, 99)
    assert body["message"] == (
        "AMZN and VOO share 98 daily total returns in 98d, and an outlook needs at least 99: take a longer range"
    )


def test_a_ticker_without_total_returns_is_the_reason(client: Client) -> None:
    body = client.get("/outlook", {"a": "AAPL", "b": "TSLA"}).json()
    assert (body["status"], body["sessions"]) == (422, 0)
    assert "AAPL: not in the lake (its splits are unknown)" in body["message"]
    assert "TSLA: its dividends are unknown" in body["message"]
    assert "take a longer range" not in body["message"]  # which would not help


@pytest.mark.parametrize("path", ["/outlook", "/questions/outlook"])
def test_unknown_dividends_are_the_first_reason(client: Client, path: str) -> None:
    body = client.get(path, {"a": "TSLA", "b": "META"}).json()
    reason = body["reason"] if "reason" in body else body["message"]
    first, second, *others = reason.split("; ")
    assert first == "TSLA: its dividends are unknown, so no total return is given"
    assert second == "TSLA and META share 0 daily total returns in 6m, and an outlook needs at least 99"
    assert others[0].startswith("META: 127 of the period's 128 sessions are in the lake")


def test_a_closed_market_is_the_first_reason(client: Client) -> None:
    body = client.get("/outlook", {"from": "2026-09-05", "to": "2026-09-07"}).json()
    assert body["message"].startswith("the market was closed from 2026-09-05 to 2026-09-07")


def test_a_window_in_the_past_knows_nothing_of_what_followed(client: Client) -> None:
    span = {"first": str(SESSIONS[100]), "last": str(SESSIONS[240])}
    body = client.json("/outlook", a="AMZN", b="VOO", **span)
    mine = basket("AMZN", days=SESSIONS[99:241])
    assert body["baskets"][0]["past_return"] == pytest.approx(np.prod(1 + mine) - 1)
    assert {row["range"] for row in body["sensitivity"]} == {f"{SESSIONS[100]}..{SESSIONS[240]}", "4m", "5m", "6m"}


def test_a_window_with_too_little_history_is_omitted_with_a_warning(tmp_path: Path) -> None:
    thin = [bar for bar in walk(1, SESSIONS, 50) if not SESSIONS[-80] <= bar.day < SESSIONS[-40]]
    store = DuckDBStore(publish(tmp_path, {"AMZN": History(thin), "VOO": History(walk(2, SESSIONS, 50))}))
    body = Client.of(store).json("/outlook", a="AMZN", b="VOO", range="160d")
    store.close()
    assert {row["range"] for row in body["sensitivity"]} == {"160d", "5m", "6m"}
    (words,) = [one for one in body["warnings"] if one.startswith("4m")]
    assert words.startswith("4m: the baskets share 47 daily total returns there, fewer than 60")


def test_alternative_windows_begin_before_a_shorter_window(client: Client) -> None:
    body = client.json("/outlook", a="AMZN", b="VOO", range="100d")
    found = {row["range"]: row["sessions"] for row in body["sensitivity"]}
    assert found == {"100d": 100, "4m": 88, "5m": 108, "6m": 128}


def test_without_a_base_growth_is_null(client: Client) -> None:
    body = client.json("/outlook", a="AMZN", b="VOO", first=str(SESSIONS[0]))
    assert [one["past_return"] for one in body["baskets"]] == [None, None]
    assert {row["growth"] for row in body["rows"]} == {None}
    assert body["rows"][0]["time"][:10] == str(SESSIONS[1])
    assert body["past"]["sessions"] == 299


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"a": ""}, "a"),
        ({"b": "VOO;"}, "b"),
        ({"horizon": "1y"}, "horizon"),
        ({"horizon": "0d"}, "horizon"),
        ({"horizon": "127d"}, "horizon"),
        ({"tau": "0.21"}, "tau"),
        ({"tau": "nan"}, "tau"),
        ({"long_run": "-0.6"}, "long_run"),
    ],
)
def test_parameters_are_refused_by_name(client: Client, query: dict[str, str], parameter: str) -> None:
    response = client.get("/outlook", query)
    assert (response.status_code, response.json()["parameter"]) == (400, parameter)


def test_both_baskets_together_are_one_question(client: Client) -> None:
    names = [f"{one}{two}" for one in "ABCDEF" for two in "ABCDEFGHIJ"]
    response = client.get("/outlook", {"a": ",".join(names[:30]), "b": ",".join(names[30:])})
    assert (response.status_code, response.json()["parameter"]) == (400, "b")
    assert response.json()["bound"] == "at most 50 tickers"
