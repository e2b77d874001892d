import json
from datetime import date

import pytest

from ingest.delivery.news_coverage import NewsCoverage
from ingest.plan.requests import SessionRange
from lake import layout
from lake.errors import LakeError
from lake.storage import Storage

OCTOBER = SessionRange(date(2026, 10, 1), date(2026, 10, 30))
NOVEMBER = SessionRange(date(2026, 11, 2), date(2026, 11, 20))


def test_ranges_of_a_ticker_are_united(any_storage: Storage) -> None:
    log = NewsCoverage(any_storage)
    assert log.read() == {}
    log.add({"AAPL": NOVEMBER})
    log.add({"MSFT": OCTOBER, "AAPL": OCTOBER})
    assert NewsCoverage(any_storage).read() == {"AAPL": SessionRange(OCTOBER.first, NOVEMBER.last), "MSFT": OCTOBER}


@pytest.mark.parametrize("content", ["", "[]", '{"AAPL": 1}', '{"AAPL": {"first": "x", "last": "y"}}'])
def test_a_file_that_cannot_be_read_says_what_to_do(any_storage: Storage, content: str) -> None:
    any_storage.write(layout.NEWS, content.encode())
    with pytest.raises(LakeError, match=r"state/news.json cannot be read .*; remove it"):
        NewsCoverage(any_storage).read()


def test_it_is_plain_json(any_storage: Storage) -> None:
    NewsCoverage(any_storage).add({"AAPL": NOVEMBER})
    assert json.loads(any_storage.read(layout.NEWS)) == {"AAPL": {"first": "2026-11-02", "last": "2026-11-20"}}
