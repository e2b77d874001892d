"""The known splits of a ticker: the lake's answers merged by the days that each covers, as glue merges them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from ingest.imports.basis import KnownCloses
from ingest.imports.reference import ReferenceData
from ingest.records import Split, Splits

VENDOR, FILE, REPLACING = "alpha_vantage", "csv:old.csv", "replace:right.csv"
OLD, MID, NEW = (Split(date=date(year, 6, 10), ratio=ratio) for year, ratio in ((2014, 7), (2020, 4), (2024, 10)))
Covers = tuple[int, int] | None  # years


def answer(source: str, hour: int, *events: Split, covers: Covers = None) -> Splits:
    first, last = (date(covers[0], 1, 1), date(covers[1], 12, 31)) if covers else (None, None)
    at = datetime(2026, 11, 20, hour, tzinfo=UTC)
    return Splits(ticker="AAPL", events=events, source=source, fetched_at=at, covers_from=first, covers_to=last)


@pytest.mark.parametrize(
    ("answers", "known"),
    [
        ([answer(FILE, 1, OLD, NEW, covers=(2014, 2024)), answer(FILE, 2, MID, covers=(2019, 2021))], [OLD, MID, NEW]),
        ([answer(FILE, 1, OLD, NEW, covers=(2014, 2024)), answer(FILE, 2, covers=(2023, 2025))], [OLD]),
        ([answer(FILE, 2, OLD, covers=(2014, 2014)), answer(VENDOR, 1, NEW)], [NEW]),
        ([answer(REPLACING, 1, covers=(2024, 2024)), answer(VENDOR, 2, OLD, NEW)], [OLD]),
        ([answer(FILE, 1, OLD, covers=(2014, 2014)), answer(FILE, 2)], [OLD]),
        ([answer(FILE, 2, OLD, NEW, covers=(2014, 2024)), answer(VENDOR, 1, MID), answer(VENDOR, 3)], [OLD]),
    ],
    ids=["ranges", "none in a range", "vendor", "replacing", "empty file", "empty vendor, bars since 2021"],
)
def test_who_says_what_of_which_day(answers: Sequence[Splits], known: Sequence[Split]) -> None:
    closes = {"AAPL": KnownCloses(vendor={date(2021, 1, 4): 129.41})}
    for order in (answers, answers[::-1]):
        assert ReferenceData(order, closes=closes).splits_of("AAPL") == tuple(known)


def test_without_an_answer_they_are_unknown() -> None:
    assert ReferenceData().splits_of("AAPL") is None
    assert ReferenceData([answer(VENDOR, 1)]).splits_of("AAPL") == ()


def test_a_file_of_prices_says_nothing_of_splits_after_it() -> None:
    of_prices = answer(FILE, 1, OLD, covers=(2013, 2015))
    key = {(FILE, of_prices.fetched_at)}
    assert ReferenceData([of_prices], of_prices=key).splits_end("AAPL") == date(2015, 12, 31)
    assert ReferenceData([of_prices]).splits_end("AAPL") is None
    assert ReferenceData([of_prices, answer(VENDOR, 2, OLD)], of_prices=key).splits_end("AAPL") is None
