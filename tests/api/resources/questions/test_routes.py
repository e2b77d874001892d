"""`/questions` and the five answers over a small lake: their figures are the endpoints', and their links lead there."""

from pathlib import Path
from typing import Any

import pandas as pd
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
    "patterns": "From the past 100 sessions, what are the volatility patterns of TSLA and MSFT, how do they relate to "
    "volume and sentiment, and what does that mean in the short term?",
}


def asked(client: Client, name: str, **parameters: str) -> dict[str, Any]:
    return client.json(f"/questions/{name}", **parameters)


def test_the_five_with_their_answers(client: Client) -> None:
    body = client.json("/questions")
    assert [row["name"] for row in body["rows"]] == list(QUESTIONS) == list(AS_ASKED)
    assert {row["name"]: row["question"] for row in body["rows"]} == AS_ASKED
    for row in body["rows"]:
        alone = client.json(f"/{row['link']}")
        assert {name: alone[name] for name in row if name != "link"} == {
            name: value for name, value in row.items() if name != "link"
        }
    assert body["summary"] == [{"questions": 5, "answered": 4}]  # AAPL is not in this lake


@pytest.mark.parametrize(
    ("query", "links", "outlook"),
    [
        (
            {"tickers": "nvda,VOO,AMZN"},
            {
                "volume": "questions/volume?tickers=NVDA,VOO,AMZN",
                "comparison": "questions/comparison?tickers=NVDA,VOO,AMZN",
                "diversification": "questions/diversification?tickers=NVDA,AMZN",
                "outlook": "questions/outlook?a=NVDA,AMZN&b=VOO",
                "patterns": "questions/patterns?tickers=NVDA,VOO,AMZN",
            },
            "NVDA and AMZN, or VOO?",
        ),
        ({"a": "QQQ"}, {"outlook": "questions/outlook?a=QQQ&b=VOO,SCHG"}, "QQQ, or VOO and SCHG?"),
        (
            {"tickers": "TSLA", "b": "META"},
            {"volume": "questions/volume?tickers=TSLA", "outlook": "questions/outlook?a=TSLA&b=META"},
            "TSLA, or META?",
        ),
        # VOO is what the third and the fourth hold the tickers against: of VOO alone they have nothing to say.
        (
            {"tickers": "VOO"},
            {"volume": "questions/volume?tickers=VOO", "diversification": "questions/diversification"},
            "META and GOOGL, or VOO and SCHG?",
        ),
    ],
)
def test_the_five_are_asked_of_the_tickers_picked(
    client: Client, query: dict[str, str], links: dict[str, str], outlook: str
) -> None:
    rows = {row["name"]: row for row in client.json("/questions", **query)["rows"]}
    for name, link in links.items():
        assert rows[name]["link"] == link
        alone = client.json(f"/{link}")
        assert {key: alone[key] for key in rows[name] if key != "link"} == {
            key: value for key, value in rows[name].items() if key != "link"
        }
    assert rows["outlook"]["question"].endswith(outlook)


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("/questions", {"tickers": "?"}, "tickers"),
        ("/questions", {"a": ""}, "a"),
        ("/questions", {"tickers": ",".join(f"T{place}" for place in range(50))}, "tickers"),
        ("/questions/diversification", {"tickers": ",".join(f"T{place}" for place in range(50))}, "tickers"),
    ],
)
def test_bad_tickers_are_refused_by_name(client: Client, path: str, query: dict[str, str], parameter: str) -> None:
    response = client.get(path, query)
    assert (response.status_code, response.json()["parameter"]) == (400, parameter)


def test_an_unknown_ticker_of_all_five_is_refused(client: Client) -> None:
    response = client.get("/questions", {"tickers": "NVDA,XYZ"})
    assert (response.status_code, response.json()["parameter"]) == (404, "tickers")


@pytest.mark.parametrize("name", AS_ASKED)
def test_every_answer_or_reason_its_figures_window_and_links(client: Client, name: str) -> None:
    body = asked(client, name)
    assert (body["answer"] is None) == (body["headline"] is None) != (body["reason"] is None)
    if body["headline"]:
        assert body["answer"] == " ".join((body["headline"], *body["details"]))
        assert 3 <= len(body["key_figures"]) <= 5
    assert {"window", "coverage", "sources"} <= set(body["meta"])
    assert body["links"]
    for link in body["links"]:
        assert not link.startswith("/")
        assert client.get(f"/{link}").status_code == 200, link
    times = [row["time"] for row in body["rows"]]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("name", "query", "figures"),
    [
        ("volume", {"tickers": "QQQ,VOO"}, {}),
        (
            "comparison",
            {"tickers": "NVDA,VOO,AMZN", "from": "2026-03-02", "to": "2026-09-30"},
            {0: "cumulative_return"},
        ),
        ("diversification", {"tickers": "NVDA,AMZN", "range": "ytd"}, {0: "volatility", 1: "volatility"}),
        ("diversification", {"tickers": "NVDA,AMZN", "benchmark": "QQQ", "range": "max"}, {0: "cumulative_return"}),
        ("outlook", {"a": "NVDA,AMZN", "b": "VOO", "range": "7m", "horizon": "2w", "tau": "0.05"}, {0: "p_a_beats_b"}),
        ("patterns", {"tickers": "NVDA,QQQ", "range": "30d"}, {0: "yang_zhang"}),
    ],
)
def test_links_lead_to_the_figures_of_the_same_question(
    client: Client, name: str, query: dict[str, str], figures: dict[int, str]
) -> None:
    """Whatever is asked, each link is answered, and answers the same tickers, span and benchmark."""
    body = client.get(f"/questions/{name}", query).json()
    assert body["headline"]
    answers = [client.get(f"/{link}") for link in body["links"]]
    assert [one.status_code for one in answers] == [200] * len(answers)
    for place, field in figures.items():
        linked = answers[place].json()["summary"]
        own = [body["mix"]] if name == "diversification" and place == 1 else body["summary"]
        assert [one[field] for one in linked][: len(own)] == [one[field] for one in own]


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


def test_the_mix_is_the_portfolio_of_equal_parts(client: Client) -> None:
    body = asked(client, "diversification", tickers="NVDA,AMZN")
    portfolio = client.json("/portfolio", weights="equal:NVDA,AMZN,VOO", rebalance="daily", range="6m")
    assert body["mix"] == portfolio["summary"][0]
    assert body["holdings"] == portfolio["holdings"]
    assert body["mix"]["volatility"] == pytest.approx(body["diversification"]["mix_volatility"])
    gains, risks = (sum(one[f"contribution_to_{of}"] for one in body["holdings"]) for of in ("return", "risk"))
    assert (gains, risks) == (pytest.approx(body["mix"]["cumulative_return"]), pytest.approx(1))


def test_months_are_those_that_lie_whole_in_the_window(client: Client) -> None:
    """The closes at the ends of months as pandas resamples them; the oracle of the mix is the mean of daily returns."""
    body = asked(client, "diversification", tickers="NVDA,AMZN", first="2026-05-20", last="2026-11-20")
    query = {"tickers": "NVDA,AMZN,VOO", "range": "1y", "basis": "total"}
    closes = pd.DataFrame(client.json("/prices", **query)["rows"]).pivot(index="time", columns="ticker", values="close")
    closes.index = pd.DatetimeIndex(closes.index).tz_localize(None)
    closes = closes.loc["2026-05-19":"2026-11-20"].dropna()
    mixed = (1 + closes.pct_change().fillna(0).mean(axis=1)).cumprod()
    months = pd.concat([mixed.rename("portfolio"), closes], axis=1).resample("ME").last().pct_change()
    whole = months.loc["2026-06-30":"2026-10-31"]  # May has no earlier close, November is not over
    assert [one["ticker"] for one in body["months"]] == ["portfolio", "NVDA", "AMZN", "VOO"]
    for one in body["months"]:
        series = whole[one["ticker"]]
        assert one["periods"] == 5
        assert (one["worst"], one["best"]) == (pytest.approx(series.min()), pytest.approx(series.max()))
        assert one["worst_period"] == str(series.idxmin())[:7]


def test_outlook_has_the_figures_of_outlook(client: Client) -> None:
    body, outlook = asked(client, "outlook"), client.json("/outlook")
    assert (body["summary"], body["rows"], body["meta"]) == (outlook["summary"], outlook["rows"], outlook["meta"])
    assert body["meta"]["basis"] == "total"
    assert body["answer"].endswith("This is not advice.")


def test_too_little_history_is_an_answer_too(client: Client) -> None:
    assert client.get("/outlook", {"range": "1m"}).status_code == 422
    body = asked(client, "outlook", range="1m")
    assert (body["answer"], body["summary"], body["rows"]) == (None, [], [])
    assert "and an outlook needs at least 99" in body["reason"]
    assert body["meta"]["window"]["sessions"] < 99


def test_patterns_of_what_is_known_and_what_is_not(client: Client) -> None:
    body = asked(client, "patterns")
    moves = client.json("/volatility", tickers="TSLA,MSFT", range="100d")
    for name in ("meta", "summary", "associations", "rows"):
        assert body[name] == moves[name]
    assert body["headline"].startswith("Volatility is normal for TSLA (66th percentile of its history); two times")
    assert body["cone"] == moves["cone"]
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
    assert rows["comparison"]["answer"].startswith("The change over the whole period is unknown. No close before")
    assert (rows["diversification"]["answer"], rows["outlook"]["answer"], rows["patterns"]["answer"]) == (None,) * 3
    assert all(row["answer"] or row["reason"] for row in rows.values())
