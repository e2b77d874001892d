"""A feed that restates the history of one ticker, and is right again later."""

import json
from datetime import date, datetime
from pathlib import Path

from ingest.run import run as ingest
from ingest.settings import settings_of
from lake import calendar

DAYS = [str(day) for day in calendar.sessions_back(date(2026, 1, 16), 30)]
TICKERS = ("NVDA", "AMZN", "VOO")


def write_feed(folder: Path, days: list[str], scale: float = 1.0) -> None:
    """Recorded answers of three tickers; NVDA's prices `scale` times too high."""
    for ticker in TICKERS:
        factor = scale if ticker == "NVDA" else 1.0
        rows = {day: _bar((180 + DAYS.index(day) % 4) * factor, 1_000_000 + DAYS.index(day)) for day in days}
        meta = {"2. Symbol": ticker, "3. Last Refreshed": days[-1]}
        for kind, body in {
            "daily": {"Meta Data": meta, "Time Series (Daily)": rows},
            "splits": {"symbol": ticker, "data": []},
            "dividends": {"symbol": ticker, "data": []},
        }.items():
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{ticker}.json").write_text(json.dumps(body))


def _bar(close: float, volume: int) -> dict[str, str]:
    prices = {"1. open": close, "2. high": close * 1.01, "3. low": close * 0.99, "4. close": close}
    return {name: f"{price:.4f}" for name, price in prices.items()} | {"5. volume": str(volume)}


def deliver_before(run: int, lake: Path, feed: Path, now: datetime) -> None:
    """What arrives before that run of five: the last sessions tenfold, the whole series tenfold, and what is right.

    Before the last run the wrong answers arrive once more, and the right ones.
    """
    if run == 5:
        for path in sorted((lake / "raw" / "prices").rglob("*-NVDA-*")):
            path.with_name(f"again-{path.name}").write_bytes(path.read_bytes())
        return
    write_feed(feed, DAYS[:-5] if run == 1 else DAYS, scale=10 if run in (2, 3) else 1)
    settings = settings_of({"LAKE": str(lake), "FEED": str(feed), "TICKERS": ",".join(TICKERS)})
    ingest(settings, "history" if run == 3 else "daily", lambda: now)
