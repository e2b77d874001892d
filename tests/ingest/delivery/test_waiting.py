import gzip
import json
from dataclasses import replace
from datetime import date

import pytest

from ingest.delivery.waiting import read_waiting
from ingest.plan.known import DeliveredTicker
from lake import layout
from lake.raw_days import raw_days
from lake.storage import Storage
from tests.ingest.fakes import manifest_of

DAY = date(2026, 11, 21)
EARLY, LATE = "2026-11-20T22:30:05.000000Z", "2026-11-20T23:30:05.000000Z"
BAR = {"ticker": "VOO", "date": "2026-11-20", "close": 600.0, "source": "alpha_vantage", "fetched_at": EARLY}
ANSWER = {"ticker": "VOO", "events": [], "source": "alpha_vantage", "fetched_at": LATE}


def write(storage: Storage, kind: layout.RawKind, name: str, *records: object, packed: bool = False) -> str:
    data = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    key = layout.raw(kind, DAY, name)
    storage.write(key, gzip.compress(data) if packed else data)
    return key


@pytest.mark.parametrize("packed", [False, True])
def test_what_lies_in_raw_waits(any_storage: Storage, packed: bool) -> None:
    write(any_storage, "prices", "a", BAR, {**BAR, "date": "2026-11-19"}, {**BAR, "fetched_at": LATE}, packed=packed)
    write(any_storage, "splits", "b", ANSWER, packed=packed)
    write(any_storage, "sentiment", "c", {**ANSWER, "date": "2026-11-20"}, packed=packed)
    assert read_waiting(any_storage, None, "alpha_vantage", ("VOO", "QQQ")) == {
        "VOO": DeliveredTicker({date(2026, 11, 20): LATE, date(2026, 11, 19): EARLY}, splits=LATE, sentiment=LATE)
    }


def test_what_is_published_waits_no_longer(any_storage: Storage) -> None:
    first = write(any_storage, "prices", "a", BAR)
    write(any_storage, "dividends", "b", ANSWER)
    manifest = replace(manifest_of({}), raw_days=raw_days([first], date(2026, 11, 21)))
    assert read_waiting(any_storage, manifest, "alpha_vantage", ("VOO",)) == {"VOO": DeliveredTicker(dividends=LATE)}


def test_bars_that_were_merged_without_being_published_are_known(any_storage: Storage) -> None:
    """Its splits failed on the first evening: only they are missing."""
    first = write(any_storage, "prices", "a", BAR)
    manifest = replace(
        manifest_of({}),
        raw_days=raw_days([first], date(2026, 11, 21)),
        unpublished={"VOO": "its splits are not known yet"},
    )
    found = read_waiting(any_storage, manifest, "alpha_vantage", ("VOO",))
    assert found == {"VOO": DeliveredTicker({date(2026, 11, 20): EARLY})}


@pytest.mark.parametrize(
    "record",
    [
        {**BAR, "source": "csv:VOO.csv"},
        {**BAR, "ticker": "META"},
        {**BAR, "fetched_at": "yesterday"},
        {**BAR, "fetched_at": None},
        {**BAR, "date": "2026-11-21"},  # a Saturday
        {**BAR, "date": "20 November"},
        "a text",
    ],
)
def test_what_is_no_answer_of_the_vendor_about_a_session_does_not_count(any_storage: Storage, record: object) -> None:
    write(any_storage, "prices", "a", record)
    found = read_waiting(any_storage, None, "alpha_vantage", ("VOO",))
    assert all(not one.bars for one in found.values())


def test_an_object_that_cannot_be_read_counts_as_not_delivered(any_storage: Storage) -> None:
    for place, data in enumerate((b"\x1f\x8bcut off", b"{not json\n", b"", b"[" * 10_000)):
        any_storage.write(layout.raw("prices", DAY, f"{place}.json"), data)
    assert read_waiting(any_storage, None, "alpha_vantage", ("VOO",)) == {}
