"""Questions at the edges of a small lake as of 2026-09-30, with values worked out in pandas and in plain Python.

GOOGL ends on 2026-09-25, QQQ and VOO on 2026-09-30; NVDA has 21 sessions; of 502 sessions TSLA has 259, in which it
doubles.
"""

from collections.abc import Iterator

import pytest

from tests.api.lakes import client_of
from tests.support.client import Client

SEPTEMBER = {"first": "2026-09-01", "last": "2026-09-30"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with client_of("edges", tmp_path_factory.mktemp("lake")) as client:
        yield client


def test_ten_digits_are_epoch_seconds_and_nine_are_refused(client: Client) -> None:
    for first in ("1788220800", "1788220800000"):
        rows = client.json("/prices", tickers="QQQ", first=first)["rows"]
        assert (len(rows), rows[0]["time"][:10], rows[-1]["time"][:10]) == (21, "2026-09-01", "2026-09-30")
    answer = client.get("/prices", {"tickers": "QQQ", "from": "999999999"})
    assert (answer.status_code, answer.json()["parameter"], answer.json()["value"]) == (400, "from", "999999999")
    assert "seconds" in answer.json()["bound"]


def test_a_year_is_one_of_the_calendar(client: Client) -> None:
    body = client.json("/returns", tickers="TSLA", benchmark="TSLA", first="2024-01-01", last="2025-12-31")
    (summary,) = body["summary"]
    assert (summary["sessions"], summary["cumulative_return"]) == (259, pytest.approx(1, abs=1e-12))
    assert summary["cagr"] == pytest.approx(0.4161676166, abs=1e-9)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/questions/comparison", {"tickers": "GOOGL,QQQ"}),
        ("/questions/diversification", {"tickers": "GOOGL", "benchmark": "QQQ"}),
    ],
)
def test_a_sentence_names_the_last_session_of_its_figures(client: Client, path: str, asked: dict[str, str]) -> None:
    body = client.json(path, **asked, **SEPTEMBER)
    assert "from the close of 31 August to that of 25 September 2026" in body["headline"]
    assert body["details"][0].startswith("From the close of 31 August to that of 25 September 2026, ")
    assert {one["last_session"] for one in body["summary"]} == {"2026-09-25"}
    found = {one["ticker"]: one["cumulative_return"] for one in body["summary"]}
    assert found == pytest.approx({"GOOGL": -0.0355274560, "QQQ": -0.0373705294}, abs=1e-9)


@pytest.mark.parametrize("name", ["comparison", "diversification", "patterns"])
def test_of_one_session_what_is_known_is_answered(client: Client, name: str) -> None:
    tickers = "QQQ,VOO" if name == "comparison" else "QQQ"
    body = client.json(f"/questions/{name}", tickers=tickers, range="1d")
    assert body["reason"] is None
    assert {one["returns"] for one in body["summary"]} == {1}
    assert "only one" in body["answer"]
    if name != "patterns":
        found = {one["ticker"]: one["cumulative_return"] for one in body["summary"]}
        assert found == pytest.approx({"QQQ": 0.0145869199, "VOO": 0.0034092257}, abs=1e-9)
        assert "1.5 %" in body["answer"]
        assert "0.3 %" in body["answer"]


def test_a_slope_keeps_its_sign(client: Client) -> None:
    body = client.json("/questions/comparison", tickers="AMZN", **SEPTEMBER)
    (summary,) = body["summary"]
    assert summary["trend_slope"] == pytest.approx(-0.0007312478, abs=1e-9)
    assert "AMZN had no clear trend (−0.07 % a day, R² 0.06)" in body["answer"]


@pytest.mark.parametrize(
    ("path", "first", "last"), [("/prices", "2026-09-05", "2026-09-07"), ("/returns", "2026-07-03", "2026-07-05")]
)
def test_a_closed_market_is_said(client: Client, path: str, first: str, last: str) -> None:
    body = client.json(path, tickers="QQQ", first=first, last=last)
    assert body["rows"] == []
    words = f"the market was closed from {first} to {last}: the period has no NYSE session"
    assert body["warnings"][1:] == [words]


def test_one_volatility_has_no_place_among_itself(client: Client) -> None:
    (summary,) = client.json("/volatility", tickers="NVDA", **SEPTEMBER)["summary"]
    assert (summary["returns"], summary["cone_percentile"]) == (20, None)
    assert summary["volatility"] == pytest.approx(0.3214227915, abs=1e-9)
    assert "percentile" not in client.json("/questions/patterns", tickers="NVDA", **SEPTEMBER)["answer"]


@pytest.mark.parametrize("path", ["/returns", "/compare"])
def test_the_risk_free_rate_that_was_asked_with(client: Client, path: str) -> None:
    window = {"tickers": "VOO", "first": "2026-07-02", "last": "2026-09-30"}
    body = client.json(path, **window, rf="0.02")
    assert body["meta"]["rf"] == 0.02
    assert body["summary"][0]["sharpe"] == pytest.approx(1.5944975537, abs=1e-9)
    assert client.json(path, **window)["summary"][0]["sharpe"] == pytest.approx(1.7350500620, abs=1e-9)


def test_figures_of_september(client: Client) -> None:
    body = client.json("/compare", tickers="QQQ,AMZN", benchmark="VOO", **SEPTEMBER)
    names = ("cumulative_return", "volatility", "max_drawdown")
    found = {one["ticker"]: [one[name] for name in names] for one in body["summary"]}
    assert found["QQQ"] == pytest.approx([-0.0109892093, 0.1396489987, -0.0542203147], abs=1e-9)
    assert found["AMZN"] == pytest.approx([-0.0458997897, 0.2311012893, -0.0717139637], abs=1e-9)
    (pair,) = body["correlation"]
    assert (pair["correlation"], pair["sessions"]) == (pytest.approx(-0.0726161995, abs=1e-9), 21)
