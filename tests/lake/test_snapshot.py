"""The pointer and the manifest: intact, broken, and of another version."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lake import layout
from lake.errors import ConflictError, LakeError
from lake.snapshot import (
    FORMAT,
    Manifest,
    TickerManifest,
    current_manifest,
    published_at,
    read_manifest,
    read_pointer,
    swap_pointer,
)
from lake.storage import FolderStorage

ONE, TWO, THREE = "20260120T223005Z", "20260121T223005Z", "20260122T223005Z"


def manifest(snapshot: str) -> Manifest:
    ticker = TickerManifest(
        first=date(2026, 1, 5),
        last=date(2026, 1, 20),
        sessions=10,
        fetched_at="2026-01-20T22:30:05.000000Z",
        splits_seen="2026-01-20T22:30:05.000000Z",
        dividends_seen=None,
        missing=(date(2026, 1, 7),),
    )
    return Manifest(snapshot, "run", "recorded", 10, ("recorded",), {"META": ticker}, {"AAPL": "no bars have come yet"})


def test_the_pointer_moves_only_from_where_the_run_began(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    assert read_pointer(storage) is None
    assert current_manifest(storage) is None
    swap_pointer(storage, ONE, None)
    begun_on = read_pointer(storage)
    swap_pointer(storage, TWO, begun_on)
    with pytest.raises(ConflictError):
        swap_pointer(storage, THREE, begun_on)
    with pytest.raises(ConflictError):
        swap_pointer(storage, THREE, None)
    pointer = read_pointer(storage)
    assert pointer is not None
    assert pointer.snapshot == TWO


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"snapshot": null}', '{"snapshot": 5}', '{"snapshot": "../x"}', '"x"', "\xff"]
)
def test_what_is_no_pointer_is_said_with_its_place(tmp_path: Path, content: str) -> None:
    storage = FolderStorage(tmp_path)
    storage.write(layout.POINTER, content.encode("latin-1"))
    with pytest.raises(LakeError, match=r"published/current\.json is not a pointer"):
        read_pointer(storage)


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write(layout.manifest(ONE), manifest(ONE).to_json())
    swap_pointer(storage, ONE, None)
    assert current_manifest(storage) == read_manifest(storage, ONE) == manifest(ONE)
    assert manifest(ONE).as_of == date(2026, 1, 20)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tickers": []}', '{"tickers": {"A": {}}}'])
def test_a_broken_manifest_is_no_crash(content: str) -> None:
    with pytest.raises(LakeError, match="a manifest cannot be read"):
        Manifest.from_json(content.encode())


def manifest_from_the_future(number: int) -> bytes:
    """With fields that this version does not know, at the top and within a ticker."""
    raw = json.loads(manifest(ONE).to_json())
    raw |= {"format": number, "compression": {"codec": "zstd"}}
    raw["tickers"]["META"] |= {"currency": "USD", "halts": ["2026-01-08"]}
    return json.dumps(raw).encode()


def test_unknown_fields_of_a_manifest_are_ignored() -> None:
    assert Manifest.from_json(manifest_from_the_future(FORMAT)) == replace(manifest(ONE), format=FORMAT)


def test_a_manifest_of_a_newer_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(LakeError, match=rf"format {FORMAT + 1}.* up to {FORMAT}: update it, or .*glue rollback"):
        Manifest.from_json(manifest_from_the_future(FORMAT + 1))


def test_unknown_fields_of_the_pointer_are_ignored(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write(layout.POINTER, json.dumps({"snapshot": ONE, "held": True, "reason": "a bad day"}).encode())
    pointer = read_pointer(storage)
    assert pointer is not None
    assert (pointer.snapshot, pointer.held) == (ONE, True)


def test_an_id_is_its_time() -> None:
    moment = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)
    assert layout.stamp(moment) == ONE
    assert published_at(ONE) == moment


def test_the_sessions_held_in_a_year() -> None:
    """2025 ends with 12-29, 12-30 and 12-31, and 2026 begins with 01-02 and 01-05."""
    first, last, missing = date(2025, 12, 29), date(2026, 1, 5), (date(2025, 12, 30),)
    entry = TickerManifest(first, last, 4, "2026-01-06T00:00:00Z", "2026-01-06T00:00:00Z", None, missing)
    assert entry.sessions_in(2025) == [date(2025, 12, 29), date(2025, 12, 31)]
    assert entry.sessions_in(2026) == [date(2026, 1, 2), date(2026, 1, 5)]
    assert entry.sessions_in(2024) == entry.sessions_in(2027) == []
