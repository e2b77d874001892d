"""The disk is full from the n-th write on: what is in the lake is whole, and what is missing is named."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.cli import main as ingest
from lake import layout
from lake.errors import LakeError
from lake.storage import FolderStorage
from tests.faults.fake_vendor import REQUESTS, FakeVendor, check_delivered, raw_records, run_against
from tests.faults.table import fault


def full_after(writes: int) -> Callable[[int], None]:
    """An fsync that has room for so many writes."""
    fsync, left = os.fsync, [writes]

    def limited(handle: int) -> None:
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        fsync(handle)

    return limited


def leftovers(root: Path) -> list[Path]:
    """Unfinished files, which nobody would ever read or remove."""
    return [path for path in root.rglob(".*") if path.is_file() and not path.name.endswith(".lock")]


@fault(
    "disk",
    "full while records are delivered",
    "what did not fit is reported; what was written is whole; the next run delivers the rest",
)
def test_full_while_ingesting(tmp_path: Path) -> None:
    for writes, request in enumerate(REQUESTS):
        root = tmp_path / str(writes)
        storage = FolderStorage(root)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("os.fsync", full_after(writes))
            report = run_against(FakeVendor(), storage)
        lacking = REQUESTS[writes:]
        assert [str(request) in str(failure) for failure in report.failures[:1]] == [True]
        assert all("No space left on device" in str(failure) for failure in report.failures)
        assert len(report.failures) == len(lacking)
        check_delivered(storage, lacking)
        assert leftovers(root) == []
        run_against(FakeVendor(), storage)
        check_delivered(storage)


@fault("disk", "full before anything is written", "the command reports it in one line, with exit status 2")
def test_full_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("FEED", "ALPHA_VANTAGE_API_KEY", "ALPHA_VANTAGE_URL", "FIREHOSE_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LAKE", str(tmp_path))
    monkeypatch.setattr("os.fsync", full_after(0))
    assert ingest(["daily"]) == 2
    said = capsys.readouterr().err
    assert "No space left on device" in said
    assert said.count("\n") == 1
    assert raw_records(FolderStorage(tmp_path)) == {}


@fault("disk", "full at the swap of the pointer", "the old snapshot stays served, whole")
def test_full_at_the_swap(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write(layout.POINTER, b'{"snapshot": "20261121T013005Z"}')
    _, tag = storage.read_tagged(layout.POINTER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", full_after(0))
        with pytest.raises((OSError, LakeError)):
            storage.write_if(layout.POINTER, b'{"snapshot": "20261122T013005Z"}', tag)
    assert storage.read(layout.POINTER) == b'{"snapshot": "20261121T013005Z"}'
    assert leftovers(tmp_path) == []
