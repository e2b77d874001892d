"""What only Athena can do wrong: throttles, failed and endless queries, and what the service is asked for."""

import asyncio
import logging
import re
import time
from datetime import date
from pathlib import Path

import pytest

from api.errors import StoreThrottledError, StoreUnavailableError
from api.settings import Settings
from api.store.athena import AthenaStore, literal
from benchmarks.support.lakes import SNAPSHOT
from benchmarks.support.markets import LAST, SESSIONS, small_market
from lake.storage import FolderStorage
from tests.contract.conftest import AT_ONCE
from tests.support.athena import SCANNED, Athena, to_duckdb
from tests.support.client import Client


def ask(store: AthenaStore) -> int:
    return len(asyncio.run(store.bars(SNAPSHOT, ["NVDA"], SESSIONS[290], LAST))["NVDA"].days)


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
    assert sum(len(own.days) for own in bars.values()) == 1200
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
    with pytest.raises(StoreUnavailableError):
        asyncio.run(athena_store.bars("20200101T000000Z", ["NVDA"], SESSIONS[0], LAST))
    assert len(athena.called("StartQueryExecution")) == 1


def test_athenas_own_words_go_to_the_log_alone(
    athena: Athena, athena_store: AthenaStore, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoreUnavailableError) as failed:
        asyncio.run(athena_store.bars("20200101T000000Z", ["NVDA"], SESSIONS[0], LAST))
    assert "TABLE_NOT_FOUND" in caplog.text
    assert str(failed.value) == (
        "Athena could not run the query; ask again in half a minute, or read Athena's reason in the service's log"
    )


def test_a_query_that_does_not_end_is_stopped_at_the_deadline(athena: Athena, root: Path) -> None:
    athena.stuck = True
    store = AthenaStore(Settings(lake="s3://unused", deadline=0.5), FolderStorage(root), AT_ONCE)
    began = time.monotonic()
    with pytest.raises(StoreUnavailableError, match=r"within 0\.5 s"):
        ask(store)
    assert time.monotonic() - began < 5  # of a machine that has other things to do too
    assert len(athena.called("StopQueryExecution")) == 1


def test_throttled_is_503_with_retry_after(athena: Athena, athena_store: AthenaStore) -> None:
    athena.throttles = 9
    response = Client.of(athena_store).get("/prices", {"tickers": "NVDA"})
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.json()["type"] == "urn:bellwether:problem:throttled"


@pytest.mark.parametrize("reuses", [False, True])
def test_what_a_query_cost_is_in_the_answer_and_in_the_log(
    athena: Athena, athena_store: AthenaStore, caplog: pytest.LogCaptureFixture, reuses: bool
) -> None:
    athena.reuses = reuses
    client = Client.of(athena_store)
    with caplog.at_level(logging.INFO, "api"):
        timing = client.get("/prices", {"tickers": "NVDA"}).headers["server-timing"]
    words = f'desc="{SCANNED} bytes scanned{", reused" if reuses else ""}"'
    assert re.fullmatch(rf"total;dur=\d+\.\d, query;dur=\d+;{words}", timing)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "api.store.athena"]
    rows = sum(len(history.bars) for history in small_market().values())  # the whole of a small lake
    assert re.fullmatch(rf"athena 0+-0000-4000-8000-0+: {rows} rows, \d+ ms, {SCANNED} bytes scanned", line)


def test_ten_panels_at_once_are_one_query(athena: Athena, athena_store: AthenaStore) -> None:
    ranges = [f"{count}d" for count in range(10, 20)]
    answers = Client.of(athena_store).at_once([("/compare", {"tickers": "NVDA,AMZN", "range": one}) for one in ranges])
    assert {answer.status_code for answer in answers} == {200}
    assert len(athena.called("StartQueryExecution")) == 1


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
