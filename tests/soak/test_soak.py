"""The soak in short: every answer under load is wholly of the snapshot that it names."""

import json
from pathlib import Path

import pytest

from benchmarks.soak import growth, soak
from benchmarks.soak_lake import Publisher, first_two, market_of, normal, snapshot_id, snapshot_of
from lake.snapshot import current_manifest
from lake.storage import FolderStorage

SHORT_SECONDS = 3.0


def test_under_load_no_answer_mixes_two_snapshots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missed = [str(figure) for figure in soak(tmp_path, SHORT_SECONDS) if not figure.holds]
    assert not missed, f"{missed} {capsys.readouterr().err}"


def test_publishing_and_rolling_back_serve_the_two_markets_in_turn(tmp_path: Path) -> None:
    first_two(tmp_path)
    storage = FolderStorage(tmp_path)
    publisher = Publisher(storage, every=1)
    served = []
    for step in (publisher.publish_next, publisher.publish_next, publisher.roll_back):
        step()
        manifest = current_manifest(storage)
        assert manifest is not None
        served.append((manifest.snapshot, market_of(manifest.snapshot), str(manifest.as_of)))
    assert served == [
        (snapshot_id(2), 0, "2026-11-20"),
        (snapshot_id(3), 1, "2026-11-19"),
        (snapshot_id(2), 0, "2026-11-20"),
    ]


def test_an_answer_is_the_same_of_every_snapshot_of_a_market_and_no_other() -> None:
    def body(snapshot: str, close: float) -> bytes:
        return json.dumps({"meta": {"snapshot": snapshot}, "rows": [{"close": close}]}).encode()

    texts = [normal(body(snapshot_id(n), close), snapshot_id(n)) for n, close in ((0, 1.5), (2, 1.5), (2, 4.5))]
    assert texts[0] == texts[1] != texts[2]
    assert snapshot_of(body(snapshot_id(7), 1)) == snapshot_id(7)


def test_growth_is_seen_and_warming_up_is_not() -> None:
    assert growth([10, 90, 100, 100, 100, 100, 100, 100]) == 1
    assert growth([100, 100, 100, 100, 120, 120, 150, 150]) == 1.5
