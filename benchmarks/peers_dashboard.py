"""Measures one design of the dashboard in its own process: `python -m benchmarks.peers_dashboard original|ours LAKE`.

Both load the ten panels six at a time, as a browser does: once into a new process, then repeatedly, as a dashboard
refreshes. Prints JSON: queries and seconds of the first and of a later load, and each panel's numbers.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import requests

from api.app import create_app
from api.http.date_range import parse_range
from api.panel.window import resolve
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.peers_panels import PANELS, RANGE, Numbers, Panel, newest_of_answer, newest_of_rows, statement, url
from benchmarks.soak_server import serving
from benchmarks.support.query_log import RecordingConnection, record_queries
from benchmarks.support.server import serve
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES

LOADS = 20
CONNECTIONS = 6  # browsers open six connections to a host over HTTP/1.1
LoadPanel = Callable[[Panel], Any]


def load(load_panel: LoadPanel, query_count: Callable[[], int]) -> dict[str, Any]:
    """Load the dashboard LOADS times; `query_count` gives the engine's queries so far. Keeps the last answers."""
    seconds: list[float] = []
    queries: list[int] = []
    answers: list[Any] = []
    with ThreadPoolExecutor(CONNECTIONS) as browser:
        for _ in range(LOADS):
            before, began = query_count(), time.perf_counter()
            answers = list(browser.map(load_panel, PANELS))
            seconds.append(time.perf_counter() - began)
            queries.append(query_count() - before)
    return {
        "first_queries": queries[0],
        "later_queries": statistics.median(queries[1:]),
        "first_seconds": seconds[0],
        "later_seconds": statistics.median(seconds[1:]),
        "answers": answers,
    }


def queries_of(statements: list[str]) -> int:
    """The number of queries among statements; creating a view over files is not a query."""
    return sum(not one.startswith("CREATE") for one in statements)


def original(root: Path) -> dict[str, Any]:
    """Each panel runs its own SQL on the engine, in this process, without a network in between."""
    manifest = current_manifest(FolderStorage(root))
    if manifest is None:
        raise SystemExit(f"{root} has no snapshot")
    files = root / layout.table(manifest.snapshot, DAILY_PRICES.name) / "year=*" / "*.parquet"
    window = window_of(manifest.as_of)
    statements: list[str] = []
    connection = RecordingConnection(duckdb.connect(), statements)
    connection.execute(f"CREATE VIEW daily_prices AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")

    def load_panel(panel: Panel) -> list[Any]:
        with connection.cursor() as cursor:
            rows: list[Any] = cursor.execute(statement(panel, window)).fetchall()
            return rows

    result = load(load_panel, lambda: queries_of(statements))
    return result | {"numbers": numbers(result.pop("answers"), lambda _, rows: newest_of_rows(rows))}


def ours(root: Path) -> dict[str, Any]:
    """Each panel is a request over HTTP to a server in a process of its own.

    Queries are counted in a second run against a server in this process, because counting would distort the times.
    """
    with serving(root) as server:
        result = load(requester(server.url), lambda: 0)
    with (
        record_queries() as statements,
        closing(DuckDBStore(root)) as store,
        serve(create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC), compress=True)) as url,
    ):
        counted = load(requester(url), lambda: queries_of(statements))
    panel_numbers = numbers(result.pop("answers"), lambda panel, body: newest_of_answer(panel)(json.loads(body)))
    return result | {key: counted[key] for key in ("first_queries", "later_queries")} | {"numbers": panel_numbers}


def requester(base: str) -> LoadPanel:
    """A function that requests a panel's answer and returns its bytes, as a browser receives them."""
    session = requests.Session()

    def load_panel(panel: Panel) -> bytes:
        response = session.get(base + url(panel), timeout=30)
        response.raise_for_status()
        return response.content

    return load_panel


def numbers(answers: list[Any], of: Callable[[Panel, Any], Numbers]) -> dict[str, Numbers]:
    """The numbers of each panel, by its title."""
    return {panel.title: of(panel, answer) for panel, answer in zip(PANELS, answers, strict=True)}


def window_of(as_of: date) -> dict[str, str]:
    """The dates of the range, for the macros in the SQL."""
    window = resolve(parse_range(RANGE), as_of, as_of)
    return {"base": str(window.base), "first": str(window.first), "last": str(window.last)}


if __name__ == "__main__":
    print(json.dumps({"original": original, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))))
