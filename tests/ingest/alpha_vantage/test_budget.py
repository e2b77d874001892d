import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from ingest.alpha_vantage.budget import RequestBudget
from lake import layout
from lake.errors import LakeError
from lake.storage import Storage, open_storage

EVENING = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # Friday the 20th in New York
MIDNIGHT = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
KEY = "state/spend/2026-11-20.json"


def of(storage: Storage, now: datetime = EVENING, per_day: int = 25) -> RequestBudget:
    return RequestBudget(storage, per_day, lambda: now)


def test_a_day_has_so_many_requests_for_all_runs_together(any_storage: Storage) -> None:
    taken = [of(any_storage).reserve() for _ in range(30)]
    assert taken == [True] * 25 + [False] * 5
    assert of(any_storage).spent() == 25
    assert json.loads(any_storage.read(KEY)) == {"date": "2026-11-20", "spent": 25, "per_day": 25}


def test_the_day_is_new_yorks(any_storage: Storage) -> None:
    assert of(any_storage).reserve()
    assert of(any_storage, MIDNIGHT).spent() == 0
    assert list(any_storage.list("state/spend/")) == [KEY]


def test_a_day_is_spent_when_the_vendor_says_so(any_storage: Storage) -> None:
    of(any_storage).reserve()
    of(any_storage).exhaust()
    assert (of(any_storage).spent(), of(any_storage).reserve()) == (25, False)
    of(any_storage, per_day=20).exhaust()
    assert of(any_storage).spent() == 25


def test_runs_at_once_never_spend_the_same_request(tmp_path: object) -> None:
    def reserve(_: int) -> bool:
        return of(open_storage(str(tmp_path))).reserve()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(reserve, range(40)))
    assert taken.count(True) == 25


@pytest.mark.parametrize("content", ["", "{}", '{"spent": null}'])
def test_an_unreadable_count_is_not_taken_for_zero(any_storage: Storage, content: str) -> None:
    any_storage.write(layout.spend(EVENING.date().replace(day=20)), content.encode())
    with pytest.raises(LakeError, match="is no count of requests"):
        of(any_storage).reserve()
