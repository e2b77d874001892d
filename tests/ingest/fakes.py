"""Invented answers in the vendor's shapes, and fakes of the network, the clock and the delivery."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import requests
from requests.adapters import BaseAdapter

from lake.calendar import sessions_back
from lake.layout import RawKind
from lake.snapshot import Manifest, TickerManifest

FRIDAY = date(2026, 11, 20)
FRIDAY_EVENING = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # 20:00 on Friday in New York
KEY = "K3Y/with+odd=CHARS"


def row(price: float = 10.0, volume: str = "1000") -> dict[str, str]:
    """One bar with all four prices in order around `price`."""
    prices = (price, price + 1, price - 1, price + 0.5)
    names = ("1. open", "2. high", "3. low", "4. close")
    return {**{name: f"{value:.4f}" for name, value in zip(names, prices, strict=True)}, "5. volume": volume}


def daily_payload(ticker: str, rows: Mapping[str, Mapping[str, object]], refreshed: str = "") -> dict[str, object]:
    """A TIME_SERIES_DAILY answer, newest first."""
    about = {
        "1. Information": "Daily Prices (open, high, low, close) and Volumes",
        "2. Symbol": ticker,
        "3. Last Refreshed": refreshed or max(rows, default=""),
        "4. Output Size": "Compact",
        "5. Time Zone": "US/Eastern",
    }
    return {"Meta Data": about, "Time Series (Daily)": dict(sorted(rows.items(), reverse=True))}


def splits_payload(ticker: str, *events: tuple[str, str]) -> dict[str, object]:
    """A SPLITS answer."""
    return {"symbol": ticker, "data": [{"effective_date": day, "split_factor": ratio} for day, ratio in events]}


def dividends_payload(ticker: str, *events: tuple[str, str]) -> dict[str, object]:
    """A DIVIDENDS answer."""
    unknown = dict.fromkeys(("declaration_date", "record_date", "payment_date"), "None")
    return {"symbol": ticker, "data": [{"ex_dividend_date": day, **unknown, "amount": paid} for day, paid in events]}


def news_payload(*articles: dict[str, object]) -> dict[str, object]:
    """A NEWS_SENTIMENT answer."""
    return {"items": str(len(articles)), "feed": list(articles)}


def article(published: str, url: str = "", **about: tuple[float, float]) -> dict[str, object]:
    """An article with each ticker's relevance and score, as strings."""
    mentions = [
        {"ticker": ticker, "relevance_score": str(relevance), "ticker_sentiment_score": str(score)}
        for ticker, (relevance, score) in about.items()
    ]
    return {"url": url or published, "time_published": published, "ticker_sentiment": mentions}


def recorded_folder(root: Path, tickers: Sequence[str], last: date = FRIDAY, count: int = 100) -> Path:
    """A folder of recorded answers: `count` sessions of each ticker up to `last`, one split and one dividend."""
    days = [day.isoformat() for day in sessions_back(last, count)]
    for ticker in tickers:
        bars = {day: row(10 + place / 10) for place, day in enumerate(days)}
        _write(root / "daily" / f"{ticker}.json", daily_payload(ticker, bars))
        _write(root / "splits" / f"{ticker}.json", splits_payload(ticker, ("2020-08-31", "4.0000")))
        _write(root / "dividends" / f"{ticker}.json", dividends_payload(ticker, (days[0], "0.25")))
    return root


def manifest_of(ticker_manifest: Mapping[str, TickerManifest]) -> Manifest:
    """A manifest of these tickers."""
    return Manifest("20261120T223005Z", "run", "live", 1, ("alpha_vantage",), dict(ticker_manifest))


class Answers(BaseAdapter):
    """A network that gives the answers in turn, and the last one for ever; an exception is raised."""

    def __init__(self, *answers: tuple[int, bytes] | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.urls: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        self.urls.append(request.url or "")
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code, response._content = answer
        response.headers["Location"] = "https://elsewhere.example/"  # what a redirect would follow
        response.url, response.request = request.url or "", request
        return response

    def close(self) -> None:
        """Nothing is open."""


class FakeClock:
    """A clock that only `sleep` moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def session_of(adapter: BaseAdapter) -> requests.Session:
    """A session that sends every request to the adapter."""
    session = requests.Session()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class MemoryDelivery:
    """A delivery that keeps the lines in memory."""

    def __init__(self) -> None:
        self.lines: dict[tuple[RawKind, str], list[bytes]] = {}

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        self.lines[kind, ticker] = list(lines)

    def flush(self) -> None:
        """Nothing is held back."""


def _write(path: Path, payload: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(payload), encoding="utf-8")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive, the same bytes each time: names of tests are made of them."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()
