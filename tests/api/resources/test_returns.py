"""`/returns`, where the lake has gaps, begins late, or the window is short; figures are `tests/reference`'s."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import Bar, History, publish
from benchmarks.support.markets import MISSING_DAY, SESSIONS, small_market
from lake import calendar
from tests.support.client import Client

MARKET = small_market()


def test_each_ticker_keeps_its_own_sessions(client: Client) -> None:
    """Unlike /compare: META lacks a session, AMZN does not lose it."""
    body = client.json("/returns", tickers="AMZN,META", range="30d")
    assert [summary["sessions"] for summary in body["summary"]] == [30, 29]
    assert [summary["returns"] for summary in body["summary"]] == [30, 28]
    assert [summary["paired_returns"] for summary in body["summary"]] == [30, 28]
    days = {ticker: [row["time"] for row in body["rows"] if row["ticker"] == ticker] for ticker in ("AMZN", "META")}
    assert len(days["AMZN"]) == 31  # the base and 30 sessions
    assert set(days["AMZN"]) - set(days["META"]) == {f"{MISSING_DAY}T00:00:00Z"}


def test_no_daily_return_spans_a_missing_session(client: Client) -> None:
    rows = client.json("/returns", tickers="META", range="30d")["rows"]
    place = next(place for place, row in enumerate(rows) if row["time"][:10] > str(MISSING_DAY))
    assert [row["time"][:10] for row in rows if row["daily_return"] is None] == [
        str(SESSIONS[-31]),
        str(SESSIONS[SESSIONS.index(MISSING_DAY) + 1]),
    ]
    known = [1 + row["daily_return"] for row in rows if row["daily_return"] is not None]
    across = rows[place]["close"] / rows[place - 1]["close"]
    assert np.prod(known) * across - 1 == pytest.approx(rows[-1]["growth"], rel=1e-12)


def test_rows_are_ascending_in_time_then_ticker(client: Client) -> None:
    rows = client.json("/returns", tickers="VOO,AMZN,META", range="30d")["rows"]
    assert [(row["time"], row["ticker"]) for row in rows] == sorted((row["time"], row["ticker"]) for row in rows)


def test_days_of_the_extremes(client: Client) -> None:
    (summary,) = client.json("/returns", tickers="AMZN", range="60d")["summary"]
    closes = {bar.day: bar.close for bar in MARKET["AMZN"].bars[-61:]}
    days = list(closes)
    moves = {day: closes[day] / closes[before] - 1 for before, day in itertools.pairwise(days)}
    assert summary["best_day_on"] == str(max(moves, key=lambda day: moves[day]))
    assert summary["worst_day_on"] == str(min(moves, key=lambda day: moves[day]))
    depths = {day: closes[day] / max(closes[one] for one in days if one <= day) - 1 for day in days}
    trough = min(depths, key=lambda day: depths[day])
    peak = max((day for day in days if day <= trough), key=lambda day: closes[day])
    recovered = [day for day in days if day > trough and closes[day] >= closes[peak]]
    assert (summary["drawdown_peak"], summary["drawdown_trough"]) == (str(peak), str(trough))
    assert summary["drawdown_recovery"] == (str(recovered[0]) if recovered else None)
    assert summary["max_drawdown"] == pytest.approx(depths[trough], rel=1e-12)


def test_a_window_below_a_year_withholds_and_says_so(client: Client) -> None:
    body = client.json("/returns", tickers="AMZN", range="3m")
    (summary,) = body["summary"]
    assert (summary["cagr"], summary["calmar"]) == (None, None)
    assert summary["sharpe_standard_error"] == pytest.approx(2, abs=0.05)  # √(252 ÷ 65)
    assert body["warnings"][1:] == [
        "cagr and calmar are withheld: 65 sessions up to the last close are less than a year",
        (
            "an annual ratio from 65 daily returns has a standard error of about 2.0; differences below twice that are "
            "noise"
        ),
    ]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Publishes tickers with these closes alone, and gives a client."""
    with ExitStack() as stores:

        def publish_closes(**closes: Sequence[tuple[date, float]]) -> Client:
            market = {
                ticker: History([Bar(day, close, close, close, close, 1000) for day, close in history])
                for ticker, history in closes.items()
            }
            store = DuckDBStore(publish(tmp_path, market))
            stores.callback(store.close)
            return Client.of(store)

        yield publish_closes


def test_a_year_counts_sessions_of_the_exchange_not_bars_held(lake: Callable[..., Client]) -> None:
    """A double in 502 sessions, of which every other is held: 2^(252 ÷ 502) − 1 a year."""
    days = calendar.sessions(date(2023, 12, 29), date(2025, 12, 31))
    held = [*days[:-1:2], days[-1]]
    growth = [(day, 100 * 2 ** (days.index(day) / 502)) for day in held]
    growth[5] = (growth[5][0], 95.0)  # a drawdown, of 95 ÷ the highest close before
    (summary,) = lake(TSLA=growth).json("/returns", tickers="TSLA", first="2024-01-01")["summary"]
    assert (len(days), summary["sessions"]) == (503, len(held) - 1)
    assert (summary["first_session"], summary["last_session"]) == (str(held[1]), "2025-12-31")
    assert summary["cumulative_return"] == pytest.approx(1, abs=1e-12)
    assert summary["cagr"] == pytest.approx(0.4161676166, abs=1e-9)
    assert summary["calmar"] == pytest.approx(0.4161676166 / (1 - 95 / growth[4][1]), abs=1e-8)


def test_figures_run_to_the_last_close_held(lake: Callable[..., Client]) -> None:
    """The window has 260 sessions, and the ticker ends after 250 of them: 1.1^(252 ÷ 250) − 1 a year."""
    days = calendar.sessions_back(date(2026, 11, 20), 261)
    history = [(day, 100.0) for day in days[:250]] + [(days[250], 110.0)]
    client = lake(AMZN=history, VOO=[(day, 50.0) for day in days])
    (summary,) = client.json("/returns", tickers="AMZN", range="260d")["summary"]
    assert (summary["last_session"], summary["cumulative_return"]) == (str(days[250]), pytest.approx(0.1))
    assert summary["cagr"] == pytest.approx(1.1 ** (252 / 250) - 1, rel=1e-12)


def test_calmar_and_sortino_say_why_they_are_null(lake: Callable[..., Client]) -> None:
    days = calendar.sessions_back(date(2026, 11, 20), 300)
    rising = [(day, 100 + place) for place, day in enumerate(days)]
    falling = [(day, 100 - 10 * (place == 290)) for place, day in enumerate(days)]
    client = lake(AMZN=rising, META=falling, VOO=rising)
    body = client.json("/returns", tickers="AMZN,META", range="260d")
    assert [(one["calmar"] is None, one["sortino"] is None) for one in body["summary"]] == [
        (True, True),
        (False, False),
    ]
    drawdown = "AMZN: calmar is withheld: no close is below an earlier one, so that there is no drawdown"
    downside = "AMZN: sortino is withheld: no daily return is below the risk-free rate, so that there is no downside"
    assert body["warnings"][1:3] == [drawdown, downside]
    alone = client.json("/returns", tickers="AMZN", range="260d")["warnings"]
    assert alone[1:3] == [drawdown.removeprefix("AMZN: "), downside.removeprefix("AMZN: ")]
    baseless = client.json("/returns", tickers="AMZN", range="2y")["warnings"]
    assert "cagr and calmar are withheld: no close before the period is in the lake" in baseless


def test_a_year_withholds_nothing(client: Client) -> None:
    body = client.json("/returns", tickers="AMZN", range="1y")
    assert None not in body["summary"][0].values() or body["summary"][0]["drawdown_recovery"] is None
    assert body["summary"][0]["cagr"] == pytest.approx(
        (1 + body["summary"][0]["cumulative_return"]) ** (252 / 251) - 1, rel=1e-12
    )
    assert body["warnings"] == ["simulated data: the prices are invented, not a market's"]


def test_two_weeks_withhold_tails_and_intervals(client: Client) -> None:
    body = client.json("/returns", tickers="AMZN", range="2w")
    (summary,) = body["summary"]
    withheld = ("value_at_risk", "conditional_value_at_risk", "sortino", "up_capture", "volatility_low")
    assert [summary[name] for name in withheld] == [None] * 5
    assert summary["volatility"] > 0
    assert any("every interval are withheld: 10 daily returns are fewer than 20" in words for words in body["warnings"])


def test_the_risk_free_rate_lowers_the_ratio(client: Client) -> None:
    without, with_rate = (
        client.json("/returns", tickers="AMZN", range="1y", rf=rf)["summary"][0] for rf in ("0", "0.04")
    )
    lost = without["sharpe"] - with_rate["sharpe"]
    assert lost == pytest.approx((1.04 ** (1 / 252) - 1) * 252 / without["volatility"], rel=1e-9)


def test_without_a_base_cumulative_figures_are_null(client: Client) -> None:
    body = client.json("/returns", tickers="VOO", first=str(SESSIONS[0]), last=str(SESSIONS[29]))
    (summary,) = body["summary"]
    rootless = ("cumulative_return", "max_drawdown", "drawdown_trough", "excess_return", "cagr")
    assert [summary[name] for name in rootless] == [None] * 5
    assert (summary["sessions"], summary["returns"]) == (30, 29)
    assert {row["growth"] for row in body["rows"]} == {row["excess_growth"] for row in body["rows"]} == {None}
    assert [row["daily_return"] is None for row in body["rows"]] == [True] + [False] * 29


def test_a_rolling_figure_looks_back_before_the_window(client: Client) -> None:
    near, far = (client.json("/returns", tickers="AMZN", range=span)["rows"] for span in ("5d", "100d"))
    assert near[-1] | {"growth": 0, "benchmark_growth": 0, "excess_growth": 0, "drawdown": 0} == far[-1] | {
        "growth": 0,
        "benchmark_growth": 0,
        "excess_growth": 0,
        "drawdown": 0,
    }
    assert None not in [row["rolling_beta"] for row in near]


def test_a_ticker_that_is_not_in_the_lake_is_null_throughout(client: Client) -> None:
    body = client.json("/returns", tickers="AAPL,AMZN", range="20d")
    apple, amazon = body["summary"]
    assert (apple["sessions"], apple["volatility"], apple["best_day_on"], apple["beta"]) == (0, None, None, None)
    assert amazon == client.json("/returns", tickers="AMZN", range="20d")["summary"][0]
    assert {row["ticker"] for row in body["rows"]} == {"AMZN"}


def test_unknown_dividends_give_no_figure_on_the_total_basis(client: Client) -> None:
    (summary,) = client.json("/returns", tickers="TSLA", range="20d", basis="total")["summary"]
    assert (summary["volatility"], summary["cumulative_total_return"], summary["returns"]) == (None, None, 0)


def test_a_benchmark_against_itself(client: Client) -> None:
    (summary,) = client.json("/returns", tickers="VOO", range="60d")["summary"]
    assert (summary["beta"], summary["up_capture"]) == pytest.approx((1, 1), abs=1e-12)
    assert (summary["excess_return"], summary["tracking_error"], summary["information_ratio"]) == (0, 0, None)


def test_a_benchmark_with_a_gap_is_compared_on_fewer_returns_with_a_warning(client: Client) -> None:
    body = client.json("/returns", tickers="AMZN", benchmark="META", range="30d")
    (summary,) = body["summary"]
    assert (summary["returns"], summary["paired_returns"]) == (30, 28)
    words = "AMZN: beta and other figures against META use the 28 of 30 daily returns that both have"
    assert words in body["warnings"]
    (gap,) = (row for row in body["rows"] if row["time"][:10] == str(MISSING_DAY))
    assert (gap["benchmark_growth"], gap["excess_growth"], gap["rolling_beta"]) == (None, None, None)
    assert gap["growth"] is not None


def test_rolling_figures_pass_over_a_missing_session(client: Client) -> None:
    """Of the last 60 known returns, by pandas; null at the session itself, which has no row."""
    bars = small_market()["META"].bars
    closes = pd.Series([bar.close for bar in bars], [bar.day for bar in bars]).reindex(list(SESSIONS))
    known = closes.pct_change(fill_method=None).dropna()
    rolled = pd.DataFrame(
        {
            "rolling_volatility": known.rolling(60).std() * 252**0.5,
            "rolling_sharpe": known.rolling(60).mean() / known.rolling(60).std() * 252**0.5,
        }
    )
    wanted = rolled.reindex(list(SESSIONS), method="ffill")[closes.notna()].iloc[-40:]
    rows = client.json("/returns", tickers="META", range="100d")["rows"][-40:]
    assert [row["time"][:10] for row in rows] == [str(day) for day in wanted.index]
    for name in wanted:
        assert [row[name] for row in rows] == pytest.approx(wanted[name].tolist(), rel=1e-9)
