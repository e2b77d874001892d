"""Athena breaks: whoever has an answer keeps it, marked as stale; whoever has none is told when to ask again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from pyathena.util import RetryConfig

from api.app import create_app
from api.settings import Settings
from api.store.athena import AthenaStore
from benchmarks.support.lakes import SNAPSHOT, publish
from benchmarks.support.markets import small_market
from lake.storage import FolderStorage
from tests.faults.table import fault
from tests.support.athena import Athena, Execution, athena_over
from tests.support.client import EVENING, Client

NEXT = "20261122T013005Z"
QUESTION = {"tickers": "NVDA", "range": "1w"}
AT_ONCE = RetryConfig(attempt=3, multiplier=0, max_delay=0)


@dataclass
class Broken:
    """The API over an Athena, and what can be broken of it."""

    client: Client
    athena: Athena
    store: AthenaStore


def slow(broken: Broken) -> None:
    broken.athena.stuck = True
    broken.store._settings = replace(broken.store._settings, deadline=0.5)  # nobody has twenty seconds here


def throttled(broken: Broken) -> None:
    broken.athena.throttles = 10_000


def _answering(broken: Broken, execution: Callable[[], Execution]) -> None:
    """Whatever is asked, the query ends like this."""
    vars(broken.athena)["_run"] = lambda *_: execution()


def failed(broken: Broken) -> None:
    _answering(broken, lambda: Execution("FAILED", reason="HIVE_CURSOR_ERROR: the file is gone"))


def too_few_columns(broken: Broken) -> None:
    columns = [("ticker", "varchar"), ("date", "date")]
    _answering(broken, lambda: Execution("RUNNING", columns=columns, rows=[("NVDA", "2026-11-20")]))


def other_columns(broken: Broken) -> None:
    run = broken.athena._run

    def reversed_columns(*asked: object) -> Execution:
        execution = run(*asked)  # type: ignore[arg-type]
        swapped = [*execution.columns[:2], *reversed(execution.columns[2:])]
        return Execution(execution.state, execution.reason, swapped, execution.rows)

    vars(broken.athena)["_run"] = reversed_columns


FAULTS = {
    "slow": slow,
    "throttled": throttled,
    "failed": failed,
    "too few columns": too_few_columns,
    "other columns": other_columns,
}
_THEN = "503 with Retry-After where nothing is known yet, else the last good answer, marked stale"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return publish(tmp_path, {ticker: small_market()[ticker] for ticker in ("NVDA", "VOO")})


@pytest.fixture
def athena(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Athena]:
    with athena_over(root) as (service, url):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield service


@pytest.fixture
def broken(root: Path, athena: Athena) -> Broken:
    """Not broken yet. The pointer is read with every question."""
    settings = Settings(lake="s3://unused", deadline=20, pointer_seconds=0)
    store = AthenaStore(settings, FolderStorage(root), AT_ONCE)
    return Broken(Client(create_app(settings, store, lambda: EVENING)), athena, store)


def check_refused(response: httpx.Response) -> None:
    assert response.status_code == 503, response.text
    assert int(response.headers["retry-after"]) > 0
    assert response.headers["content-type"] == "application/problem+json"


@fault("Athena", "slow beyond the deadline", f"the query is stopped; {_THEN}", "slow")
@fault("Athena", "throttled", f"tried three times; {_THEN}", "throttled")
@fault("Athena", "a query that fails", _THEN, "failed")
@fault("Athena", "an answer that lacks columns", f"not taken; {_THEN}", "too few columns")
@fault("Athena", "an answer with its columns in another order", f"not taken; {_THEN}", "other columns")
@pytest.mark.parametrize("name", FAULTS)
def test_nothing_is_known_yet(broken: Broken, name: str) -> None:
    FAULTS[name](broken)
    check_refused(broken.client.get("/prices", QUESTION))
    assert broken.client.get("/").status_code == 200
    assert broken.client.json("/health")["snapshot"] == SNAPSHOT


@pytest.mark.parametrize("name", FAULTS)
def test_the_last_good_answer_is_served_and_says_so(broken: Broken, root: Path, name: str) -> None:
    good = broken.client.json("/prices", **QUESTION)
    publish(root, {ticker: small_market()[ticker] for ticker in ("NVDA", "VOO")}, snapshot=NEXT)
    FAULTS[name](broken)
    broken.client.get("/prices", QUESTION)  # whoever finds out may have to wait, and to ask again
    stale = broken.client.json("/prices", **QUESTION)
    assert stale["rows"] == good["rows"]
    assert (stale["meta"]["snapshot"], stale["meta"]["stale"]) == (SNAPSHOT, True)
    assert any(NEXT in warning or "stale" in warning for warning in stale["warnings"])


@fault("Athena", "mended", "the next question is answered from the newest snapshot, without a restart")
@pytest.mark.parametrize("name", ["throttled"])
def test_it_recovers_by_itself(broken: Broken, name: str) -> None:
    FAULTS[name](broken)
    check_refused(broken.client.get("/prices", QUESTION))
    broken.athena.throttles = 0
    assert broken.client.json("/prices", **QUESTION)["meta"]["stale"] is False
