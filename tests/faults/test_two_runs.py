"""Two runs at once: neither loses what the other delivered, none is half published, and no budget is spent twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from glue.arguments import Arguments
from glue.increments.base import read_base_snapshot
from glue.jobs import publish
from ingest.alpha_vantage.budget import RequestBudget
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import FolderStorage
from tests.faults.fake_vendor import FakeVendor, check_delivered, run_against
from tests.faults.published import NEW, NOW, publish_second, served
from tests.faults.table import fault
from tests.glue.staged import stage
from tests.ingest.fakes import FRIDAY_EVENING

LATE_RUN, LATE_OBJECT = "20260120T021500Z", "raw/prices/dt=2026-01-20/late.json"


def at_once(work: Callable[[], object], times: int) -> list[object]:
    """Do the same work in several threads that start together; the results, or the errors of those that lost.

    On a busy machine a loser may begin to read when the winner has already removed the run's staging.
    """
    together = threading.Barrier(times)

    def wait_and_work() -> object:
        together.wait()
        try:
            return work()
        except (ConflictError, NotFoundError) as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(wait_and_work) for _ in range(times)]]


@fault(
    "two runs",
    "both publish on the same snapshot",
    "one wins completely; the other reports that and has changed nothing",
)
def test_two_publish(staged: Callable[[str], Path]) -> None:
    for attempt in range(5):
        root = staged(str(attempt))
        outcomes = at_once(partial(publish_second, FolderStorage(root)), 2)
        lost = [one for one in outcomes if isinstance(one, LakeError)]
        assert len(lost) <= 1
        assert served(root) == NEW


@fault(
    "two runs",
    "one publishes while the other is at work on the same snapshot",
    "the later one is refused with a message, and the next run takes up what it brought",
)
def test_the_later_publish_is_refused(staged: Callable[[str], Path]) -> None:
    root = staged("lake")
    storage = FolderStorage(root)
    stage(storage, LATE_RUN, b"late")
    storage.write(LATE_OBJECT, b"")
    publish_second(storage)
    with pytest.raises(ConflictError, match="another run published meanwhile"):
        publish.run(Arguments(storage, LATE_RUN), lambda: NOW)
    assert served(root) == NEW
    assert LATE_OBJECT in read_base_snapshot(Arguments(storage, LATE_RUN)).new_objects


@fault("two runs", "both ask the vendor", "together they never exceed the plan's daily limit")
def test_two_spend_the_day(tmp_path: Path) -> None:
    budget = RequestBudget(FolderStorage(tmp_path), 25, lambda: FRIDAY_EVENING)
    spent = at_once(lambda: sum(budget.reserve() for _ in range(20)), 2)
    assert sum(map(int, map(str, spent))) == 25
    assert budget.spent() == 25


@fault(
    "two runs",
    "both deliver the same answers",
    "every record is there, some twice, of which the lake publishes one",
)
def test_two_deliver(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    at_once(lambda: run_against(FakeVendor(), storage), 2)
    check_delivered(storage)
