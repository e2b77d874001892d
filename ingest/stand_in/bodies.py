"""Answers in the vendor's shapes. The refusals are worded anew around the phrases that tell them apart."""

import json
from collections.abc import Iterable
from datetime import date

from ingest.stand_in.market import Bar

EMPTY = b"{}"


def missing_key() -> bytes:
    return _body({"Error Message": "the parameter apikey is invalid or missing. The stand-in takes any key."})


def unknown_symbol(function: str) -> bytes:
    return _body({"Error Message": f"Invalid API call. No such symbol is here for {function}."})


def unknown_function(function: str) -> bytes:
    return _body({"Error Message": f"This API function ({function}) does not exist in the stand-in."})


def premium_outputsize() -> bytes:
    return _body(
        {"Information": "The outputsize=full parameter value is a premium feature: only 100 sessions are here."}
    )


def daily(symbol: str, bars: Iterable[Bar], outputsize: str) -> bytes:
    """A TIME_SERIES_DAILY answer: every value a string, newest first."""
    newest_first = sorted(bars, key=lambda bar: bar.session, reverse=True)
    about = {
        "1. Information": "Daily Prices (open, high, low, close) and Volumes",
        "2. Symbol": symbol,
        "3. Last Refreshed": newest_first[0].session.isoformat() if newest_first else "",
        "4. Output Size": "Full size" if outputsize == "full" else "Compact",
        "5. Time Zone": "US/Eastern",
    }
    return _body(
        {"Meta Data": about, "Time Series (Daily)": {bar.session.isoformat(): _row(bar) for bar in newest_first}}
    )


def splits(symbol: str, events: Iterable[tuple[date, float]]) -> bytes:
    """A SPLITS answer, newest first."""
    rows = [{"effective_date": day.isoformat(), "split_factor": f"{ratio:.4f}"} for day, ratio in events]
    return _body({"symbol": symbol, "data": rows[::-1]})


def dividends(symbol: str, events: Iterable[tuple[date, float]]) -> bytes:
    """A DIVIDENDS answer, newest first; of the dates only the ex-date is known."""
    unknown = dict.fromkeys(("declaration_date", "record_date", "payment_date"), "None")
    rows = [{"ex_dividend_date": day.isoformat(), **unknown, "amount": str(amount)} for day, amount in events]
    return _body({"symbol": symbol, "data": rows[::-1]})


def _row(bar: Bar) -> dict[str, str]:
    return {
        "1. open": f"{bar.open:.4f}",
        "2. high": f"{bar.high:.4f}",
        "3. low": f"{bar.low:.4f}",
        "4. close": f"{bar.close:.4f}",
        "5. volume": str(bar.volume),
    }


def _body(payload: dict[str, object]) -> bytes:
    return json.dumps(payload).encode()
