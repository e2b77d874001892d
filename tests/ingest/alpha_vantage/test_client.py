import json
import logging
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from ingest.alpha_vantage.client import RETRIES, Client
from ingest.alpha_vantage.plans import RECORDED
from ingest.alpha_vantage.protocol import Answer, Data, Reason, Refusal
from ingest.simulator.limits import PlanLimits
from ingest.simulator.recorded import RecordedFeed
from ingest.simulator.server import serve
from tests.ingest.fakes import KEY, Answers, FakeClock, recorded_folder, session_of, splits_payload

DATA = (200, json.dumps(splits_payload("VOO")).encode())
BURST = (200, b'{"Information": "Burst pattern detected"}')
LIMIT = (200, json.dumps({"Information": f"your API key as {KEY}: 25 requests per day"}).encode())
OUTAGE = (503, b"")


def client_of(adapter: Answers, time: FakeClock, per_second: float | None = None, **fields: Any) -> Client:
    """A client on a clock that only `sleep` moves, without jitter unless `fields` say so."""
    fakes = {"session": session_of(adapter), "sleep": time.sleep, "monotonic": lambda: time.now, "jitter": lambda: 0.0}
    return Client("https://vendor.example", SecretStr(KEY), per_second, **{**fakes, **fields})


def fetch(*answers: tuple[int, bytes] | Exception) -> tuple[Answer, list[float], int]:
    time = FakeClock()
    with client_of(Answers(*answers), time) as client:
        return client.fetch("SPLITS", "VOO"), time.slept, client.requests_made


@pytest.mark.parametrize("first", [BURST, OUTAGE, requests.ConnectTimeout("late"), requests.ConnectionError("gone")])
def test_a_throttle_or_an_outage_is_retried(first: tuple[int, bytes] | Exception) -> None:
    answer, slept, made = fetch(first, DATA)
    assert isinstance(answer, Data)
    assert len(slept) == 1
    assert made == 2


@pytest.mark.parametrize(("again", "reason"), [(BURST, Reason.BURST), (OUTAGE, Reason.OUTAGE)])
def test_retries_end_after_growing_waits(again: tuple[int, bytes], reason: Reason) -> None:
    answer, slept, _ = fetch(again)
    assert isinstance(answer, Refusal)
    assert answer.reason is reason
    assert slept == list(RETRIES[reason]) == sorted(slept)
    assert len(slept) >= 2


def test_other_refusals_are_final() -> None:
    answer, slept, made = fetch(LIMIT)
    assert isinstance(answer, Refusal)
    assert answer.reason is Reason.DAILY_LIMIT
    assert (slept, made) == ([], 1)


def test_requests_keep_the_pace_of_the_plan() -> None:
    time = FakeClock()
    with client_of(Answers(DATA), time, per_second=2) as client:
        for _ in range(3):
            client.fetch("SPLITS", "VOO")
    assert time.slept == [0.5, 0.5]


def test_the_pace_is_kept_however_long_the_answers_take() -> None:
    """A request that is sent a second after another may arrive in less: the next waits from the end of the answer."""
    time = FakeClock()

    class Slow(Answers):
        def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
            time.now += 0.3
            return super().send(request, *args, **kwargs)

    with client_of(Slow(DATA), time, per_second=2) as client:
        for _ in range(3):
            client.fetch("SPLITS", "VOO")
    assert time.slept == pytest.approx([0.5, 0.5])


def test_each_retry_is_told_with_its_request_its_reason_and_the_wait() -> None:
    told: list[str] = []
    with client_of(Answers(BURST, OUTAGE, DATA), FakeClock(), notify=told.append) as client:
        client.fetch("SPLITS", "VOO")
    assert told == [
        "SPLITS of VOO: requested too fast; next try in 2.0 s",
        "SPLITS of VOO: vendor not reachable (HTTP 503); next try in 1.0 s",
    ]


@pytest.mark.parametrize("answer", [LIMIT, requests.ConnectionError(f"no route to /query?apikey={KEY}")])
def test_the_key_is_in_no_answer_no_repr_and_no_log(
    answer: tuple[int, bytes] | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    time = FakeClock()
    with client_of(Answers(answer), time) as client:
        told = [str(client.fetch("SPLITS", "VOO")), repr(client), caplog.text]
    assert all(KEY not in text for text in told)


def test_urllib3_logs_the_url_without_the_key(
    caplog: pytest.LogCaptureFixture, tmp_path_factory: pytest.TempPathFactory
) -> None:
    caplog.set_level(logging.DEBUG)
    feed = RecordedFeed(recorded_folder(tmp_path_factory.mktemp("feed"), ["VOO"]))
    with serve(feed, PlanLimits(RECORDED)) as url, Client(url, SecretStr("PLAINKEY"), None) as client:
        assert isinstance(client.fetch("SPLITS", "VOO"), Data)
    assert "/query?" in caplog.text
    assert "PLAINKEY" not in caplog.text


def test_a_redirect_is_not_followed() -> None:
    time = FakeClock()
    adapter = Answers((302, b""))
    with client_of(adapter, time) as client:
        answer = client.fetch("SPLITS", "VOO")
    assert isinstance(answer, Refusal)
    assert len(adapter.urls) == 1


def test_a_proxy_of_the_environment_is_not_used_for_a_simulator_on_loopback(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    feed = RecordedFeed(recorded_folder(tmp_path_factory.mktemp("feed"), ["VOO"]))
    with serve(feed, PlanLimits(RECORDED)) as url, Client(url, SecretStr("any"), None, sleep=lambda _: None) as client:
        assert isinstance(client.fetch("SPLITS", "VOO"), Data)


class Purse:
    """A budget of so many requests."""

    def __init__(self, left: int) -> None:
        self.deferred = left

    def reserve(self) -> bool:
        self.deferred -= 1
        return self.deferred >= 0

    def exhaust(self) -> None:
        self.deferred = 0


def test_every_retry_is_reserved_before_it_is_made() -> None:
    adapter, budget = Answers(BURST, OUTAGE, DATA), Purse(3)
    with client_of(adapter, FakeClock(), budget=budget) as client:
        assert isinstance(client.fetch("SPLITS", "VOO"), Data)
        answer = client.fetch("SPLITS", "VOO")
    assert isinstance(answer, Refusal)
    assert (answer.reason, len(adapter.urls), client.requests_made) == (Reason.DAILY_LIMIT, 3, 3)


def test_the_day_is_counted_as_spent_when_the_vendor_says_so() -> None:
    budget = Purse(20)
    with client_of(Answers(LIMIT), FakeClock(), budget=budget) as client:
        client.fetch("SPLITS", "VOO")
    assert budget.deferred == 0


@pytest.mark.parametrize(("draw", "slept"), [(0.0, [2, 4, 8]), (1.0, [3, 6, 12])])
def test_jitter_only_lengthens_a_wait(draw: float, slept: list[float]) -> None:
    time = FakeClock()
    with client_of(Answers(BURST), time, jitter=lambda: draw) as client:
        client.fetch("SPLITS", "VOO")
    assert time.slept == slept


def test_no_wait_goes_beyond_the_end_of_the_run() -> None:
    time = FakeClock()
    with client_of(Answers(BURST), time, ends_at=time.now + 6.5) as client:
        answer = client.fetch("SPLITS", "VOO")
    assert isinstance(answer, Refusal)
    assert (answer.reason, time.slept) == (Reason.BURST, [2, 4])


def test_nothing_is_requested_after_the_end_of_the_run() -> None:
    adapter, time = Answers(DATA), FakeClock()
    with client_of(adapter, time, ends_at=time.now) as client:
        answer = client.fetch("SPLITS", "VOO")
    assert isinstance(answer, Refusal)
    assert (answer.reason, adapter.urls) == (Reason.OUT_OF_TIME, [])
