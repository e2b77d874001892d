"""`/events` and `/sentiment`, against the market the lake was written from."""

from typing import Any

import pytest

from benchmarks.support.markets import NVDA_DIVIDENDS, SESSIONS, SPLIT_DAY, small_market
from tests.support.client import Client

MARKET = small_market()
WHOLE = {"first": str(SESSIONS[0])}


def test_events_of_a_window_in_order(client: Client) -> None:
    body = client.json("/events", tickers="VOO,NVDA", first=str(SESSIONS[41]))
    found = [(row["time"][:10], row["ticker"], row["kind"], row["value"]) for row in body["rows"]]
    assert found == [
        (str(SESSIONS[60]), "NVDA", "dividend", 0.1),
        (str(SPLIT_DAY), "NVDA", "split", 10),
        (str(SESSIONS[270]), "VOO", "dividend", 1.8),
        (str(SESSIONS[290]), "NVDA", "dividend", 0.02),
    ]
    assert body["rows"][1]["text"] == "NVDA: split, 10 for 1"
    assert (body["rows"][1]["title"], body["rows"][1]["tags"]) == ("Split", "NVDA,split")
    assert body["rows"][2]["text"] == "VOO: dividend, 1.8 USD a share"
    nvidia = {"ticker": "NVDA", "splits": 1, "spin_offs": 0, "dividends": 2, "paid": sum(NVDA_DIVIDENDS.values())}
    assert body["summary"][1] == nvidia


@pytest.mark.parametrize(("kind", "count"), [("split", 1), ("dividend", 2), ("spin_off", 0), ("all", 3)])
def test_one_kind_alone(client: Client, kind: str, count: int) -> None:
    assert len(client.json("/events", tickers="NVDA", kind=kind, **WHOLE)["rows"]) == count


def test_unknown_dividends_are_not_none_paid(client: Client) -> None:
    body = client.json("/events", tickers="TSLA,AMZN,AAPL", **WHOLE)
    assert [summary["paid"] for summary in body["summary"]] == [None, 0, None]
    assert "TSLA: its dividends are unknown, so none is listed" in body["warnings"]
    assert any(words.startswith("AAPL: not in the lake (its splits are unknown)") for words in body["warnings"])


def test_sentiment_of_a_window(client: Client) -> None:
    body = client.json("/sentiment", tickers="TSLA,AMZN", range="20d")
    wanted: list[Any] = sorted(
        (f"{day}T00:00:00Z", ticker, score, articles)
        for ticker in ("AMZN", "TSLA")
        for day, (score, articles) in MARKET[ticker].sentiment.items()
        if day >= SESSIONS[-20]
    )
    assert [tuple(row.values()) for row in body["rows"]] == wanted
    scores = [score for _, ticker, score, _ in wanted if ticker == "TSLA"]
    tesla = body["summary"][0]
    assert (tesla["ticker"], tesla["sessions"]) == ("TSLA", len(scores))
    assert tesla["average_score"] == pytest.approx(sum(scores) / len(scores))
    assert tesla["articles"] == sum(articles for _, ticker, _, articles in wanted if ticker == "TSLA")
    assert (body["meta"]["coverage"][0]["expected"], body["meta"]["coverage"][0]["found"]) == (20, len(scores))


def test_silence_is_said(client: Client) -> None:
    body = client.json("/sentiment", tickers="VOO,AAPL", range="20d")
    assert (body["rows"], body["summary"][0]["average_score"]) == ([], None)
    assert "VOO: no news for it in this period" in body["warnings"]
    assert any(words.startswith("AAPL: not in the lake") for words in body["warnings"])


@pytest.mark.parametrize("path", ["/events", "/sentiment"])
def test_an_unknown_ticker_is_404(client: Client, path: str) -> None:
    assert client.get(path, {"tickers": "ZZZZ"}).status_code == 404
