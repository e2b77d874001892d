"""Whatever the vendor answers: a classified refusal or sound records, never an exception, never a bad record."""

import json
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from ingest.alpha_vantage import parse
from ingest.alpha_vantage.news import news
from ingest.alpha_vantage.parse import Provenance
from ingest.alpha_vantage.protocol import BARS_KEY, Data, Function, Refusal, classify
from ingest.errors import ParseError
from lake.calendar import sessions_back
from tests.hostile.amount import cases
from tests.hostile.values import HOSTILE
from tests.ingest.fakes import (
    FRIDAY,
    FRIDAY_EVENING,
    KEY,
    article,
    daily_payload,
    dividends_payload,
    news_payload,
    row,
    splits_payload,
)

FUNCTIONS: tuple[Function, ...] = ("TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS", "NEWS_SENTIMENT")
ORIGIN = Provenance("alpha_vantage", FRIDAY_EVENING)
DAYS = [day.isoformat() for day in sessions_back(FRIDAY, 3)]
GOOD = {
    "TIME_SERIES_DAILY": daily_payload("NVDA", {day: row(10) for day in DAYS}),
    "SPLITS": splits_payload("NVDA", ("2024-06-10", "10.0000")),
    "DIVIDENDS": dividends_payload("NVDA", ("2026-09-11", "0.01")),
    "NEWS_SENTIMENT": news_payload(
        article("20261119T120000", NVDA=(0.5, 0.3)), article("20261120T090000", NVDA=(1, -1))
    ),
}

odd_text = st.one_of(st.text(), st.sampled_from([value for values in HOSTILE.values() for value in values]))
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def spoilt(draw: st.DrawFn, function: Function) -> Any:
    """A good answer in which one to three values or keys are something else."""
    payload = json.loads(json.dumps(GOOD[function]))
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(payload))
        if places:
            holder, key = places[draw(st.integers(0, len(places) - 1))]
            _spoil(draw, holder, key)
    return payload


def _spoil(draw: st.DrawFn, holder: Any, key: Any) -> None:
    match draw(st.sampled_from(["change", "drop", "rename", "shift"])):
        case "change":
            holder[key] = draw(odd)
        case "drop":
            del holder[key]
        case "rename" if isinstance(holder, dict):
            holder[draw(odd_text)] = holder.pop(key)
        case _:
            holder[key] = f"{draw(st.sampled_from(['-', ' ', '0x', '1_', '٣', '']))}{holder[key]}"


def _places(value: Any) -> Any:
    """Every place of a JSON value, as what holds it and the key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


ANSWERS = st.fixed_dictionaries({BARS_KEY: odd, "data": odd, "feed": odd, "symbol": st.just("NVDA")})


def read(function: Function, body: bytes) -> Any:
    """What ingest does with an answer: None where it refuses it, and says why."""
    answer = classify(function, 200, body, KEY)
    if isinstance(answer, Refusal):
        assert KEY not in str(answer)
        assert str(answer).replace("\n", "¶") == str(answer)
        return None
    assert isinstance(answer, Data)
    try:
        return READERS[function](answer.payload)
    except ParseError:
        return None


READERS: dict[Function, Callable[[Any], Any]] = {
    "TIME_SERIES_DAILY": lambda payload: parse.daily(payload, "NVDA", ORIGIN, FRIDAY_EVENING),
    "SPLITS": lambda payload: parse.splits(payload, "NVDA", ORIGIN),
    "DIVIDENDS": lambda payload: parse.dividends(payload, "NVDA", ORIGIN),
    "NEWS_SENTIMENT": lambda payload: news(payload, "NVDA", ORIGIN, sessions_back(FRIDAY, 3), "LATEST"),
}


def check_sound(found: Any) -> None:
    """The invariants of records, said again from design.md and not from the code that holds them."""
    for bar in getattr(found, "good", ()):
        prices = (bar.low, bar.open, bar.close, bar.high)
        assert all(math.isfinite(price) and price > 0 for price in prices)
        assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert bar.volume is None or 0 <= bar.volume < 2**63
        assert bar.ticker == "NVDA"
        assert bar.date <= FRIDAY
        assert json.loads(bar.line())["date"] == bar.date.isoformat()
    for record in getattr(found, "records", ()):
        assert -1 <= record.score <= 1
        assert record.articles > 0
        assert record.date in sessions_back(FRIDAY, 3)
    for event in getattr(found, "events", ()):
        amount = event.ratio if hasattr(event, "ratio") else event.amount
        assert math.isfinite(amount)
        assert amount > 0
        assert isinstance(event.date if hasattr(event, "date") else event.ex_date, date)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_bytes_are_classified(function: Function) -> None:
    @cases(100)
    @hypothesis.given(status=st.sampled_from([200, 204, 302, 400, 403, 429, 500, 599]), body=st.binary(max_size=200))
    def try_all(status: int, body: bytes) -> None:
        assert isinstance(classify(function, status, body, KEY), Data | Refusal)

    try_all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_json_is_refused_or_sound(function: Function) -> None:
    @cases(100)
    @hypothesis.given(st.one_of(odd, ANSWERS))
    def try_all(value: Any) -> None:
        check_sound(read(function, json.dumps(value).encode("utf-8", "surrogatepass")))

    try_all()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_spoilt_answer_gives_no_bad_record(function: Function) -> None:
    @cases(200)
    @hypothesis.given(spoilt(function))
    def try_all(payload: Any) -> None:
        check_sound(read(function, json.dumps(payload).encode("utf-8", "surrogatepass")))

    try_all()


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"data": ' + b"9" * 5000 + b"}",
        b'{"data": [], "data": {}}',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b"<html>504 Gateway Time-out</html>",
        b"null",
        b"NaN",
        b'{"Information": {"a": ["standard API rate limit is 25 requests per day"]}}',
        b'{"Error Message": null}',
        json.dumps(GOOD["TIME_SERIES_DAILY"]).encode()[:200],
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_no_answer_is_refused(function: Function, body: bytes) -> None:
    assert read(function, body) is None


@pytest.mark.parametrize("volume", [math.inf, 1e30, "1e3", "1.5", True, -1, 2**63, "1_000", "١٢", [1], "NaN"])
def test_a_volume_that_is_no_count_refuses_its_bar_alone(volume: object) -> None:
    payload: Any = daily_payload("NVDA", {day: row(10) for day in DAYS})
    payload[BARS_KEY][DAYS[1]]["5. volume"] = volume
    bars = read("TIME_SERIES_DAILY", json.dumps(payload).encode())
    assert [bar.date.isoformat() for bar in bars.good] == [DAYS[0], DAYS[2]], volume
    assert [DAYS[1] in str(bar) for bar in bars.refused] == [True]
