"""The clock jumps: the last published snapshot is served, and no answer claims to be of the future."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish as publish_lake
from benchmarks.support.markets import small_market
from glue.arguments import Arguments
from glue.jobs import publish
from ingest.alpha_vantage.budget import RequestBudget
from lake.storage import FolderStorage
from tests.faults.published import NEW, NOW, publish_second, served
from tests.faults.table import fault
from tests.glue.staged import stage
from tests.ingest.fakes import FRIDAY_EVENING
from tests.support.client import EVENING, Client

NEXT_RUN = "20260120T030000Z"
_SERVED = "the run's snapshot is served all the same, and the next one's after it, whatever their ids say"


@fault("clock", "set back by a year before publishing", _SERVED, "-365")
@fault("clock", "set ahead by a year before publishing", _SERVED, "365")
@pytest.mark.parametrize("days", [-365, 365])
def test_publishing(staged: Callable[[str], Path], days: int) -> None:
    root = staged("lake")
    storage = FolderStorage(root)
    publish_second(storage, NOW + timedelta(days=days))
    assert served(root) == NEW
    stage(storage, NEXT_RUN, b"next")
    publish.run(Arguments(storage, NEXT_RUN), lambda: NOW + timedelta(hours=1))
    assert served(root) == b"next"


@fault(
    "clock",
    "jumps over midnight within a run",
    "requests count on the day on which they are made; no day exceeds its budget",
)
def test_spending(tmp_path: Path) -> None:
    now = [FRIDAY_EVENING]
    budget = RequestBudget(FolderStorage(tmp_path), 3, lambda: now[0])
    first = [budget.reserve() for _ in range(4)]
    now[0] += timedelta(days=1)
    second = [budget.reserve() for _ in range(4)]
    now[0] -= timedelta(days=1)
    assert (first, second, budget.reserve()) == ([True] * 3 + [False], [True] * 3 + [False], False)


@fault("clock", "behind the newest session", "/health reports the data as up to date, never as ahead")
def test_health(tmp_path: Path) -> None:
    store = DuckDBStore(publish_lake(tmp_path, {"VOO": small_market()["VOO"]}))
    for days in (-3650, -365, -1, 0):
        health = Client.of(store, EVENING + timedelta(days=days)).json("/health")
        assert (health["status"], health["sessions_behind"]) == ("ok", 0)
    store.close()
