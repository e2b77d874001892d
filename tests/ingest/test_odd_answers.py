"""Answers that give the same thing twice or a price that no share has, from the feed to the raw records.

The inputs lie in tests/cases; their right values were worked out by hand and with pandas.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from ingest.report import RunReport
from ingest.run import run
from ingest.settings import settings_of

CASES = Path(__file__).parent.parent / "cases"
NOW = datetime(2025, 11, 22, 2, 0, tzinfo=UTC)


def deliver(case: str, tickers: str, lake: Path) -> RunReport:
    settings = settings_of({"LAKE": str(lake), "FEED": str(CASES / case), "TICKERS": tickers})
    return run(settings, "daily", lambda: NOW)


def delivered(lake: Path, kind: str, ticker: str) -> list[dict[str, object]]:
    (path,) = (lake / "raw" / kind).glob(f"dt=*/*-{ticker}-*.json")
    return [json.loads(line) for line in path.read_text().splitlines()]


def closes(lake: Path, ticker: str) -> dict[object, object]:
    return {bar["date"]: bar["close"] for bar in delivered(lake, "prices", ticker)}


def test_what_is_given_twice(tmp_path: Path) -> None:
    report = deliver("given-twice", "MSFT,GOOGL,AAPL,META", tmp_path)
    assert report.ok
    msft = closes(tmp_path, "MSFT")
    assert len(msft) == 13
    assert "2025-11-18" not in msft
    (refused,) = report.refused
    assert (refused.ticker, refused.at) == ("MSFT", "2025-11-18")
    assert "with different values (close 518.72 and 518.32, volume 22668815 and 200)" in refused.reason
    bars = delivered(tmp_path, "prices", "GOOGL")
    assert [bar["close"] for bar in bars if bar["date"] == "2025-11-18"] == [268.35]
    assert len(bars) == 14
    assert delivered(tmp_path, "dividends", "AAPL")[0]["events"] == [{"ex_date": "2025-11-12", "amount": 0.25}]
    assert report.notes == ("AAPL: the dividend of 2025-11-12 (0.25) is given 2 times in one answer; it counts once",)
    paid = delivered(tmp_path, "dividends", "META")[0]["events"]
    assert [event["amount"] for event in paid] == [0.25, 0.3]  # type: ignore[attr-defined]


def test_prices_that_no_share_has(tmp_path: Path) -> None:
    report = deliver("tiny-and-huge", "MSFT,NVDA,VOO", tmp_path)
    assert [(row.ticker, row.at) for row in report.refused] == [("MSFT", "2025-11-20"), ("NVDA", "2025-11-20")]
    assert all("is no price of a share: prices go from 0.0001 to 10,000,000" in row.reason for row in report.refused)
    assert report.refused[0].reason.startswith("open, high, low, close 1e-09 is no price of a share")
    for ticker, close in (("MSFT", 529.56), ("NVDA", 185.79), ("VOO", 624.71)):
        assert closes(tmp_path, ticker)["2025-11-21"] == close
    assert "2025-11-20" not in closes(tmp_path, "MSFT") | closes(tmp_path, "NVDA")
    assert closes(tmp_path, "VOO")["2025-11-20"] == 628.80
