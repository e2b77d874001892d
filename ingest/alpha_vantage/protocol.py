"""Alpha Vantage's protocol: builds requests and classifies answers. No I/O.

Nearly every answer is HTTP 200, refusals included. Only the top-level keys of the body tell them apart: inside "Meta
Data", "1. Information" is a legitimate key. https://www.alphavantage.co/documentation
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

BASE_URL = "https://www.alphavantage.co"
PATH = "/query"
BARS_KEY = "Time Series (Daily)"
NEWS_KEY = "feed"
COMPACT_SESSIONS = 100  # of outputsize=compact
NEWS_LIMIT = 1000  # articles in one answer, at most

Function = Literal["TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS", "NEWS_SENTIMENT"]
OutputSize = Literal["compact", "full"]
# Which articles come first, and so which are kept where there are more than the limit.
NewsOrder = Literal["EARLIEST", "LATEST"]
Options = Mapping[str, str]


class Reason(StrEnum):
    """Why an answer holds no data."""

    BURST = "requested too fast"
    DAILY_LIMIT = "daily limit reached"
    PREMIUM = "needs a premium plan"
    UNKNOWN_SYMBOL = "unknown symbol"
    EMPTY = "empty answer"
    MALFORMED = "answer not understood"
    OUTAGE = "vendor not reachable"
    BAD_KEY = "API key refused"
    BAD_INPUT = "inputs refused"
    OUT_OF_TIME = "no time left for it in this run"


@dataclass(frozen=True)
class Data:
    """An answer with the requested data."""

    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Refusal:
    """An answer without it. `message`: the vendor's, redacted and on one line."""

    reason: Reason
    message: str

    def __str__(self) -> str:
        return f"{self.reason} ({self.message})" if self.message else str(self.reason)


Answer = Data | Refusal


@dataclass(frozen=True)
class Repeated:
    """In the place of a value: the different values of a key that an object of an answer has more than once."""

    values: tuple[Any, ...]


# The key and type of an answer's rows; events are a list in "data".
_ROWS: Mapping[Function, tuple[str, type]] = {
    "TIME_SERIES_DAILY": (BARS_KEY, dict),
    "NEWS_SENTIMENT": (NEWS_KEY, list),
}

# The order matters: a burst message also names the daily limit, and nearly every message advertises premium plans.
_PHRASES = (
    (Reason.BURST, ("request per second", "requests per second", "spreading out", "burst pattern", "calls per minute")),
    (Reason.DAILY_LIMIT, ("requests per day", "calls per day")),
    (Reason.BAD_KEY, ("demo** api key", "demo api key")),
    (Reason.PREMIUM, ("premium feature", "premium endpoint")),
    (Reason.BAD_INPUT, ("invalid inputs",)),
)
# The vendor puts this under the key of its throttles, but it is a valid answer: nothing was written.
_NO_ARTICLES = "no articles found"
_NO_NEWS: Mapping[str, Any] = {"items": "0", NEWS_KEY: []}
_MESSAGE_LENGTH = 300
_ECHOED_KEY = re.compile(r"(API key as |apikey=)[^\s&\"']+", re.IGNORECASE)


def parameters(function: Function, symbol: str, options: Options, key: str) -> dict[str, str]:
    """The query of a request, with the options of `daily_options` or `news_options`."""
    name = "tickers" if function == "NEWS_SENTIMENT" else "symbol"
    return {"function": function, name: symbol, **options, "apikey": key}


def daily_options(size: OutputSize) -> Options:
    """The options of TIME_SERIES_DAILY."""
    return {"outputsize": size}


def news_options(after: datetime, until: datetime, order: NewsOrder) -> Options:
    """The options of NEWS_SENTIMENT for articles between two times; the vendor takes them in UTC, to the minute."""
    first, last = (moment.astimezone(UTC).strftime("%Y%m%dT%H%M") for moment in (after, until))
    return {"time_from": first, "time_to": last, "sort": order, "limit": str(NEWS_LIMIT)}


def redact(text: str, key: str = "") -> str:
    """The text without the key, in upper or lower case, wherever the vendor or a URL echoes it."""
    shown = _ECHOED_KEY.sub(r"\1***", text)
    return re.sub(re.escape(key), "***", shown, flags=re.IGNORECASE) if key else shown


def classify(function: Function, status: int, body: bytes, key: str) -> Answer:
    """Classify an answer. A wrong but well-formed key cannot be detected: the vendor answers it with data."""
    # The vendor's refusals are HTTP 200: with these statuses it did not get to answer.
    if status >= 500:
        return Refusal(Reason.OUTAGE, f"HTTP {status}")
    if status == 429:
        return Refusal(Reason.BURST, f"HTTP {status}")
    try:
        payload = json.loads(body, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return Refusal(Reason.MALFORMED, f"HTTP {status}, not JSON")
    if status != 200 or not isinstance(payload, dict):
        return Refusal(Reason.MALFORMED, _message(f"HTTP {status}: {payload}", key))
    # Before _refusal, which would take the message for a throttle.
    if function == "NEWS_SENTIMENT" and _NO_ARTICLES in str(payload.get("Information", "")).lower():
        return Data(_NO_NEWS)
    return _refusal(payload, key) or _data(function, payload, key)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The JSON object of these pairs. Of a key with several values a plain reader keeps the last one silently."""
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        if value not in values.setdefault(key, []):
            values[key].append(value)
    return {key: found[0] if len(found) == 1 else Repeated(tuple(found)) for key, found in values.items()}


def _refusal(payload: dict[str, Any], key: str) -> Refusal | None:
    """The refusal that the top-level keys name; None where they name none."""
    if not payload:
        return Refusal(Reason.EMPTY, "")
    if "Error Message" in payload:
        message = str(payload["Error Message"])
        return Refusal(_error_reason(message.lower()), _message(message, key))
    for name in ("Information", "Note"):
        if name in payload:
            message = str(payload[name])
            return Refusal(_throttle_reason(message.lower()), _message(message, key))
    return None


def _data(function: Function, payload: dict[str, Any], key: str) -> Answer:
    """The payload, if its rows are there. A list without events or articles is data; an answer without bars is not."""
    name, kind = _ROWS.get(function, ("data", list))
    if isinstance(payload.get(name), Repeated):
        return Refusal(Reason.MALFORMED, f"{name!r} is given more than once")
    if not isinstance(payload.get(name), kind):
        return Refusal(Reason.MALFORMED, _message(f"no {name!r} among {', '.join(sorted(payload))}", key))
    if function == "TIME_SERIES_DAILY" and not payload[name]:
        return Refusal(Reason.EMPTY, f"{name!r} is empty")
    return Data(payload)


def _error_reason(message: str) -> Reason:
    if "apikey" in message:
        return Reason.BAD_KEY
    return Reason.UNKNOWN_SYMBOL if "invalid api call" in message else Reason.MALFORMED


def _throttle_reason(message: str) -> Reason:
    for reason, phrases in _PHRASES:
        if any(phrase in message for phrase in phrases):
            return reason
    return Reason.MALFORMED


def _message(message: str, key: str) -> str:
    return " ".join(redact(message, key).split())[:_MESSAGE_LENGTH]
