"""`/questions` and the five answers over a small lake: their figures are the endpoints', and their links lead there."""

from pathlib import Path
from typing import Any

import pytest

from api.resources.questions.registry import QUESTIONS
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import SESSIONS, walk
from tests.support.client import Client

AS_ASKED = {
    "volume": "What was the daily trading volume of AAPL in the past week, or two?",
    "comparison": "How have NVDA and AMZN changed over the past three months, and how do their daily fluctuations "
    "and trends compare?",
    "diversification": "Compared to VOO, how much more have QQQ and SCHG gained over the past six months; what are "
    "their average daily and cumulative returns, and what does that say about diversifying?",
    "outlook": "From the past six months, which is likelier to return more over the next three months: META and "
    "GOOGL, or VOO and SCHG?",
    "patterns": "From the changes and ranges of the past 100 sessions, what are the volatility patterns of TSLA and "
    "MSFT, how do they go with volume and sentiment, and what does that mean short-term?",
}


def asked(client: Client, name: str, **parameters: str) -> dict[str, Any]:
    return client.json(f"/questions/{name}", **parameters)


def test_the_five_with_their_answers(client: Client) -> None:
    body = client.json("/questions")
    assert [row["name"] for row in body["rows"]] == list(QUESTIONS) == list(AS_ASKED)
    assert {row["name"]: row["question"] for row in body["rows"]} == AS_ASKED
    for row in body["rows"]:
        alone = client.json(f"/{row['link']}")
        assert {name: alone[name] for name in ("name", "question", "answer", "reason")} == {
            name: row[name] for name in ("name", "question", "answer", "reason")
        }
    assert body["summary"] == [{"questions": 5, "answered": 4}]  # AAPL is not in this lake


@pytest.mark.parametrize("name", AS_ASKED)
def test_every_answer_or_reason_its_figures_window_and_links(client: Client, name: str) -> None:
    body = asked(client, name)
    assert (body["answer"] is None) != (body["reason"] is None)
    assert {"window", "coverage", "sources"} <= set(body["meta"])
    assert body["links"]
    for link in body["links"]:
        assert not link.startswith("/")
        assert client.get(f"/{link}").status_code == 200, link
    times = [row["time"] for row in body["rows"]]
    assert times == sorted(times)


def test_volume_of_a_ticker_without_data(client: Client) -> None:
    body = asked(client, "volume")
    assert (body["answer"], body["rows"]) == (None, [])
    assert body["reason"] == "AAPL: not in the lake (its splits are unknown), so nothing is given for it"


def test_volume_of_another_ticker(client: Client) -> None:
    body = asked(client, "volume", tickers="qqq")
    bars = client.json("/prices", tickers="QQQ", range="2w")["rows"]
    assert body["rows"] == [{name: bar[name] for name in ("time", "ticker", "volume")} for bar in bars]
    (summary,) = body["summary"]
    known = [bar["volume"] for bar in bars if bar["volume"] is not None]
    assert summary["two_weeks_average"] == pytest.approx(sum(known) / len(known))
    assert summary["highest_volume"] == max(known)
    assert body["answer"].startswith("QQQ traded ")


def test_comparison_has_the_figures_of_compare(client: Client) -> None:
    body = asked(client, "comparison", tickers="NVDA,VOO", range="20d")
    compared = client.json("/compare", tickers="NVDA,VOO", range="20d")
    assert (body["summary"], body["rows"], body["meta"]) == (compared["summary"], compared["rows"], compared["meta"])
    assert "How have NVDA and VOO changed over the past 20 sessions" in body["question"]


def test_diversification_is_on_the_total_basis_and_ends_with_the_benchmark(client: Client) -> None:
    body = asked(client, "diversification", tickers="NVDA,VOO,AMZN")
    assert (body["meta"]["basis"], body["meta"]["benchmark"]) == ("total", "VOO")
    assert [one["ticker"] for one in body["summary"]] == ["NVDA", "AMZN", "VOO"]
    assert (body["summary"][-1]["excess_return"], body["summary"][-1]["beta"]) == (0, pytest.approx(1))
    for one in body["summary"]:
        assert one["cumulative_return"] == pytest.approx(one["cumulative_total_return"])
    assert body["diversification"]["tickers"] == ["NVDA", "AMZN", "VOO"]
    assert "dividends included" in body["answer"]


def test_outlook_has_the_figures_of_outlook(client: Client) -> None:
    body, outlook = asked(client, "outlook"), client.json("/outlook")
    assert (body["summary"], body["rows"], body["meta"]) == (outlook["summary"], outlook["rows"], outlook["meta"])
    assert body["meta"]["basis"] == "total"
    assert body["answer"].endswith("This is not advice.")


def test_too_little_history_is_an_answer_too(client: Client) -> None:
    assert client.get("/outlook", {"range": "1m"}).status_code == 422
    body = asked(client, "outlook", range="1m")
    assert (body["answer"], body["summary"], body["rows"]) == (None, [], [])
    assert "and an outlook needs 99 at least" in body["reason"]
    assert body["meta"]["window"]["sessions"] < 99


def test_patterns_of_what_is_known_and_what_is_not(client: Client) -> None:
    body = asked(client, "patterns")
    moves = client.json("/volatility", tickers="TSLA,MSFT", range="100d")
    for name in ("meta", "summary", "associations", "rows"):
        assert body[name] == moves[name]
    assert body["answer"].startswith("TSLA fluctuated by ")
    assert body["answer"].endswith("MSFT: not in the lake (no session of it has arrived), so nothing is given for it.")


def test_csv_is_the_series(client: Client) -> None:
    response = client.get("/questions/comparison", {"format": "csv"})
    assert response.text.splitlines()[0] == "time,ticker,close,daily_return,growth,drawdown"


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/questions/volume", {"tickers": "XYZ"}, 404),
        ("/questions/volume", {"range": "1w"}, 400),
        ("/questions/comparison", {"tickers": ""}, 400),
        ("/questions/diversification", {"benchmark": "XYZ"}, 404),
        ("/questions/diversification", {"tickers": "VOO"}, 400),
        ("/questions/outlook", {"horizon": "9y"}, 400),
        ("/questions/weather", {}, 404),
    ],
)
def test_bad_parameters_are_refused(client: Client, path: str, query: dict[str, str], status: int) -> None:
    response = client.get(path, query)
    assert response.status_code == status
    assert response.json()["message"]


def test_a_lake_of_a_few_sessions_answers_what_it_can(tmp_path: Path) -> None:
    """Ten sessions of two tickers: no question fails, and each says what it cannot."""
    market = {ticker: History(walk(seed, SESSIONS[-10:], 50)) for seed, ticker in enumerate(("AAPL", "NVDA"))}
    store = DuckDBStore(publish(tmp_path, market))
    rows = {row["name"]: row for row in Client.of(store).json("/questions")["rows"]}
    store.close()
    assert rows["volume"]["answer"].startswith("AAPL traded ")
    assert "usual" not in rows["volume"]["answer"]
    assert rows["comparison"]["answer"].startswith("Without a close before the window, no change")
    assert (rows["diversification"]["answer"], rows["outlook"]["answer"], rows["patterns"]["answer"]) == (None,) * 3
    assert all(row["answer"] or row["reason"] for row in rows.values())
