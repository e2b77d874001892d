"""`/outlook/calibration`: forecasts, scores, and what is claimed of them."""

from collections.abc import Iterator

import numpy as np
import pytest

from api.resources.outlook.calibration import describe_skill
from api.resources.outlook.schemas import CalibrationSummary, Method
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import LAST, walk
from lake import calendar
from tests.support.client import Client

LONG = tuple(calendar.sessions_back(LAST, 126 + 63 * 32 + 1))
MARKET = {ticker: seed for seed, ticker in enumerate(("AMZN", "NVDA", "META", "TSLA", "VOO", "QQQ", "AAPL", "MSFT"), 1)}


@pytest.fixture(scope="module")
def long_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Eight tickers with a history of 32 forecasts."""
    market = {ticker: History(walk(seed, LONG, 50)) for ticker, seed in MARKET.items()}
    store = DuckDBStore(publish(tmp_path_factory.mktemp("long"), market))
    yield Client.of(store)
    store.close()


def test_every_forecast_and_its_outcome(long_client: Client) -> None:
    body = long_client.json("/outlook/calibration", a="AMZN", b="VOO")
    rows = body["rows"]
    assert len(rows) == 32
    assert [row["time"][:10] for row in rows] == [str(LONG[126 + 63 * place]) for place in range(32)]
    mine, theirs = (np.array([bar.close for bar in walk(seed, LONG, 50)]) for seed in (MARKET["AMZN"], MARKET["VOO"]))
    spreads = [mine[p + 63] / mine[p] / (theirs[p + 63] / theirs[p]) - 1 for p in range(126, len(LONG) - 1, 63)]
    assert [row["spread"] for row in rows] == pytest.approx(spreads)
    assert [row["outcome"] for row in rows] == [float(spread > 0) for spread in spreads]


def test_scores_are_those_of_the_rows(long_client: Client) -> None:
    body = long_client.json("/outlook/calibration", a="AMZN", b="VOO")
    said, came = (np.array([row[name] for row in body["rows"]]) for name in ("p_a_beats_b", "outcome"))
    outlook, coin, rate = body["summary"]
    assert [one["method"] for one in body["summary"]] == ["outlook", "coin", "base_rate"]
    assert outlook["brier"] == pytest.approx(np.mean((said - came) ** 2))
    assert (coin["brier"], coin["less_coin"]) == (0.25, 0)
    assert rate["brier"] == pytest.approx(came.mean() * (1 - came.mean()))
    assert outlook["less_coin_standard_error"] == pytest.approx(np.std((said - came) ** 2, ddof=1) / np.sqrt(32))
    assert sum(one["forecasts"] for one in body["reliability"]) == 32


def test_swapped_baskets_have_the_same_skill(long_client: Client) -> None:
    one = long_client.json("/outlook/calibration", a="AMZN", b="VOO")
    other = long_client.json("/outlook/calibration", a="VOO", b="AMZN")
    for mine, theirs in zip(one["rows"], other["rows"], strict=True):
        assert mine["p_a_beats_b"] + theirs["p_a_beats_b"] == 1
        assert mine["outcome"] + theirs["outcome"] == 1
    assert one["summary"][0]["brier"] == pytest.approx(other["summary"][0]["brier"])


def test_a_history_may_have_more_rows_than_an_answer(long_client: Client) -> None:
    eight = ",".join(MARKET)
    over = long_client.get("/returns", {"tickers": eight, "range": "max"}).json()
    assert " rows of 12 columns: choose fewer tickers, a shorter period, weekly rows (interval=1w has " in over["bound"]
    body = long_client.json("/outlook/calibration", a=eight[:19], b=eight[20:], horizon="126d")
    assert (body["settings"]["horizon_sessions"], body["summary"][0]["windows"]) == (126, 16)


def test_a_short_history_claims_nothing(client: Client) -> None:
    body = client.json("/outlook/calibration")
    assert body["summary"][0]["windows"] == 2
    assert "below 30 windows, about eight years, no skill can be claimed" in body["claim"]
    nothing = client.json("/outlook/calibration", a="NEWCO")
    assert (nothing["summary"], nothing["rows"]) == ([], [])
    assert "no skill can be claimed" in nothing["claim"]
    assert [one["share_a_won"] for one in nothing["reliability"]] == [None] * 10


def scored(method: Method, brier: float, less_coin: float, less_rate: float, windows: int) -> CalibrationSummary:
    return CalibrationSummary(
        method=method,
        windows=windows,
        brier=brier,
        less_coin=less_coin,
        less_coin_standard_error=0.002,
        less_base_rate=less_rate,
        less_base_rate_standard_error=0.002,
    )


@pytest.mark.parametrize(
    ("windows", "less_coin", "less_rate", "words"),
    [
        (29, -0.1, -0.1, "below 30 windows, about eight years, no skill can be claimed"),
        (30, -0.0039, -0.1, "within two standard errors of at least one of them, so no skill can be claimed"),
        (30, -0.0041, -0.0041, "better than both by more than two standard errors, on this history"),
        (30, 0.0041, 0.0041, "worse than both by more than two standard errors, so no skill can be claimed"),
        (30, -0.1, 0.0, "no skill can be claimed"),
    ],
)
def test_claims(windows: int, less_coin: float, less_rate: float, words: str) -> None:
    rate = scored("base_rate", 0.24, -0.01, 0, windows)
    coin = scored("coin", 0.25, 0, 0.01, windows)
    assert words in describe_skill([scored("outlook", 0.24, less_coin, less_rate, windows), coin, rate])
