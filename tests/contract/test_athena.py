"""What only Athena can do wrong: throttles, failed and endless queries, and what the service is asked for."""

import asyncio
import time
from datetime import date
from pathlib import Path

import pytest

from api.errors import StoreThrottledError, StoreUnavailableError
from api.settings import Settings
from api.store.athena import AthenaStore, literal
from lake.storage import FolderStorage
from tests.contract.conftest import AT_ONCE
from tests.support.athena import Athena, to_duckdb
from tests.support.client import Client
from tests.support.lakes import SNAPSHOT
from tests.support.markets import LAST, SESSIONS


def ask(store: AthenaStore) -> int:
    return len(asyncio.run(store.bars(SNAPSHOT, ["NVDA"], SESSIONS[290], LAST)).days)


def test_the_request_names_the_snapshot_and_binds_quoted_values(athena: Athena, athena_store: AthenaStore) -> None:
    ask(athena_store)
    (request,) = athena.called("StartQueryExecution")
    assert f"FROM daily_prices_{SNAPSHOT.lower()} WHERE" in request["QueryString"]
    assert request["ExecutionParameters"] == ["'NVDA'", f"DATE '{SESSIONS[290]}'", "DATE '2026-11-20'", "2026", "2026"]
    assert request["WorkGroup"] == "bellwether"
    assert request["QueryExecutionContext"]["Database"] == "bellwether"
    assert request["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"] == {
        "Enabled": True,
        "MaxAgeInMinutes": 10_080,
    }
    assert "ResultConfiguration" not in request  # it would switch result reuse off


def test_a_long_answer_is_one_file_not_many_pages(athena: Athena, athena_store: AthenaStore) -> None:
    bars = asyncio.run(athena_store.bars(SNAPSHOT, ["NVDA", "AMZN", "VOO", "QQQ"], SESSIONS[0], LAST))
    assert len(bars.days) == 1200
    assert len(athena.called("GetQueryResults")) == 1


def test_a_throttle_is_tried_again(athena: Athena, athena_store: AthenaStore) -> None:
    athena.throttles = 2
    assert ask(athena_store) == 10
    assert len(athena.called("StartQueryExecution")) == 3


def test_three_throttles_are_the_end(athena: Athena, athena_store: AthenaStore) -> None:
    athena.throttles = 9
    with pytest.raises(StoreThrottledError):
        ask(athena_store)
    assert len(athena.called("StartQueryExecution")) == 3


def test_a_failed_query_is_not_tried_again(athena: Athena, athena_store: AthenaStore) -> None:
    with pytest.raises(StoreUnavailableError, match="TABLE_NOT_FOUND"):
        asyncio.run(athena_store.bars("20200101T000000Z", ["NVDA"], SESSIONS[0], LAST))
    assert len(athena.called("StartQueryExecution")) == 1


def test_a_query_that_does_not_end_is_stopped_at_the_deadline(athena: Athena, root: Path) -> None:
    athena.stuck = True
    store = AthenaStore(Settings(lake="s3://unused", deadline=0.5), FolderStorage(root), AT_ONCE)
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match=r"within 0\.5 s"):
        ask(store)
    assert time.monotonic() - began < 2
    assert len(athena.called("StopQueryExecution")) == 1


def test_throttled_is_503_with_retry_after(athena: Athena, athena_store: AthenaStore) -> None:
    athena.throttles = 9
    response = Client.of(athena_store).get("/prices", {"tickers": "NVDA"})
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.json()["type"] == "urn:bellwether:problem:throttled"


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("NVDA", "'NVDA'"), ("BRK.B", "'BRK.B'"), (date(2026, 1, 2), "DATE '2026-01-02'"), (2026, "2026")],
)
def test_values_become_literals(value: str | date | int, wanted: str) -> None:
    assert literal(value) == wanted


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "'",
        "A' OR '1'='1",
        "A'--",
        "A\n",
        "A;DROP",
        "a",
        "A B",
        "A\\'",
        "\u0391",
        "A\x00",
        "(SELECT 1)",
        "NVDA'",
        "A%27",
        True,
    ],
)
def test_hostile_text_never_becomes_a_literal(hostile: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        literal(hostile)


@pytest.mark.parametrize("parameter", ["(SELECT 1)", "ticker", "'A' OR TRUE"])
def test_the_stand_in_runs_no_expression_as_a_parameter(parameter: str) -> None:
    with pytest.raises(ValueError, match="no literal"):
        to_duckdb("SELECT 1 WHERE ? = ?", ["1", parameter])
