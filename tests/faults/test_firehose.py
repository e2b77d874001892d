"""Firehose fails at one call after another: every record arrives, or is kept where the message says."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from mypy_boto3_firehose import FirehoseClient

from ingest.delivery.firehose import FirehoseDelivery
from lake.layout import RAW_KINDS
from lake.storage import FolderStorage
from tests.faults.fake_vendor import REQUESTS, RUN, FakeVendor, good_body, raw_records, run_against
from tests.faults.table import fault
from tests.ingest.fakes import FakeClock

STREAMS = {kind: f"bellwether-{kind}" for kind in RAW_KINDS}
Call = Callable[[Sequence[bytes]], list[bytes]]  # the records of a call → those that arrive; may raise


def refusal(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutRecordBatch")


class Stream:
    """A Firehose that fails from the n-th call on, for so many calls."""

    def __init__(self, first: int, calls: int, behaves: Callable[["Stream", Sequence[bytes]], list[bytes]]) -> None:
        self._bad = range(first, first + calls)
        self._behaves, self._calls = behaves, 0
        self.arrived: list[bytes] = []

    def put_record_batch(self, *, DeliveryStreamName: str, Records: Sequence[Any]) -> dict[str, Any]:  # noqa: N803
        lines = [record["Data"] for record in Records]
        call, self._calls = self._calls, self._calls + 1
        taken = self._behaves(self, lines) if call in self._bad else lines
        self.arrived += taken
        results = [
            {"RecordId": "1"} if line in taken else {"ErrorCode": "ServiceUnavailableException"} for line in lines
        ]
        return {"FailedPutCount": len(lines) - len(taken), "RequestResponses": results}


def partial(_: Stream, lines: Sequence[bytes]) -> list[bytes]:
    return list(lines[::3])


def throttled(_: Stream, __: Sequence[bytes]) -> list[bytes]:
    raise refusal("ServiceUnavailableException", 503)


def away(_: Stream, __: Sequence[bytes]) -> list[bytes]:
    raise EndpointConnectionError(endpoint_url="https://firehose.example")


def answer_lost(stream: Stream, lines: Sequence[bytes]) -> list[bytes]:
    stream.arrived += lines
    raise ReadTimeoutError(endpoint_url="https://firehose.example")


def forbidden(_: Stream, __: Sequence[bytes]) -> list[bytes]:
    raise refusal("AccessDeniedException", 400)


def delivered(tmp_path: Path, stream: Stream) -> tuple[Any, FolderStorage]:
    """The report of a run through the stream, and the lake that keeps its dead letters."""
    storage, time = FolderStorage(tmp_path), FakeClock()
    delivery = FirehoseDelivery(
        cast("FirehoseClient", stream), STREAMS, storage, RUN, time.sleep, lambda: time.now, lambda: 0
    )
    return run_against(FakeVendor(), storage, delivery), storage


def wanted(tmp_path: Path) -> set[bytes]:
    """The lines that a run without a fault delivers."""
    storage = FolderStorage(tmp_path / "sound")
    run_against(FakeVendor(), storage)
    return {line for key in storage.list("raw/") for line in storage.read(key).splitlines(keepends=True)}


MENDED = {"partial": partial, "throttled": throttled, "away": away, "answer lost": answer_lost}
_AGAIN = "and nothing is missing"


@fault("Firehose", "takes some records of a batch and fails others", f"only those are sent again, {_AGAIN}", "partial")
@fault("Firehose", "throttled for a while", f"sent again after growing waits, {_AGAIN}", "throttled")
@fault("Firehose", "unreachable for a while", f"sent again after growing waits, {_AGAIN}", "away")
@fault(
    "Firehose", "its answer is lost, the records are not", f"sent again, {_AGAIN}; twice does no harm", "answer lost"
)
@pytest.mark.parametrize("name", MENDED)
def test_a_passing_fault_loses_nothing(tmp_path: Path, name: str) -> None:
    every, behaves = wanted(tmp_path), MENDED[name]
    for first in range(len(REQUESTS)):
        stream = Stream(first, 2, behaves)
        report, storage = delivered(tmp_path / str(first), stream)
        assert report.ok
        assert set(stream.arrived) == every
        assert len(stream.arrived) == len(every) or behaves is answer_lost
        assert list(storage.list("dead-letter/")) == []


@fault(
    "Firehose",
    "down for good",
    "after a minute the records are kept below dead-letter/, and the run reports where",
    "away",
)
@fault(
    "Firehose",
    "refuses the role",
    "the records are kept at once below dead-letter/, and the run reports where",
    "forbidden",
)
@pytest.mark.parametrize("name", ["away", "forbidden"])
def test_a_lasting_fault_leaves_dead_letters(tmp_path: Path, name: str) -> None:
    every = wanted(tmp_path)
    behaves = {"away": away, "forbidden": forbidden}[name]
    for first in range(len(REQUESTS)):
        stream = Stream(first, 10_000, behaves)
        report, storage = delivered(tmp_path / str(first), stream)
        letters = [key for key in storage.list("dead-letter/") if key]
        kept = {line for key in letters for line in storage.read(key).splitlines(keepends=True)}
        assert set(stream.arrived) | kept == every
        assert len(report.failures) == len(REQUESTS) - first
        assert all(any(key in line for line in report.lines()) for key in letters)
        assert raw_records(storage) == {}


@fault(
    "Firehose",
    "down, and the lake full too",
    "the run reports what could be neither delivered nor kept; the next run delivers it",
)
def test_neither_delivered_nor_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    report, storage = delivered(tmp_path, Stream(0, 10_000, away))
    assert len(report.failures) == len(REQUESTS)
    assert all("could not be kept" in str(failure) for failure in report.failures)
    assert good_body(REQUESTS[0])
    assert list(storage.list("")) == []
