"""A run without time for all its requests goes on in another invocation, and makes no request twice."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ingest.alpha_vantage.plans import SIMULATED
from ingest.continuation import MOST, Continuations, Unfinished, take
from ingest.errors import ContinuationError, EventError, RunFailedError
from ingest.lambda_handler import handler
from ingest.plan.requests import PlannedRequest
from ingest.simulator.limits import PlanLimits
from ingest.simulator.recorded import RecordedFeed
from ingest.simulator.server import serve
from lake import layout
from lake.storage import FolderStorage
from tests.ingest.fakes import recorded_folder

RUN = "20261120T223005Z"
TICKERS = ("VOO", "QQQ", "SCHG")
LEFT = (
    PlannedRequest("TIME_SERIES_DAILY", "VOO", "missing 1 session", "compact", frozenset({date(2026, 11, 20)})),
    PlannedRequest("SPLITS", "VOO", "none known yet"),
    PlannedRequest("NEWS_SENTIMENT", "NVDA", "test", wanted=frozenset({date(2026, 11, 20)}), order="LATEST"),
)


class Invoked:
    """boto3's client of Lambda: keeps the invocations."""

    def __init__(self, error: Exception | None = None) -> None:
        self.events: list[Any] = []
        self._error = error

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: bytes) -> object:  # noqa: N803 - boto3's
        assert (FunctionName, InvocationType) == ("bellwether-ingest", "Event")
        if self._error:
            raise self._error
        self.events.append(json.loads(Payload))
        return {"StatusCode": 202}


def test_what_is_left_is_handed_over_whole_and_taken_once(tmp_path: Path) -> None:
    storage, client = FolderStorage(tmp_path), Invoked()
    said = Continuations(storage, "bellwether-ingest", client).hand_over(RUN, "bars", Unfinished(LEFT, 1))
    assert said == f"3 requests are left: continuation 1 of at most {MOST} makes them"
    assert client.events == [{"task": "bars", "continues": RUN}]
    assert take(storage, RUN) == Unfinished(LEFT, 1)
    assert take(storage, RUN) is None  # Lambda may deliver an asynchronous event twice


def test_continuations_end(tmp_path: Path) -> None:
    client = Invoked()
    with pytest.raises(ContinuationError, match=f"3 requests are left after {MOST} continuations: the next run plans"):
        Continuations(FolderStorage(tmp_path), "bellwether-ingest", client).hand_over(
            RUN, "bars", Unfinished(LEFT, MOST + 1)
        )
    assert client.events == []
    assert MOST < 16  # at which AWS ends a function that invokes itself


def test_a_function_that_cannot_be_invoked_is_an_error_in_words(tmp_path: Path) -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, "Invoke")
    with pytest.raises(
        ContinuationError, match=r"3 requests are left, and bellwether-ingest cannot be invoked: .*not all"
    ):
        Continuations(FolderStorage(tmp_path), "bellwether-ingest", Invoked(refused)).hand_over(
            RUN, "bars", Unfinished(LEFT, 1)
        )


@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is nothing to continue"), (b"{}", "cannot be read"), (b"[]", "cannot be read")]
)
def test_nothing_to_continue_is_an_error(tmp_path: Path, content: bytes | None, said: str) -> None:
    storage = FolderStorage(tmp_path)
    if content:
        storage.write(layout.unfinished(RUN), content)
    with pytest.raises(ContinuationError, match=said):
        take(storage, RUN)


def test_only_a_runs_id_can_be_continued() -> None:
    with pytest.raises(EventError):
        handler({"task": "bars", "continues": "../../origin"}, None)


class Counted(RecordedFeed):
    """A feed that counts what is requested of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.requested: list[tuple[str, str]] = []

    def daily(self, symbol: str, outputsize: str) -> bytes:
        self.requested.append(("daily", symbol))
        return super().daily(symbol, outputsize)

    def splits(self, symbol: str) -> bytes:
        self.requested.append(("splits", symbol))
        return super().splits(symbol)

    def dividends(self, symbol: str) -> bytes:
        self.requested.append(("dividends", symbol))
        return super().dividends(symbol)


class Invocation:
    """What Lambda says: so many seconds are left, 75 of which the run keeps to finish."""

    function_name = "bellwether-ingest"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * (75 + self._seconds))


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """A simulator that takes a third of a second for an answer, and the environment of a function that asks it."""
    counted = Counted(recorded_folder(tmp_path / "feed", list(TICKERS)))
    for name in ("FEED", "ALPHA_VANTAGE_API_KEY", "ALPHA_VANTAGE_KEY_PARAMETER", "FIREHOSE_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    with serve(counted, PlanLimits(SIMULATED)) as url:
        monkeypatch.setenv("ALPHA_VANTAGE_URL", url)
        monkeypatch.setenv("ALPHA_VANTAGE_PLAN", "premium")  # 1.25 requests a second
        monkeypatch.setenv("LAKE", str(tmp_path / "lake"))
        monkeypatch.setenv("TICKERS", ",".join(TICKERS))
        yield counted


def test_a_run_goes_on_where_its_time_ended_and_requests_nothing_twice(
    feed: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six requests at 1.25 a second take five seconds; an invocation has two."""
    client = Invoked()
    monkeypatch.setattr(boto3, "client", lambda _name: client)
    reports = [handler({"task": "bars"}, Invocation(2))]
    while len(client.events) == len(reports):
        reports.append(handler(client.events[-1], Invocation(2)))
    assert 1 < len(reports) < 6
    assert sorted(feed.requested) == sorted((what, ticker) for what in ("daily", "splits") for ticker in TICKERS)
    assert [report["failures"] for report in reports] == [[]] * len(reports)
    again = handler(client.events[0], Invocation(2))
    assert again == {"run": client.events[0]["continues"], "continued": "by another invocation"}


def test_a_run_that_makes_no_request_fails_instead_of_invoking_itself(
    feed: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Invoked()
    monkeypatch.setattr(boto3, "client", lambda _name: client)
    with pytest.raises(RunFailedError, match="because this one has no time left"):
        handler({"task": "bars"}, Invocation(-1))
    assert (client.events, feed.requested) == ([], [])
