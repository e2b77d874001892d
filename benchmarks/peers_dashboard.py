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
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import requests

from api.http.date_range import parse_range
from api.panel.window import resolve
from benchmarks.peers_panels import PANELS, RANGE, Numbers, Panel, newest_of_answer, newest_of_rows, statement, url
from benchmarks.soak_server import serving
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES
from tests.support.overheard import Told, overheard
from tests.support.serving import serving_app

LOADS = 20
CONNECTIONS = 6  # what browsers open to one host
Ask = Callable[[Panel], Any]


def load(ask: Ask, told: Callable[[], int]) -> dict[str, Any]:
    """Load the dashboard LOADS times. `told`: how many queries the engine has had so far; `answers`: the last ones."""
    seconds: list[float] = []
    queries: list[int] = []
    answers: list[Any] = []
    with ThreadPoolExecutor(CONNECTIONS) as browser:
        for _ in range(LOADS):
            before, began = told(), time.perf_counter()
            answers = list(browser.map(ask, PANELS))
            seconds.append(time.perf_counter() - began)
            queries.append(told() - before)
    return {
        "first_queries": queries[0],
        "later_queries": statistics.median(queries[1:]),
        "first_seconds": seconds[0],
        "later_seconds": statistics.median(seconds[1:]),
        "answers": answers,
    }


def queries_of(statements: list[str]) -> int:
    """How many queries there are among statements; views over files are none."""
    return sum(not one.startswith("CREATE") for one in statements)


def original(root: Path) -> dict[str, Any]:
    """Each panel its own SQL on the engine, in this process: nothing lies between them."""
    manifest = current_manifest(FolderStorage(root))
    if manifest is None:
        raise SystemExit(f"{root} has no snapshot")
    files = root / layout.table(manifest.snapshot, DAILY_PRICES.name) / "year=*" / "*.parquet"
    window = window_of(manifest.as_of)
    statements: list[str] = []
    connection = Told(duckdb.connect(), statements)
    connection.execute(f"CREATE VIEW daily_prices AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")

    def ask(panel: Panel) -> list[Any]:
        with connection.cursor() as cursor:
            rows: list[Any] = cursor.execute(statement(panel, window)).fetchall()
            return rows

    said = load(ask, lambda: queries_of(statements))
    return said | {"numbers": numbers(said.pop("answers"), lambda _, rows: newest_of_rows(rows))}


def ours(root: Path) -> dict[str, Any]:
    """Each panel a question over HTTP to a server in a process of its own.

    The queries are counted in a second round, against a server in this process.
    """
    with serving(root) as server:
        said = load(asking(server.url), lambda: 0)
    with overheard() as statements, serving_app(root) as url:
        counted = load(asking(url), lambda: queries_of(statements))
    found = numbers(said.pop("answers"), lambda panel, body: newest_of_answer(panel)(json.loads(body)))
    return said | {key: counted[key] for key in ("first_queries", "later_queries")} | {"numbers": found}


def asking(base: str) -> Ask:
    """Ask the panel's question, and take its answer's bytes, as they come to a browser."""
    session = requests.Session()

    def ask(panel: Panel) -> bytes:
        response = session.get(base + url(panel), timeout=30)
        response.raise_for_status()
        return response.content

    return ask


def numbers(answers: list[Any], of: Callable[[Panel, Any], Numbers]) -> dict[str, Numbers]:
    """What each panel shows."""
    return {panel.title: of(panel, answer) for panel, answer in zip(PANELS, answers, strict=True)}


def window_of(as_of: date) -> dict[str, str]:
    """The days that the range means, for the macros of SQL."""
    window = resolve(parse_range(RANGE), as_of, as_of)
    return {"base": str(window.base), "first": str(window.first), "last": str(window.last)}


if __name__ == "__main__":
    print(json.dumps({"original": original, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))))
