"""The queries of docs/tables.md are run: Athena's on the tests' Athena, DuckDB's on the files of a lake."""

import asyncio
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from api.forecasts import commit
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake.storage import FolderStorage
from tests.support.athena import Athena
from tests.support.client import EVENING

PAGE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
ATHENA_PRICES, DUCKDB_PRICES, ATHENA_FORECASTS, DUCKDB_FORECASTS = QUERIES
STABLE, SNAPSHOT = "daily_prices", "daily_prices_20261121t013005z"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tickers of a live lake, and what its publish has committed about two of them."""
    market = {ticker: History(walk(seed, SESSIONS, 50)) for seed, ticker in enumerate(("AAPL", "QQQ", "VOO"))}
    root = publish(tmp_path_factory.mktemp("lake"), market, origin="live")
    store = DuckDBStore(root)
    asyncio.run(commit(store, FolderStorage(root), EVENING))
    store.close()
    return root


def athena(lake: Path, sql: str) -> list[tuple[Any, ...]]:
    body = {"QueryString": sql, "QueryExecutionContext": {"Database": "bellwether"}}
    service = Athena(lake)
    _, started = service.answer("StartQueryExecution", body)
    found = service.executions[started["QueryExecutionId"]]
    assert found.state == "RUNNING", found.reason
    return found.rows


def on_files(lake: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        for kind in ("simulated", "live"):
            sql = sql.replace(f".lake/{kind}", str(lake))
        return connection.execute(sql).fetchall()


def test_the_last_closes(lake: Path) -> None:
    wanted = [(bar.day, bar.close, float(bar.volume or 0), "") for bar in reversed(walk(0, SESSIONS, 50)[-5:])]
    assert on_files(lake, DUCKDB_PRICES) == wanted
    assert athena(lake, ATHENA_PRICES.replace(STABLE, SNAPSHOT)) == wanted


def test_the_committed_forecasts(lake: Path) -> None:
    found = athena(lake, ATHENA_FORECASTS)
    made = "2026-11-21T02:00:00Z"
    # DuckDB recognises the time, which is text in Athena.
    moments, *others = zip(*on_files(lake, DUCKDB_FORECASTS), strict=True)
    assert list(zip(*others, strict=True)) == [row[1:] for row in found]
    assert {moment.isoformat() for moment in moments} == {"2026-11-21T02:00:00+00:00"}
    assert [(row[0], *row[1:4], row[5]) for row in found] == [
        (made, 21, "QQQ", "VOO", "20261121T013005Z"),
        (made, 63, "QQQ", "VOO", "20261121T013005Z"),
    ]
    assert all(0 < row[4] < 1 for row in found)
    assert athena(lake, ATHENA_FORECASTS.replace("2026-11-01", "2026-12-01")) == []
    assert {str(LAST)} == {row[0] for row in athena(lake, "SELECT dt FROM forecasts")}
