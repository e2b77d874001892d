"""`/tickers`."""

from pathlib import Path

import pytest

from api.panel import loader
from api.resources.tickers import service
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake.snapshot import Frozen
from lake.universe_file import Instrument
from tests.support.client import Client


def test_tickers(client: Client) -> None:
    rows = {row["value"]: row for row in client.json("/tickers")["rows"]}
    assert list(rows)[:3] == ["VOO", "QQQ", "SCHG"]
    voo = rows["VOO"]
    assert (voo["text"], voo["tracks"], voo["listed"]) == ("VOO · Vanguard S&P 500 ETF", "S&P 500", "2010-09-09")
    assert (voo["published"], voo["first"], voo["last"], voo["sessions"]) == (True, str(SESSIONS[0]), str(LAST), 300)
    assert (rows["AAPL"]["published"], rows["AAPL"]["reason"]) == (False, "its splits are unknown")
    assert rows["MSFT"]["reason"] == "no session of it has arrived"
    assert (rows["NEWCO"]["text"], rows["NEWCO"]["name"]) == ("NEWCO", None)


def test_a_frozen_ticker_is_published_and_says_why_the_rest_is_not(tmp_path: Path) -> None:
    frozen = {"GME": Frozen("unexplained_jump", "2026-11-20", "GME's bar of 2026-11-20 moves like a split", "wait")}
    publish(
        tmp_path, {"GME": History(walk(1, SESSIONS[:5], 100)), "VOO": History(walk(2, SESSIONS, 500))}, frozen=frozen
    )
    store = DuckDBStore(tmp_path)
    rows = {row["value"]: row for row in Client.of(store).json("/tickers")["rows"]}
    store.close()
    gme = rows["GME"]
    assert (gme["published"], gme["frozen"], gme["frozen_since"]) == (True, "unexplained_jump", "2026-11-20")
    assert gme["reason"] == "GME's bar of 2026-11-20 moves like a split"
    assert (rows["VOO"]["reason"], rows["VOO"]["frozen"], rows["VOO"]["frozen_since"]) == (None, None, None)


def values(client: Client, **query: str) -> list[str]:
    return [row["value"] for row in client.json("/tickers", **query)["rows"]]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("nvda", ["NVDA"]),
        ("VANGUARD", ["VOO"]),
        ("am", ["AMZN"]),
        (" goog ", ["GOOGL"]),
        ("newc", ["NEWCO"]),
        ("%", []),
        ("", None),
    ],
)
def test_search_is_by_ticker_and_name_in_any_case(client: Client, search: str, found: list[str] | None) -> None:
    assert values(client, search=search) == (found if found is not None else values(client))


def test_the_nearest_come_first(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    """The ticker, tickers that begin with the text, names a word of which does, the rest: as the universe has them."""
    names = {"XAB": "Nothing", "ABC": "Other", "ZZZ": "The Ab Company", "YYY": "Grab", "AB": "Short"}
    known = {ticker: Instrument(ticker, name, "stock") for ticker, name in names.items()}
    for module in (service, loader):
        monkeypatch.setattr(module, "universe", lambda: known)
    assert values(client, search="ab") == ["AB", "ABC", "ZZZ", "XAB", "YYY"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        *(("brk-b", ["BRK.B"]), ("BRK/B", ["BRK.B"]), ("brk b", ["BRK.B"]), ("brkb", ["BRK.B"])),
        *(("at&t", ["T"]), ("AT and T", ["T"]), ("att", ["T"])),
        *(("coca cola", ["KO"]), ("cocacola", ["KO"]), ("the coca-cola company", ["KO"])),
        *(("mcdonalds", ["MCD"]), ("McDonald’s", ["MCD"]), ("estee lauder", ["EL"]), ("ESTÉE", ["EL"])),
        *(("eli lilly", ["LLY"]), ("jb hunt", ["JBHT"]), ("J. B. Hunt", ["JBHT"]), ("brown-forman", ["BF.B"])),
        *(("real estate", ["PLD"]), ("nasdaq", ["NDAQ", "QQQ"]), ("&", []), ("and", ["SNDK"])),
    ],
)
def test_names_are_found_however_they_are_written(
    monkeypatch: pytest.MonkeyPatch, client: Client, search: str, found: list[str]
) -> None:
    """Names as the S&P 500's file has them: dots, marks, apostrophes of both kinds, dashes of both kinds, brackets."""
    names = {
        "T": "AT&T",
        "BRK.B": "Berkshire Hathaway",
        "BF.B": "Brown–Forman",
        "KO": "Coca-Cola Company (The)",
        "EL": "Estée Lauder Companies (The)",
        "JBHT": "J.B. Hunt",
        "LLY": "Lilly (Eli)",
        "MCD": "McDonald's",
        "NDAQ": "Nasdaq, Inc.",
        "SNDK": "Sandisk",
    }
    known = {ticker: Instrument(ticker, name, "stock") for ticker, name in names.items()}
    known["QQQ"] = Instrument("QQQ", "Invesco QQQ Trust", "etf", tracks="NASDAQ-100")
    known["PLD"] = Instrument("PLD", "Prologis", "stock", sector="Real Estate")
    for module in (service, loader):
        monkeypatch.setattr(module, "universe", lambda: known)
    assert values(client, search=search) == found


def test_kind_and_sector_choose(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    assert values(client, kind="ETF") == ["VOO", "QQQ", "SCHG"]
    assert values(client, kind="other") == ["NEWCO"]
    sectors = {"ONE": "Energy", "TWO": "Real Estate", "SIX": None}
    known = {ticker: Instrument(ticker, ticker, "stock", sector=sector) for ticker, sector in sectors.items()}
    for module in (service, loader):
        monkeypatch.setattr(module, "universe", lambda: known)
    assert values(client, sector=" real estate") == ["TWO"]
    problem = client.get("/tickers", {"sector": "Estate"}).json()
    assert (problem["status"], problem["parameter"], problem["bound"]) == (400, "sector", "one of Energy, Real Estate")


def test_a_page_says_how_many_there_are(client: Client) -> None:
    everything = client.json("/tickers")
    page = client.json("/tickers", limit="2", offset="1")
    assert page["rows"] == everything["rows"][1:3]
    assert page["total"] == everything["total"] == len(everything["rows"])
    assert page["summary"] == everything["summary"]
    stocks = client.json("/tickers", kind="stock", limit="1")
    assert [(one["kind"], one["tickers"]) for one in stocks["summary"]] == [("stock", stocks["total"])]


def test_nothing_found_says_so(client: Client) -> None:
    body = client.json("/tickers", search="nosuchname")
    assert (body["rows"], body["total"], body["summary"]) == ([], 0, [])
    assert body["warnings"][-1] == "no ticker is chosen: take another search, kind or sector, or leave one out"


def test_a_page_after_the_last_one_says_where_the_list_ends(client: Client) -> None:
    count = client.json("/tickers", kind="etf")["total"]
    body = client.json("/tickers", kind="etf", offset=str(count))
    assert (body["rows"], body["total"]) == ([], 3)
    assert body["warnings"][-1] == "offset=3 leaves out all 3 tickers that are chosen: take an offset below 3"
    last = client.json("/tickers", kind="etf", offset="2")
    assert [row["value"] for row in last["rows"]] == ["SCHG"]
    assert not [warning for warning in last["warnings"] if "offset" in warning]


@pytest.mark.parametrize(
    ("query", "bound"),
    [
        ({"limit": "0"}, "at least 1"),
        ({"limit": "1001"}, "at most 1000"),
        ({"limit": "many"}, "a whole number"),
        ({"offset": "-1"}, "at least 0"),
        ({"kind": "bond"}, "'etf', 'stock' or 'other'"),
        ({"search": "x" * 101}, "at most 100 characters"),
        ({"sector": "Energy"}, "this universe names no sectors"),
    ],
)
def test_what_tickers_refuses(client: Client, query: dict[str, str], bound: str) -> None:
    problem = client.get("/tickers", query).json()
    assert (problem["status"], problem["parameter"]) == (400, next(iter(query)))
    assert bound in problem["bound"]
