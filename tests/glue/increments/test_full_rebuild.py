"""A full rebuild has the same content as a sequence of increments, to the last bit."""

from pathlib import Path
from typing import Any

import pytest

from lake import layout
from lake.snapshot import Manifest
from lake.storage import FolderStorage
from tests.glue.scenarios import frozen, restated
from tests.glue.scenarios.increments import ABSURD, DAYS, SPLIT, TICKERS, deliver_before, fetched
from tests.glue.scenarios.lake import FiveRuns, only, rows, run_jobs

TABLES = ("daily_prices", "corporate_actions", "daily_sentiment", "kept/prices", "kept/sentiment")


@pytest.fixture(scope="module")
def whole(published: FiveRuns, tmp_path_factory: pytest.TempPathFactory) -> tuple[FolderStorage, Manifest]:
    """What the five runs have published piece by piece, published by one in a lake of its own."""
    storage = FolderStorage(tmp_path_factory.mktemp("whole"))
    for run in range(1, 6):
        deliver_before(run, storage)
    return storage, run_jobs(storage, "20260206T050000Z")


def events_of_dis(published: FiveRuns) -> list[list[Any]]:
    """Its splits and spin-offs after each run."""
    found = [rows(published.storage, one, "corporate_actions", ["DIS"]) for one in published.manifests]
    return [[(str(row["date"]), row["value"]) for row in of_run if row["kind"] != "dividend"] for of_run in found]


def test_an_empty_answer_counts_from_the_vendors_first_bar_on(published: FiveRuns) -> None:
    """DIS's vendor gives no split. Its first bar is DAYS[100], and DAYS[40] at last."""
    assert events_of_dis(published) == [[], *[[(DAYS[50], 1.046)]] * 3, []]


@pytest.mark.parametrize("table", TABLES)
def test_the_content_is_the_same(published: FiveRuns, whole: tuple[FolderStorage, Manifest], table: str) -> None:
    found = rows(published.storage, published.manifests[-1], table, TICKERS)
    storage, manifest = whole
    assert found == rows(storage, manifest, table)
    assert len(found) == manifest.tables.get(table, len(found)) > 0


def test_the_manifests_agree(published: FiveRuns, whole: tuple[FolderStorage, Manifest]) -> None:
    one, other = only(published.manifests[-1], TICKERS), whole[1]
    for name in ("tickers", "held", "frozen", "flagged"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.tickers["CAT"].sentiment_seen == fetched(2)


@pytest.mark.parametrize("table", TABLES)
def test_a_rebuild_of_the_lake_changes_nothing(published: FiveRuns, table: str) -> None:
    """Of all tickers, those among them that are held back."""
    found = rows(published.storage, published.rebuilt, table)
    assert found == rows(published.storage, published.manifests[2], table)
    assert len(found) == published.rebuilt.tables.get(table, len(found)) > 0


def test_the_manifest_of_a_rebuild_agrees(published: FiveRuns) -> None:
    """But for malformed records, which the rebuild has read again."""
    before, after = published.manifests[2], published.rebuilt
    for name in ("rows", "tickers", "tables", "sources", "raw_days", "flagged"):
        assert getattr(before, name) == getattr(after, name), name
    sound = (*TICKERS, *frozen.TICKERS, *restated.TICKERS)
    assert only(before, sound).held == only(after, sound).held
    assert only(before, sound).frozen == only(after, sound).frozen


def test_a_snapshot_has_one_file_for_each_table_and_year(
    published: FiveRuns, whole: tuple[FolderStorage, Manifest]
) -> None:
    """However many runs have written it: 4 years of prices and events, and two tables without years."""
    for storage, manifest in ((published.storage, published.manifests[-1]), whole):
        files = [key for key in storage.list(layout.snapshot(manifest.snapshot)) if key.endswith(".parquet")]
        folders = {key.rsplit("/", 1)[0] for key in files}
        assert len(files) == len(folders) <= 5 * 4 + 2


def test_what_is_held_back_run_by_run(published: FiveRuns) -> None:
    held = [
        {(found["ticker"], found["kind"], found["date"]) for found in only(manifest, TICKERS).held}
        for manifest in published.manifests
    ]
    bar_of_dis, paid = ("DIS", "bar", DAYS[ABSURD]), ("DIS", "dividend", DAYS[450])
    fallen = {("GE", "bar", DAYS[SPLIT + place]) for place in range(3)}
    assert held.pop() == held[-1]  # the last run brings bars alone
    assert held == [
        {bar_of_dis},
        {bar_of_dis, paid, ("CAT", "bar", DAYS[504]), *fallen},
        {bar_of_dis, paid, ("CAT", "bar", DAYS[504])},
        {bar_of_dis, paid, ("IVV", "split", DAYS[-1])},  # 2:1, and IVV's close does not show it
    ]


def test_unchanged_years_are_the_same_files(published: FiveRuns) -> None:
    """The second run changes CAT and GE in 2025, and DIS from its first dividend on; 2023 is not there yet."""

    def files(manifest: Manifest) -> dict[str, int]:
        found = Path(published.storage.url, layout.table(manifest.snapshot, "kept/prices")).rglob("*.parquet")
        return {file.parent.name: file.stat().st_ino for file in found}

    before, after = (files(manifest) for manifest in published.manifests[:2])
    assert {year for year in before if after[year] == before[year]} == {"year=2024"}


def test_a_new_split_scales_yesterdays_closes_by_its_factor_and_volumes_by_its_inverse(published: FiveRuns) -> None:
    old, new = (rows(published.storage, manifest, tickers=["GE"]) for manifest in published.manifests[1:3])
    assert len(old) == 400  # up to the session before the fall, which waited
    assert len(new) == 403
    for before, after in zip(old, new, strict=False):
        assert before["date"] == after["date"]
        assert after["close"] == pytest.approx(before["close"] / 10, rel=1e-15)
        assert after["volume"] == pytest.approx(before["volume"] * 10, rel=1e-15)
