"""S3 fails at the n-th call, for every n: a reader sees the old snapshot or the new one, and a new run ends well."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from lake import layout
from lake.errors import ConflictError, LakeError
from lake.storage import FolderStorage, S3Storage
from tests.faults.fake_vendor import REQUESTS, FakeVendor, check_delivered, run_against
from tests.faults.published import NEW, OLD, publish_second, served
from tests.faults.table import fault


class FailingStorage(FolderStorage):
    """A lake whose n-th call and every later one fail: reads, lists, writes, copies and removals."""

    def __init__(self, root: Path, calls: int) -> None:
        super().__init__(root)
        self._left = calls

    def _spend(self) -> None:
        if self._left == 0:
            raise LakeError("S3 refuses the call: InternalError")
        self._left -= 1

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        self._spend()
        return super().read_tagged(key)

    def write(self, key: str, data: bytes) -> None:
        self._spend()
        super().write(key, data)

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        self._spend()
        super().write_if(key, data, tag)

    def list(self, prefix: str) -> Iterator[str]:
        self._spend()
        return super().list(prefix)

    def copy(self, source: str, target: str) -> None:
        self._spend()
        super().copy(source, target)

    def delete_prefix(self, prefix: str) -> None:
        self._spend()
        super().delete_prefix(prefix)


@fault(
    "S3",
    "an error at the n-th call of publishing, for every n",
    "the run fails with a message; the old snapshot is served until the swap, the new one after it; a new run succeeds",
)
def test_every_call_of_publishing(staged: Callable[[str], Path]) -> None:
    seen = []
    for calls in itertools.count():
        root = staged(str(calls))
        with contextlib.suppress(LakeError):
            publish_second(FailingStorage(root, calls))
            break
        seen.append(served(root))
        publish_second(FolderStorage(root))
        assert served(root) == NEW
    assert served(root) == NEW
    assert seen == sorted(seen, reverse=True), "once the new snapshot is served the old one does not come back"
    assert set(seen) == {OLD, NEW}
    assert len(seen) > 10


@fault(
    "S3",
    "an error at the n-th call of delivering, for every n",
    "the answer is reported as failed, the others arrive; the next run delivers it",
)
def test_every_call_of_delivering(bucket: str) -> None:
    for calls, request in enumerate(REQUESTS):
        client = boto3.client("s3")
        made = itertools.count()

        def refuse(model: Any, bad: int = calls, made: Iterator[int] = made, **_: Any) -> None:
            if next(made) == bad:
                answer: Any = {"Error": {"Code": "InternalError"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
                raise ClientError(answer, model.name)

        client.meta.events.register("before-call.s3.PutObject", refuse)
        storage = S3Storage(f"s3://{bucket}/{calls}", client)
        report = run_against(FakeVendor(), storage)
        (failure,) = report.failures
        assert str(request) in str(failure)
        assert "S3 refuses" in str(failure)
        check_delivered(storage, [request])
        run_against(FakeVendor(), storage)
        check_delivered(storage)


@fault(
    "S3",
    "a conditional write is lost at the swap",
    "the run reports that another one has published, whose snapshot is served",
)
def test_the_swap_is_lost(staged: Callable[[str], Path]) -> None:
    root = staged("lake")

    class Overtaken(FolderStorage):
        def write_if(self, key: str, data: bytes, tag: str | None) -> None:
            if key == layout.POINTER:
                raise ConflictError("published/current.json was written by another run meanwhile")
            super().write_if(key, data, tag)

    with pytest.raises(ConflictError, match="another run"):
        publish_second(Overtaken(root))
    assert served(root) == OLD
