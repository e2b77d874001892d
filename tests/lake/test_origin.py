"""Data of two origins never mix in a lake."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lake import layout
from lake.errors import LakeError
from lake.origin import claim_origin, clock_of, lake_of, origin_of, read_origin
from lake.storage import FolderStorage


@pytest.mark.parametrize(
    ("environment", "origin", "lake"),
    [
        ({}, "simulated", ".lake/simulated"),
        ({"FEED": "", "ALPHA_VANTAGE_API_KEY": "", "LAKE": ""}, "simulated", ".lake/simulated"),
        ({"ALPHA_VANTAGE_API_KEY": "k"}, "live", ".lake/live"),
        ({"FEED": "somewhere"}, "recorded", ".lake/recorded"),
        ({"FEED": "somewhere", "ALPHA_VANTAGE_API_KEY": "k", "LAKE": "mine"}, "recorded", "mine"),
    ],
)
def test_the_environment_says_the_origin_and_the_lake(environment: dict[str, str], origin: str, lake: str) -> None:
    assert (origin_of(environment), lake_of(environment)) == (origin, lake)


def test_a_lake_refuses_another_origin(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    assert read_origin(storage) is None
    claim_origin(storage, "simulated")
    claim_origin(storage, "simulated")
    with pytest.raises(LakeError, match="holds simulated data and takes no live data"):
        claim_origin(storage, "live")
    assert read_origin(storage) == "simulated"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"origin": "rumour"}'])
def test_a_broken_origin_is_said(tmp_path: Path, content: bytes) -> None:
    storage = FolderStorage(tmp_path)
    storage.write(layout.ORIGIN, content)
    with pytest.raises(LakeError, match="origin"):
        read_origin(storage)


def test_unknown_fields_of_the_origin_are_ignored(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write(layout.ORIGIN, b'{"origin": "live", "since": "2026-01-20"}')
    assert read_origin(storage) == "live"


def test_a_recorded_lakes_clock_stands_still() -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert clock_of("live", date(2025, 12, 2), now) == now
    assert clock_of("recorded", date(2025, 12, 2), now).isoformat() == "2025-12-02T20:00:00-05:00"
