"""`/seasonality`, against scipy over the bars the lake was written from."""

import itertools

import numpy as np
import pytest
from scipy import stats

from api.resources.seasonality.service import describe_verdict
from benchmarks.support.markets import MISSING_DAY, SESSIONS, small_market
from tests.support.client import Client

MARKET = small_market()
NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def by_weekday(count: int) -> dict[int, list[float]]:
    bars = MARKET["AMZN"].bars[-count - 1 :]
    groups: dict[int, list[float]] = {weekday: [] for weekday in range(1, 6)}
    for before, bar in itertools.pairwise(bars):
        groups[bar.day.isoweekday()].append(bar.close / before.close - 1)
    return groups


def test_means_and_intervals_of_five_weekdays(client: Client) -> None:
    rows = client.json("/seasonality", tickers="AMZN", range="250d")["rows"]
    assert [(row["ticker"], row["name"]) for row in rows] == [("AMZN", name) for name in NAMES]
    bars = MARKET["AMZN"].bars[-250:]
    for row, (weekday, moves) in zip(rows, by_weekday(250).items(), strict=True):
        low, high = stats.t.interval(0.95, len(moves) - 1, loc=np.mean(moves), scale=stats.sem(moves))
        of_day = [bar for bar in bars if bar.day.isoweekday() == weekday]
        figures = {name: value for name, value in row.items() if name not in {"ticker", "name"}}
        assert figures == pytest.approx(
            {
                "weekday": weekday,
                "sessions": len(moves),
                "mean_return": np.mean(moves),
                "low": low,
                "high": high,
                "share_positive": sum(move > 0 for move in moves) / len(moves),
                "mean_range_ratio": np.mean([(bar.high - bar.low) / bar.open for bar in of_day]),
                "mean_volume": np.mean([bar.volume for bar in of_day if bar.volume is not None]),
            },
            rel=1e-9,
        )


def test_the_joint_test_of_five_weekdays(client: Client) -> None:
    body = client.json("/seasonality", tickers="AMZN", range="250d")
    wanted = stats.kruskal(*by_weekday(250).values())
    assert body["summary"] == [
        {
            "ticker": "AMZN",
            "sessions": 250,
            "kruskal_wallis": pytest.approx(wanted.statistic, rel=1e-9),
            "p_value": pytest.approx(wanted.pvalue, rel=1e-9),
            "verdict": f"One weekday of five can look special by chance; overall: no effect (p = {wanted.pvalue:.2f})",
        }
    ]
    assert wanted.pvalue >= 0.05


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (0.53, "no effect (p = 0.53)"),
        (0.05, "no effect (p = 0.050)"),
        (0.049, "the weekdays differ (p = 0.049)"),
        (0.012, "the weekdays differ (p = 0.01)"),
        (0.0099, "the weekdays differ (p < 0.01)"),
    ],
)
def test_the_verdict_in_words(p_value: float, words: str) -> None:
    assert describe_verdict(p_value) == f"One weekday of five can look special by chance; overall: {words}"
    assert describe_verdict(None) is None


def test_a_short_window_has_no_verdict(client: Client) -> None:
    body = client.json("/seasonality", tickers="AMZN,NVDA", range="20d")
    assert [(one["p_value"], one["verdict"]) for one in body["summary"]] == [(None, None)] * 2
    assert body["warnings"][-1].startswith("AMZN, NVDA: too little data to judge weekdays; a weekday has fewer")


def test_a_return_across_a_missing_session_belongs_to_no_weekday(client: Client) -> None:
    (whole,) = client.json("/seasonality", tickers="AMZN", range="30d")["summary"]
    (gap,) = client.json("/seasonality", tickers="META", range="30d")["summary"]
    assert (whole["sessions"], gap["sessions"]) == (30, 28)
    assert MISSING_DAY in SESSIONS[-30:]


def test_a_ticker_that_is_not_in_the_lake_is_null_throughout(client: Client) -> None:
    body = client.json("/seasonality", tickers="AAPL", range="20d")
    assert {row["mean_return"] for row in body["rows"]} == {row["mean_volume"] for row in body["rows"]} == {None}
    assert body["summary"][0]["sessions"] == 0
