"""`/returns/drawdowns` over the sample market, against a walk through its closes."""

import pytest

from benchmarks.support.markets import SESSIONS, small_market
from tests.support.client import Client

CLOSES = [bar.close for bar in small_market()["AMZN"].bars]
DAYS = [str(bar.day) for bar in small_market()["AMZN"].bars]


def walked(closes: list[float], days: list[str]) -> list[dict[str, object]]:
    """Every drawdown, found by walking from one highest close to the next."""
    found, peak, trough = [], 0, None
    for place, close in enumerate(closes):
        if close >= closes[peak]:
            if trough is not None:
                found.append({"peak": days[peak], "trough": days[trough], "recovery": days[place]})
            peak, trough = place, None
        elif trough is None or close < closes[trough]:
            trough = place
    if trough is not None:
        found.append({"peak": days[peak], "trough": days[trough], "recovery": None})
    return found


def test_every_drawdown_is_one_of_a_walk_through_the_closes(client: Client) -> None:
    body = client.json("/returns/drawdowns", tickers="AMZN", range="200d", top="50")
    expected = walked(CLOSES[-201:], DAYS[-201:])
    assert len(expected) <= 50, "all of them are asked for"
    named = [{name: row[name] for name in ("peak", "trough", "recovery")} for row in body["rows"]]
    assert sorted(named, key=str) == sorted(expected, key=str)
    closes = dict(zip(DAYS, CLOSES, strict=True))
    assert [row["depth"] for row in body["rows"]] == pytest.approx(
        [closes[row["trough"]] / closes[row["peak"]] - 1 for row in body["rows"]], rel=1e-12
    )
    assert [row["depth"] for row in body["rows"]] == sorted(row["depth"] for row in body["rows"])
    places = {day: place for place, day in enumerate(DAYS)}
    for row in body["rows"]:
        assert row["sessions_down"] == places[row["trough"]] - places[row["peak"]]
        end = places[row["recovery"]] if row["recovery"] else len(DAYS) - 1
        assert row["sessions"] == end - places[row["peak"]]
        assert row["sessions_up"] == (end - places[row["trough"]] if row["recovery"] else None)


def test_the_current_drawdown_is_always_there(client: Client) -> None:
    body = client.json("/returns/drawdowns", tickers="AMZN,VOO,GOOGL,NVDA,SCHG", range="200d", top="1")
    for summary in body["summary"]:
        rows = [row for row in body["rows"] if row["ticker"] == summary["ticker"]]
        assert next(row["rank"] for row in rows) == 1
        current = [row for row in rows if row["current"]]
        assert len(current) == (summary["current_drawdown"] < 0)
        for row in current:
            assert (row["recovery"], row["peak"]) == (None, summary["peak"])
            assert row["sessions"] == summary["sessions_below_peak"]


@pytest.mark.parametrize("window", ["150d", "max"])
def test_a_young_tickers_first_close_is_its_first_peak(client: Client, window: str) -> None:
    bars = small_market()["NEWCO"].bars
    body = client.json("/returns/drawdowns", tickers="NEWCO", range=window, top="50")
    expected = walked([bar.close for bar in bars], [str(bar.day) for bar in bars])
    if window == "max":  # its first session is the base of the other answers, and the first of this window
        assert body["meta"]["window"]["from"] == str(bars[0].day)
    named = [{name: row[name] for name in ("peak", "trough", "recovery")} for row in body["rows"]]
    assert sorted(named, key=str) == sorted(expected, key=str)
    assert body["summary"][0]["max_drawdown"] == min(row["depth"] for row in body["rows"])
    assert any(f"measured from its first close in it, {bars[0].day}" in warning for warning in body["warnings"])


def test_with_unknown_dividends_nothing_is_known_on_the_total_basis(client: Client) -> None:
    body = client.json("/returns/drawdowns", tickers="TSLA", range="150d", basis="total")
    assert body["rows"] == []
    assert body["summary"][0]["max_drawdown"] is None
    assert any("TSLA" in warning for warning in body["warnings"])


def test_a_csv_has_a_line_for_each(client: Client) -> None:
    text = client.get("/returns/drawdowns", {"tickers": "AMZN", "range": "200d", "format": "csv"}).text
    header, *lines = text.splitlines()
    assert header.startswith("ticker,rank,depth,peak,trough,recovery,current")
    assert len(lines) >= 5


def test_too_many_are_refused(client: Client) -> None:
    problem = client.get("/returns/drawdowns", {"tickers": "AMZN", "top": "51"}).json()
    assert (problem["status"], problem["parameter"]) == (400, "top")


def test_a_session_that_is_not_held_is_counted(client: Client) -> None:
    rows = client.json("/returns/drawdowns", tickers="META", range="40d", top="50")["rows"]
    places = {str(day): place for place, day in enumerate(SESSIONS)}
    assert rows
    assert all(row["sessions_down"] == places[row["trough"]] - places[row["peak"]] for row in rows)
