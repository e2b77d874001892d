import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.alpha_vantage.protocol import (
    Data,
    Function,
    Reason,
    Refusal,
    classify,
    daily_options,
    news_options,
    parameters,
    redact,
)
from tests.ingest.fakes import KEY, daily_payload, dividends_payload, row, splits_payload

REFUSALS = [
    ({"Error Message": "the parameter apikey is invalid or missing. Claim one."}, Reason.BAD_KEY),
    ({"Information": "The **demo** API key is for demo purposes only."}, Reason.BAD_KEY),
    ({"Error Message": "Invalid API call. See the manual for TIME_SERIES_DAILY."}, Reason.UNKNOWN_SYMBOL),
    ({"Error Message": "Something new"}, Reason.MALFORMED),
    ({"Information": f"We see your API key as {KEY}; the limit is 25 requests per day."}, Reason.DAILY_LIMIT),
    ({"Information": "Our standard API rate limit is 25 requests per day. See premium plans."}, Reason.DAILY_LIMIT),
    (
        {"Information": "Consider spreading out (1 request per second); premium lifts the 25 requests per day"},
        Reason.BURST,
    ),
    ({"Information": "Burst pattern detected: no more than 5 requests per second."}, Reason.BURST),
    ({"Note": "The call frequency is 5 calls per minute and 500 calls per day."}, Reason.BURST),
    ({"Information": "The outputsize=full parameter value is a premium feature."}, Reason.PREMIUM),
    ({"Information": "This is a premium endpoint."}, Reason.PREMIUM),
    ({"Information": "Something new"}, Reason.MALFORMED),
    ({}, Reason.EMPTY),
    ([], Reason.MALFORMED),
    ({"Global Quote": {}}, Reason.MALFORMED),
    ({"Time Series (Daily)": []}, Reason.MALFORMED),
    ({"Meta Data": {}, "Time Series (Daily)": {}}, Reason.EMPTY),
]


@pytest.mark.parametrize(("payload", "reason"), REFUSALS, ids=lambda value: str(value)[:60])
def test_a_refusal_is_classified_by_its_top_level_keys(payload: object, reason: Reason) -> None:
    answer = classify("TIME_SERIES_DAILY", 200, json.dumps(payload).encode(), KEY)
    assert isinstance(answer, Refusal)
    assert answer.reason is reason


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (503, b"<html>busy</html>", Reason.OUTAGE),
        (500, b"{}", Reason.OUTAGE),
        (429, b"", Reason.BURST),
        (406, b'{"detail": "Could not satisfy the request Accept header."}', Reason.MALFORMED),
        (302, b"", Reason.MALFORMED),
        (200, b"<html>", Reason.MALFORMED),
        (200, b"", Reason.MALFORMED),
        (200, b"\xff\xfe{", Reason.MALFORMED),
    ],
)
def test_a_status_or_a_body_that_is_not_json_is_a_refusal(status: int, body: bytes, reason: Reason) -> None:
    answer = classify("SPLITS", status, body, KEY)
    assert isinstance(answer, Refusal)
    assert answer.reason is reason


@pytest.mark.parametrize(
    ("function", "payload"),
    [
        ("TIME_SERIES_DAILY", daily_payload("VOO", {"2026-11-20": row()})),
        ("SPLITS", splits_payload("VOO")),
        ("DIVIDENDS", dividends_payload("VOO", ("2026-11-20", "0.1"))),
    ],
)
def test_data_is_data(function: Function, payload: dict[str, object]) -> None:
    assert classify(function, 200, json.dumps(payload).encode(), KEY) == Data(payload)


@pytest.mark.parametrize("function", ["SPLITS", "DIVIDENDS"])
def test_events_without_a_list_are_malformed(function: Function) -> None:
    answer = classify(function, 200, b'{"symbol": "VOO", "data": {}}', KEY)
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.MALFORMED


@pytest.mark.parametrize("echoed", [KEY, KEY.lower(), "ANOTHER1"])
def test_an_echoed_key_is_redacted(echoed: str) -> None:
    body = json.dumps({"Information": f"your API key as {echoed} and 25 requests per day"}).encode()
    assert echoed not in str(classify("SPLITS", 200, body, KEY))


def test_a_key_in_a_status_body_is_redacted() -> None:
    assert KEY not in str(classify("SPLITS", 403, json.dumps({"detail": f"go away, {KEY}"}).encode(), KEY))


def test_a_key_in_a_url_is_redacted_in_whatever_encoding() -> None:
    assert redact("GET /query?apikey=K3Y%2Fwith&symbol=VOO") == "GET /query?apikey=***&symbol=VOO"


def test_a_request_has_the_vendors_parameters() -> None:
    assert parameters("SPLITS", "VOO", {}, "k") == {"function": "SPLITS", "symbol": "VOO", "apikey": "k"}
    assert parameters("TIME_SERIES_DAILY", "VOO", daily_options("full"), "k")["outputsize"] == "full"


def test_no_articles_is_data_for_news_and_for_nothing_else() -> None:
    body = b'{"Information": "No articles found. Please adjust the time range."}'
    assert classify("NEWS_SENTIMENT", 200, body, KEY) == Data({"items": "0", "feed": []})
    answer = classify("SPLITS", 200, body, KEY)
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.MALFORMED


def test_news_inputs_that_the_vendor_refuses_are_not_taken_for_no_news() -> None:
    body = b'{"Information": "Invalid inputs. Please refer to the manual and try again."}'
    answer = classify("NEWS_SENTIMENT", 200, body, KEY)
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.BAD_INPUT


def test_a_request_for_news_names_its_ticker_and_times_to_the_minute_in_utc() -> None:
    after, until = (datetime(2026, 11, day, 16, 0, tzinfo=ZoneInfo("America/New_York")) for day in (19, 20))
    assert parameters("NEWS_SENTIMENT", "AAPL", news_options(after, until, "EARLIEST"), "k") == {
        "function": "NEWS_SENTIMENT",
        "tickers": "AAPL",
        "time_from": "20261119T2100",
        "time_to": "20261120T2100",
        "sort": "EARLIEST",
        "limit": "1000",
        "apikey": "k",
    }
