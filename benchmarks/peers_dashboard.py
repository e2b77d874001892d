"""One contender of the dashboard, in its own process: `python -m benchmarks.peers_dashboard original|ours LAKE`.

Both load the ten panels six at a time, as a browser does: once into an empty process, then again and again, as a
dashboard refreshes. Prints JSON: queries and seconds of the first load and of a later one, and every panel's numbers.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import duckdb
import requests

from api.spans import parse_range
from api.window import resolve
from benchmarks.peers_panels import PANELS, RANGE, Numbers, Panel, newest_of_answer, newest_of_rows, statement, url
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES
from tests.support.overheard import Told, overheard
from tests.support.serving import serving_app

LOADS = 20
CONNECTIONS = 6  # what browsers open to one host
Ask = Callable[[Panel], Numbers]


def measure(ask: Ask, statements: list[str]) -> dict[str, object]:
    """Load the dashboard LOADS times; queries are counted, views over files are not."""
    seconds, queries = [], []
    numbers: list[Numbers] = []
    with ThreadPoolExecutor(CONNECTIONS) as browser:
        for _ in range(LOADS):
            statements.clear()
            began = time.perf_counter()
            numbers = list(browser.map(ask, PANELS))
            seconds.append(time.perf_counter() - began)
            queries.append(sum(not one.startswith("CREATE") for one in statements))
    return {
        "first_queries": queries[0],
        "later_queries": statistics.median(queries[1:]),
        "first_seconds": seconds[0],
        "later_seconds": statistics.median(seconds[1:]),
        "numbers": {panel.title: found for panel, found in zip(PANELS, numbers, strict=True)},
    }


def original(root: Path) -> dict[str, object]:
    """Each panel its own SQL on the engine."""
    manifest = current_manifest(FolderStorage(root))
    if manifest is None:
        raise SystemExit(f"{root} has no snapshot")
    files = root / layout.table(manifest.snapshot, DAILY_PRICES.name) / "year=*" / "*.parquet"
    window = window_of(manifest.as_of)
    statements: list[str] = []
    connection = Told(duckdb.connect(), statements)
    connection.execute(f"CREATE VIEW daily_prices AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")

    def ask(panel: Panel) -> Numbers:
        with connection.cursor() as cursor:
            return newest_of_rows(cursor.execute(statement(panel, window)).fetchall())

    return measure(ask, statements)


def ours(root: Path) -> dict[str, object]:
    """Each panel a question over HTTP; the server is in this process, so that its queries can be counted."""
    with ExitStack() as stack:
        with overheard() as statements:
            base = stack.enter_context(serving_app(root))
        session = stack.enter_context(requests.Session())

        def ask(panel: Panel) -> Numbers:
            response = session.get(base + url(panel), timeout=30)
            response.raise_for_status()
            return newest_of_answer(panel)(response.json())

        return measure(ask, statements)


def window_of(as_of: date) -> dict[str, str]:
    """The days that the range means, for the macros of SQL."""
    window = resolve(parse_range(RANGE), as_of, as_of)
    return {"base": str(window.base), "first": str(window.first), "last": str(window.last)}


if __name__ == "__main__":
    print(json.dumps({"original": original, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))))
