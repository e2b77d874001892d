"""The simulator enforces a plan, and the client gets its refusals over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from ingest.alpha_vantage.client import Client
from ingest.alpha_vantage.plans import FREE, PREMIUM, RECORDED, SIMULATED, VendorPlan
from ingest.alpha_vantage.protocol import Data, Function, Reason, Refusal, classify
from ingest.simulator.limits import PlanLimits
from ingest.simulator.server import serve
from ingest.simulator.simulated import SimulatedFeed
from lake.calendar import evening_of
from tests.ingest.fakes import FRIDAY, FakeClock

KEY = "SECRETKEY"


@contextmanager
def client_of(plan: VendorPlan, pace: float | None, key: str = KEY) -> Iterator[tuple[Client, FakeClock]]:
    """A client of a pace of its own, and a simulator of `plan`, on one clock."""
    clock = FakeClock()
    gate = PlanLimits(plan, lambda: clock.now)
    feed = SimulatedFeed(lambda: evening_of(FRIDAY))
    with serve(feed, gate) as url, Client(url, SecretStr(key), pace, sleep=clock.sleep, jitter=lambda: 0) as client:
        client.monotonic = lambda: clock.now
        yield client, clock


def reason_of(plan: VendorPlan, function: Function, outputsize: str = "compact", key: str = KEY) -> Reason | None:
    body = PlanLimits(plan).refusal(function, key, outputsize)
    answer = classify(function, 200, body, key) if body else None
    return answer.reason if isinstance(answer, Refusal) else None


def test_a_client_that_keeps_the_pace_is_not_throttled() -> None:
    with client_of(FREE, FREE.per_second) as (client, clock):
        assert all(isinstance(client.fetch("SPLITS", "VOO"), Data) for _ in range(3))
    assert clock.slept == [1, 1]


def test_a_client_that_is_too_fast_waits_and_gets_its_answer() -> None:
    with client_of(FREE, None) as (client, clock):
        assert all(isinstance(client.fetch("SPLITS", "VOO"), Data) for _ in range(3))
    assert clock.slept == [2, 2]
    assert client.requests_made == 5


def test_the_day_ends_with_a_refusal_that_no_longer_shows_the_key() -> None:
    with client_of(replace(FREE, per_day=2), 1) as (client, _):
        answers = [client.fetch("SPLITS", "VOO") for _ in range(3)]
    last = answers[-1]
    assert [isinstance(answer, Data) for answer in answers] == [True, True, False]
    assert isinstance(last, Refusal)
    assert last.reason is Reason.DAILY_LIMIT
    assert KEY not in last.message


def test_the_daily_limit_echoes_the_key_as_the_vendors_does() -> None:
    body = PlanLimits(replace(FREE, per_day=0)).refusal("SPLITS", KEY, "compact")
    assert body is not None
    assert f"API key as {KEY} and" in json.loads(body)["Information"]


@pytest.mark.parametrize(
    ("plan", "reason"), [(FREE, Reason.PREMIUM), (RECORDED, Reason.PREMIUM), (PREMIUM, None), (SIMULATED, None)]
)
def test_only_a_plan_with_the_full_history_gives_it(plan: VendorPlan, reason: Reason | None) -> None:
    assert reason_of(plan, "TIME_SERIES_DAILY", "full") is reason


def test_premium_functions_and_the_demo_key_are_refused() -> None:
    body = PlanLimits(FREE).refusal("TIME_SERIES_DAILY_ADJUSTED", KEY, "compact")
    assert body is not None
    assert classify("TIME_SERIES_DAILY", 200, body, KEY) == Refusal(
        Reason.PREMIUM, "TIME_SERIES_DAILY_ADJUSTED is a premium endpoint: this plan does not have it."
    )
    assert reason_of(FREE, "SPLITS", key="demo") is Reason.BAD_KEY


def test_a_new_day_has_its_requests_again() -> None:
    day = FRIDAY
    gate = PlanLimits(replace(FREE, per_day=1, per_second=None), today=lambda: day)
    assert [gate.refusal("SPLITS", KEY, "") is None for _ in range(2)] == [True, False]
    day = FRIDAY + timedelta(days=1)
    assert gate.refusal("SPLITS", KEY, "") is None
