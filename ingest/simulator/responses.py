"""Response bodies as the vendor sends them. Refusals are reworded around the phrases by which clients classify them."""

import json
from collections.abc import Iterable, Sequence
from datetime import date

from ingest.simulator.market import Bar
from ingest.simulator.news import Article

EMPTY = b"{}"
NOT_FOUND = b'{"detail": "Not Found"}'
NOT_ACCEPTABLE = b'{"detail": "The Accept header asks for something else than JSON."}'


def missing_key() -> bytes:
    return _body({"Error Message": "the parameter apikey is invalid or missing. The simulator takes any key."})


def unknown_symbol(function: str) -> bytes:
    return _body({"Error Message": f"Invalid API call. No such symbol is here for {function}."})


def unknown_function(function: str) -> bytes:
    return _body({"Error Message": f"This API function ({function}) does not exist in the simulator."})


def demo_key() -> bytes:
    return _body({"Information": "The **demo** API key is for demo purposes only. The simulator takes any other."})


def burst(per_second: float) -> bytes:
    """Like the vendor's, it names the daily limit too, so that only its first words tell the two apart."""
    pace = f"{per_second:g} request per second"
    words = f"Please consider spreading out your API requests more sparingly ({pace}). A premium plan lifts it"
    return _body({"Information": f"{words}, and the limit of 25 requests per day."})


def daily_limit(key: str, per_day: int) -> bytes:
    """Like the vendor's, it echoes the key, which a client must redact."""
    words = f"We have detected your API key as {key} and our standard API rate limit is {per_day} requests per day."
    return _body({"Information": words})


def premium_endpoint(function: str) -> bytes:
    return _body({"Information": f"{function} is a premium endpoint: this plan does not have it."})


def premium_outputsize() -> bytes:
    return _body(
        {"Information": "The outputsize=full parameter value is a premium feature: only 100 sessions are here."}
    )


def invalid_news_inputs() -> bytes:
    return _body({"Information": "Invalid inputs. The simulator expects tickers, and times such as 20261120T1530."})


def no_articles() -> bytes:
    """An empty result, which the vendor puts under the key of the throttles."""
    return _body({"Information": "No articles found. Nothing was written in that time."})


def daily(symbol: str, bars: Sequence[Bar], outputsize: str) -> bytes:
    """A TIME_SERIES_DAILY answer to ascending bars: every value a string, newest first."""
    about = {
        "1. Information": "Daily Prices (open, high, low, close) and Volumes",
        "2. Symbol": symbol,
        "3. Last Refreshed": bars[-1].session.isoformat() if bars else "",
        "4. Output Size": "Full size" if outputsize == "full" else "Compact",
        "5. Time Zone": "US/Eastern",
    }
    # Written by hand: json.dumps takes three times as long, and a market of 500 tickers has 2.5 million rows.
    rows = ", ".join(map(_row, reversed(bars)))
    return f'{{"Meta Data": {json.dumps(about)}, "Time Series (Daily)": {{{rows}}}}}'.encode()


def splits(symbol: str, events: Iterable[tuple[date, float]]) -> bytes:
    """A SPLITS answer, newest first."""
    rows = [{"effective_date": day.isoformat(), "split_factor": f"{ratio:.4f}"} for day, ratio in events]
    return _body({"symbol": symbol, "data": rows[::-1]})


def dividends(symbol: str, events: Iterable[tuple[date, float]]) -> bytes:
    """A DIVIDENDS answer, newest first, with the ex-date alone of its dates."""
    unknown = dict.fromkeys(("declaration_date", "record_date", "payment_date"), "None")
    rows = [{"ex_dividend_date": day.isoformat(), **unknown, "amount": str(amount)} for day, amount in events]
    return _body({"symbol": symbol, "data": rows[::-1]})


def news(articles: Iterable[Article]) -> bytes:
    """A NEWS_SENTIMENT answer, in the given order: times in UTC without a zone, the ticker's scores as strings."""
    feed = [_article(article) for article in articles]
    return _body({"items": str(len(feed)), "sentiment_score_definition": _LABEL_DEFINITION, "feed": feed})


_LABELS = ((-0.35, "Bearish"), (-0.15, "Somewhat-Bearish"), (0.15, "Neutral"), (0.35, "Somewhat-Bullish"))
_LABEL_DEFINITION = "; ".join(f"up to {bound}: {label}" for bound, label in _LABELS)


def _article(article: Article) -> dict[str, object]:
    at = article.published.strftime("%Y%m%dT%H%M%S")
    label = next((label for bound, label in _LABELS if article.score < bound), "Bullish")
    about = {
        "ticker": article.ticker,
        "relevance_score": f"{article.relevance:.6f}",
        "ticker_sentiment_score": f"{article.score:.6f}",
        "ticker_sentiment_label": label,
    }
    return {
        "title": f"An invented article about {article.ticker}",
        "url": f"https://news.example/{article.ticker}/{at}",
        "time_published": at,
        "source": "simulated",
        "overall_sentiment_score": article.score,
        "overall_sentiment_label": label,
        "ticker_sentiment": [about],
    }


def _row(bar: Bar) -> str:
    prices = f'"1. open": "{bar.open:.4f}", "2. high": "{bar.high:.4f}", "3. low": "{bar.low:.4f}"'
    return f'"{bar.session}": {{{prices}, "4. close": "{bar.close:.4f}", "5. volume": "{bar.volume}"}}'


def _body(payload: dict[str, object]) -> bytes:
    return json.dumps(payload).encode()
