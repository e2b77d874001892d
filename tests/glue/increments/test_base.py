"""How much a run has to read, before Spark starts: by it the session is chosen."""

from dataclasses import replace
from datetime import date

from glue.arguments import Arguments
from glue.increments.base import read_base_snapshot
from glue.spark import LARGE_ROWS
from lake.raw_days import raw_days
from lake.snapshot import Manifest, TickerManifest
from lake.storage import FolderStorage
from tests.ingest.fakes import manifest_of

# As ingest delivers it: 100 of them are 17,523 bytes, and 2,615 compressed.
LINE = (
    b'{"ticker": "AAPL", "date": "2026-11-20", "open": 271.41, "high": 273.33, "low": 269.86, "close": 271.49, '
    b'"volume": 59030832, "source": "simulated", "fetched_at": "2026-11-21T01:00:00.000000Z"}\n'
)
SEEN = "2026-11-21T01:00:00.000000Z"


def expected(storage: FolderStorage, base: Manifest | None = None) -> int:
    found = read_base_snapshot(Arguments(storage, "20261121T020000Z"))
    return replace(found, served=base, manifest=base).expected_rows(storage)


def test_new_records_are_estimated_by_their_bytes(storage: FolderStorage) -> None:
    storage.write("raw/prices/dt=2026-11-21/a.json", LINE * 5000)
    assert 4000 < expected(storage) < 6000
    storage.write("raw/splits/dt=2026-11-21/a.json", LINE * 5000)
    assert 4000 < expected(storage) < 6000


def test_compressed_records_count_as_what_they_hold(storage: FolderStorage) -> None:
    storage.write("raw/prices/dt=2026-11-21/a.json.gz", b"x" * 26_150)
    assert 900 < expected(storage) < 1100


def test_an_index_of_twenty_years_is_large_and_ten_tickers_are_not(storage: FolderStorage) -> None:
    storage.write("raw/prices/dt=2026-11-21/a.json", LINE * 10 * 5000)
    assert expected(storage) < LARGE_ROWS
    for ticker in range(10):
        storage.write(f"raw/prices/dt=2026-11-21/{ticker}.json", LINE * 5 * 10_000)
    assert expected(storage) >= LARGE_ROWS


def test_a_new_day_reads_of_its_base_the_last_two_years_and_what_is_new(storage: FolderStorage) -> None:
    storage.write("raw/prices/dt=2026-11-20/old.json", LINE * 5000)
    storage.write("raw/prices/dt=2026-11-21/new.json", LINE * 10)
    entry = TickerManifest(date(2006, 11, 20), date(2026, 11, 20), 5033, SEEN, SEEN, SEEN)
    days = raw_days(["raw/prices/dt=2026-11-20/old.json"], date(2026, 11, 21))
    base = replace(manifest_of({"AAPL": entry, "VOO": entry}), raw_days=days)
    assert 2 * (250 + 220) < expected(storage, base) < 2 * (251 + 226) + 12
