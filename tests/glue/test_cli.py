"""The commands snapshots, rollback and release, and a lake with nothing to do. Without Spark."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from glue.arguments import Arguments
from glue.cli import _summarise, main
from glue.jobs import publish
from lake import layout
from lake.snapshot import TickerManifest, snapshots
from lake.storage import FolderStorage
from tests.glue.staged import stage
from tests.ingest.fakes import manifest_of

ENTRY = TickerManifest(date(2026, 1, 5), date(2026, 1, 20), 11, "2026-01-20T22:30:05Z", "2026-01-20T22:30:05Z", None)
NOW = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderStorage:
    """The lake of LAKE, with two snapshots."""
    monkeypatch.setenv("LAKE", str(tmp_path))
    storage = FolderStorage(tmp_path)
    storage.write("raw/prices/dt=2026-01-20/a.json", b"")
    for hour in (0, 1):
        moment = NOW + timedelta(hours=hour)
        stage(storage, layout.stamp(moment), b"%d" % hour)
        publish.run(Arguments(storage, layout.stamp(moment)), lambda moment=moment: moment)  # type: ignore[misc]
    return storage


def test_one_goes_back_holds_and_releases(storage: FolderStorage, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = snapshots(storage)
    assert main(["snapshots"]) == 0
    newest, oldest = capsys.readouterr().out.splitlines()
    assert second in newest
    assert "served" in newest
    assert first in oldest
    assert main(["rollback", first]) == 0
    assert main([]) == 1
    assert f"is held at snapshot {first}" in capsys.readouterr().err
    assert main(["release"]) == 0
    assert main([]) == 0
    assert f"nothing new; snapshot {first} stays" in capsys.readouterr().out


def test_what_cannot_be_done_is_said(storage: FolderStorage, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback", "20200101T000000Z"]) == 1
    assert "snapshot=20200101T000000Z is not in" in capsys.readouterr().err
    assert main(["release", "--drop"]) == 1
    assert "is not held" in capsys.readouterr().err


def test_an_empty_lake_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAKE", str(tmp_path))
    assert main([]) == 1
    assert (
        f"the lake is empty ({tmp_path}): `python -m ingest daily` fetches what to publish" in capsys.readouterr().out
    )


def test_tickers_that_lack_the_same_are_named_together(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a universe of ten, an import of one leaves nine without a bar."""
    lacking = {"QQQ": "no bars have come yet", "SCHG": "its splits are not known yet", "META": "no bars have come yet"}
    _summarise(replace(manifest_of({"VOO": ENTRY}), unpublished=lacking))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "glue: not published: QQQ, META: no bars have come yet",
        "glue: not published: SCHG: its splits are not known yet",
    ]
