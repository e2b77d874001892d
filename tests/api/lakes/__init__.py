"""Small lakes of made-up prices: `holes`, histories that lack sessions, and `edges`, short ones as of 2026-09-30."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import Bar, History, publish
from tests.support.client import Client


@contextmanager
def client_of(name: str, root: Path) -> Iterator[Client]:
    """A client of the lake `name`, published at `root`; none of its tickers splits or pays a dividend."""
    files = sorted((Path(__file__).parent / name).glob("*.csv"))
    store = DuckDBStore(publish(root, {file.stem: _history(file) for file in files}))
    yield Client.of(store)
    store.close()


def _history(file: Path) -> History:
    with file.open(encoding="utf-8") as lines:
        return History([_bar(line) for line in csv.DictReader(lines)])


def _bar(line: dict[str, str]) -> Bar:
    opening, high, low, close = (float(line[name]) for name in ("open", "high", "low", "close"))
    return Bar(date.fromisoformat(line["date"]), opening, high, low, close, int(line["volume"]))
