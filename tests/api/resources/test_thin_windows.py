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
