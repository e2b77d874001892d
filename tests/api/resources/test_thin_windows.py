"""Windows of one session, of none, or before all data: every answer is 200, without NaN, and says what is missing."""

import json

import pytest

from benchmarks.support.markets import SESSIONS
from tests.support.client import Client

WINDOWS = [
    {"range": "1d"},
    {"range": "2d"},
    {"range": "max"},
    {"from": "2026-11-21", "to": "2026-11-22"},
    {"from": "2030-01-01"},
    {"from": "1985-01-01", "to": "1985-02-01"},
    {"from": "1995-01-01", "to": "1995-02-01"},
    {"from": str(SESSIONS[0]), "to": str(SESSIONS[0])},
    {"from": str(SESSIONS[0]), "to": str(SESSIONS[1])},
]


@pytest.mark.parametrize("path", ["/compare", "/returns", "/volatility", "/seasonality"])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_of_little_or_nothing(client: Client, path: str, window: dict[str, str]) -> None:
    for basis in ("split", "total"):
        answer = client.get(path, {"tickers": "AAPL,NEWCO,TSLA,META", "basis": basis} | window)
        assert answer.status_code == 200, answer.text
        body = json.loads(answer.text, parse_constant=pytest.fail)
        assert [one["ticker"] for one in body["summary"]] == ["AAPL", "NEWCO", "TSLA", "META"]
        assert len(body["warnings"]) > 1


@pytest.mark.parametrize("path", ["/prices", "/compare", "/returns", "/volatility"])
def test_a_period_before_all_of_a_tickers_history_says_so(client: Client, path: str) -> None:
    """SCHG was listed in December 2009; of NEWCO, outside the universe, the lake begins in July 2026."""
    body = client.json(path, tickers="SCHG,NEWCO", last="1990-01-01")
    assert "SCHG: trades since 2009-12-11, after the period, so nothing is given for it" in body["warnings"]
    assert "NEWCO: begins on 2026-07-02 in the lake, after the period, so nothing is given for it" in body["warnings"]


def test_one_session_is_less_than_a_year(client: Client) -> None:
    for window, words in (
        ("1d", "1 session up to the last close is less"),
        ("2d", "2 sessions up to the last close are less"),
    ):
        warnings = client.json("/returns", tickers="NVDA", range=window)["warnings"]
        assert f"cagr and calmar are withheld: {words} than a year" in warnings
