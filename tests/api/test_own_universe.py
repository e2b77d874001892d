"""A universe of the user's own, with none of the tickers that the API asks for by default."""

from collections.abc import Iterator

import pytest

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import SESSIONS, walk
from lake.universe import choose
from tests.support.client import Client

GONE = "not in the lake (the universe does not have it), so nothing is given for it"
AGAINST_NOTHING = (
    "figures against VOO are withheld: no daily return is shared with it; choose another ticker with benchmark=, or "
    "benchmark=none"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Three tickers, none of which has a day of listing."""
    folder = tmp_path_factory.mktemp("own")
    file = folder / "own.toml"
    names = {"KO": "Coca-Cola", "PEP": "PepsiCo", "XOM": "Exxon Mobil"}
    file.write_text("".join(f'[{ticker}]\nname = "{name}"\n' for ticker, name in names.items()), encoding="utf-8")
    choose(str(file))
    market = {ticker: History(walk(place, SESSIONS, 100)) for place, ticker in enumerate(names)}
    store = DuckDBStore(publish(folder / "lake", market))
    yield Client.of(store)
    store.close()
    choose(None)


def test_tickers_are_those_of_the_universe(client: Client) -> None:
    assert [row["value"] for row in client.json("/tickers")["rows"]] == ["KO", "PEP", "XOM"]


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("/compare", {"tickers": "KO,PEP", "range": "3m"}),
        ("/returns", {"tickers": "KO", "range": "3m"}),
        ("/portfolio", {"weights": "KO:0.5,PEP:0.5", "range": "3m"}),
    ],
)
def test_the_default_benchmark_is_named_as_missing_and_all_else_is_answered(
    client: Client, path: str, parameters: dict[str, str]
) -> None:
    answer = client.json(path, **parameters)
    assert f"VOO: {GONE}" in answer["warnings"]
    if path != "/portfolio":
        assert answer["warnings"].count(AGAINST_NOTHING) == 1
    assert not [warning for warning in answer["warnings"] if "0 of" in warning]
    assert answer["summary"]
    assert all(row is not None for row in answer["rows"])
    none = client.json(path, **parameters, benchmark="none")
    assert not [warning for warning in none["warnings"] if "VOO" in warning]
    own = client.json(path, **parameters, benchmark="XOM")
    assert own["meta"]["benchmark"] == "XOM"


@pytest.mark.parametrize("path", ["/volatility", "/seasonality", "/prices", "/returns/calendar", "/returns/drawdowns"])
def test_what_compares_with_nothing_needs_no_default(client: Client, path: str) -> None:
    assert client.json(path, tickers="KO")["summary"]


def test_each_question_says_which_of_its_own_tickers_are_missing(client: Client) -> None:
    rows = {row["name"]: row for row in client.json("/questions")["rows"]}
    assert len(rows) == 5
    for name, tickers in {"volume": ["AAPL"], "comparison": ["NVDA", "AMZN"], "patterns": ["TSLA", "MSFT"]}.items():
        assert rows[name]["headline"] is None
        advice = "ask about tickers of this universe, which /tickers lists, with tickers="
        assert rows[name]["reason"] == "; ".join((*(f"{ticker}: {GONE}" for ticker in tickers), advice))
    assert rows["diversification"]["reason"].endswith("which /tickers lists, with tickers= and benchmark=")
    assert rows["outlook"]["reason"].endswith("which /tickers lists, with a= and b=")
    assert all(row["headline"] is None for row in rows.values())


def test_questions_are_answered_about_the_universes_own_tickers(client: Client) -> None:
    for path, parameters in (
        ("/questions/volume", {"tickers": "KO"}),
        ("/questions/comparison", {"tickers": "KO,PEP"}),
        ("/questions/diversification", {"tickers": "KO", "benchmark": "XOM"}),
        ("/questions/outlook", {"a": "KO", "b": "PEP"}),
        ("/questions/patterns", {"tickers": "KO"}),
    ):
        assert client.json(path, **parameters)["headline"], path


def test_what_nobody_knows_is_refused_as_ever(client: Client) -> None:
    answer = client.get("/prices", {"tickers": "ABCD"})
    assert answer.status_code == 404
    assert answer.json()["bound"] == "known tickers: KO, PEP, XOM"


def test_without_a_day_of_listing_sessions_are_expected_from_the_first_bar(client: Client) -> None:
    """And nobody claims to know since when it has traded."""
    answer = client.json("/returns", tickers="KO", range="max", benchmark="none")
    (coverage,) = answer["meta"]["coverage"]
    assert coverage["expected"] == coverage["found"]
    assert not [warning for warning in answer["warnings"] if "trades since" in warning]
    longer = client.json(
        "/returns", tickers="KO", first=str(SESSIONS[0].replace(year=SESSIONS[0].year - 1)), benchmark="none"
    )
    assert any("which begins on" in warning for warning in longer["warnings"])
