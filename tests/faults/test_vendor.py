"""The vendor fails at one request after another: the rest is delivered, and the next run delivers what was missing."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from lake.storage import FolderStorage
from tests.faults.fake_vendor import (
    KINDS,
    REQUESTS,
    Answer,
    FakeVendor,
    check_delivered,
    good_body,
    raw_records,
    run_against,
)
from tests.faults.table import fault
from tests.ingest.fakes import KEY

BURST = {"Information": f"We have detected your API key as {KEY}: please consider spreading out your requests"}
LIMIT = {"Information": f"your API key as {KEY} and our standard API rate limit is 25 requests per day"}
BAD_KEY = {"Error Message": "the parameter apikey is invalid or missing."}
OTHER = {"Meta Data": {"2. Symbol": "XXX"}, "Time Series (Daily)": {"2026-11-20": {}}, "symbol": "XXX", "data": []}


@dataclass(frozen=True)
class Case:
    """The answers to one request, the words of the report, and how often the request is made."""

    answers: tuple[Answer, ...]
    says: str
    tries: int = 1


def body(payload: object) -> Answer:
    return 200, json.dumps(payload).encode()


CASES = {
    "slow": Case((requests.ReadTimeout(),), "vendor not reachable (no answer in time)", 3),
    "unreachable": Case((requests.ConnectionError(),), "vendor not reachable (no connection)", 3),
    "down": Case(((503, b"<html>"),), "vendor not reachable (HTTP 503)", 3),
    "throttled": Case((body(BURST),), "requested too fast", 4),
    "malformed": Case(((200, b'{"Meta Data": {"1. Information": '),), "answer not understood (HTTP 200, not JSON)"),
    "cut off": Case((requests.exceptions.ChunkedEncodingError(),), "vendor not reachable (the answer was cut off)", 3),
    "empty": Case((body({}),), "empty answer"),
    "redirected": Case(((302, b""),), "answer not understood"),
    "about another": Case((body(OTHER),), "is not about"),
}
FINAL = {"wrong key": Case((body(BAD_KEY),), "API key refused"), "day's limit": Case((body(LIMIT),), "")}
_REST = "is reported as failed; the run delivers every other request, and the next run delivers this one"


@fault("vendor", "slow: no answer in time", f"tried three times; the request {_REST}", "slow")
@fault("vendor", "unreachable", f"tried three times; the request {_REST}", "unreachable")
@fault("vendor", "down: HTTP 503", f"tried three times; the request {_REST}", "down")
@fault("vendor", "throttled at every try", f"tried four times with growing waits; the request {_REST}", "throttled")
@fault("vendor", "malformed: half a JSON", f"not tried again; the request {_REST}", "malformed")
@fault("vendor", "cut off in the middle of an answer", f"tried three times; the request {_REST}", "cut off")
@fault("vendor", "an empty answer", f"the request {_REST}", "empty")
@fault(
    "vendor",
    "a redirect to another host",
    f"not followed, because it would carry the key; the request {_REST}",
    "redirected",
)
@fault("vendor", "an answer about another ticker", f"nothing of it is used; the request {_REST}", "about another")
@pytest.mark.parametrize("name", CASES)
def test_one_request_fails(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    for place, request in enumerate(REQUESTS):
        storage = FolderStorage(tmp_path / str(place))
        vendor = FakeVendor(place, *case.answers)
        report = run_against(vendor, storage)
        (failure,) = report.failures
        assert str(request) in str(failure)
        assert case.says in str(failure)
        assert vendor.requested.count(str(request)) == case.tries
        assert KEY not in "\n".join(report.lines())
        check_delivered(storage, [request])
        assert run_against(FakeVendor(), storage).ok
        check_delivered(storage)


@fault(
    "vendor",
    "wrong key",
    "the run ends there and reports it without the key; what came before is delivered",
    "wrong key",
)
@fault(
    "vendor", "the day's requests are spent", "the run ends there; the rest is deferred to a later run", "day's limit"
)
@pytest.mark.parametrize("name", FINAL)
def test_a_final_refusal_ends_the_run(tmp_path: Path, name: str) -> None:
    for place in range(len(REQUESTS)):
        storage = FolderStorage(tmp_path / str(place))
        vendor = FakeVendor(place, *FINAL[name].answers)
        report = run_against(vendor, storage)
        said = "\n".join(report.lines())
        assert len(vendor.requested) == place + 1
        assert set(map(str, REQUESTS[place + 1 :])) <= set(report.deferred)
        assert KEY not in said
        assert FINAL[name].says in said
        check_delivered(storage, REQUESTS[place:])
        run_against(FakeVendor(), storage)
        check_delivered(storage)


@fault("vendor", "throttled for a moment", "tried again after growing waits; nothing is missing")
def test_a_passing_throttle(tmp_path: Path) -> None:
    for place, request in enumerate(REQUESTS):
        storage = FolderStorage(tmp_path / str(place))
        report = run_against(FakeVendor(place, body(BURST), body(BURST), (200, good_body(request))), storage)
        assert report.ok
        check_delivered(storage)


@fault("vendor", "one impossible bar in a good answer", "the bar is reported and left out, the others are delivered")
def test_one_bad_bar(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    payload = json.loads(good_body(REQUESTS[0]))
    day, bar = next(iter(payload["Time Series (Daily)"].items()))
    payload["Time Series (Daily)"][day] = bar | {"2. high": "0.0100"}
    report = run_against(FakeVendor(0, body(payload)), storage)
    assert report.ok
    assert any(day in line and "refused" in line for line in report.lines())
    days = {record["date"] for record in raw_records(storage)[KINDS[REQUESTS[0].function], REQUESTS[0].ticker]}
    assert day not in days
    assert len(days) == 7
