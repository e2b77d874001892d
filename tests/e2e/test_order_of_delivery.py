"""The published table does not depend on the order, repetition or grouping of raw deliveries."""

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lake import layout
from lake.calendar import sessions_back
from lake.layout import RawKind
from lake.origin import claim_origin
from lake.storage import FolderStorage
from tests.support.publishing import publish, served

DAYS = [day.isoformat() for day in sessions_back(date(2026, 11, 20), 8)]
RUN = layout.stamp(datetime(2026, 11, 21, 1, 0, tzinfo=UTC))
Delivery = tuple[RawKind, str]  # the kind and the JSON line of a record


def bar(ticker: str, day: str, close: float, **other: object) -> Delivery:
    about = {"source": "alpha_vantage", "fetched_at": "2026-11-20T22:30:00.000000Z", **other}
    prices = {"open": close, "high": close + 1, "low": close - 1, "close": close, "volume": 1000}
    return "prices", json.dumps({"ticker": ticker, "date": day, **prices, **about})


def events(kind: RawKind, ticker: str, *listed: dict[str, object], at: str, source: str = "alpha_vantage") -> Delivery:
    return kind, json.dumps({"ticker": ticker, "events": listed, "source": source, "fetched_at": at})


# Two tickers. For one session: a later fetch, a still later one of a file, and different records of one moment. Of the
# splits of a ticker: an older response, a newer one, and a still newer one of a file.
EARLY, LATE, LATEST = (f"2026-11-20T22:3{n}:00.000000Z" for n in (0, 1, 2))
MARKET: tuple[Delivery, ...] = (
    *(bar("VOO", day, 100 + place) for place, day in enumerate(DAYS)),
    *(bar("NVDA", day, 200.0 if day < DAYS[4] else 20.5) for day in DAYS),
    bar("VOO", DAYS[2], 102.25, fetched_at=LATE),
    bar("VOO", DAYS[2], 55.0, fetched_at=LATEST, source="csv:VOO.csv"),
    bar("VOO", DAYS[5], 105.125),
    bar("VOO", DAYS[5], 105.375),
    events("splits", "VOO", at=EARLY),
    events("splits", "NVDA", at=EARLY),
    events("splits", "NVDA", {"date": DAYS[4], "ratio": 10.0}, at=LATE),
    events("splits", "NVDA", {"date": DAYS[4], "ratio": 4.0}, at=LATEST, source="csv:NVDA.csv"),
    events("dividends", "VOO", {"ex_date": DAYS[3], "amount": 0.5}, at=EARLY),
    events("dividends", "VOO", {"ex_date": DAYS[3], "amount": 0.75}, at=LATE),
    events("dividends", "NVDA", at=EARLY),
)


def published(deliveries: Sequence[Delivery], cuts: Sequence[int]) -> list[tuple[Any, ...]]:
    """The table published from the records in that order, in objects that end at the cuts."""
    with tempfile.TemporaryDirectory() as folder:
        storage = FolderStorage(Path(folder))
        claim_origin(storage, "live")
        ends = sorted({*(cut % len(deliveries) for cut in cuts), len(deliveries)})
        for place, (first, last) in enumerate(zip([0, *ends], ends, strict=False)):
            part = deliveries[first:last]
            for kind in {kind for kind, _ in part}:
                lines = "".join(f"{line}\n" for one, line in part if one == kind)
                storage.write(layout.raw(kind, date(2026, 11, 20), f"{place:03}.json"), lines.encode())
        publish(Path(folder), RUN)
        return served(Path(folder))


@cache
def in_order() -> list[tuple[Any, ...]]:
    return published(MARKET, [])


@given(
    order=st.permutations(MARKET),
    again=st.lists(st.sampled_from(MARKET), max_size=12),
    cuts=st.lists(st.integers(0, 99)),
)
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_same_is_published(order: list[Delivery], again: list[Delivery], cuts: list[int]) -> None:
    assert published([*order, *again], cuts) == in_order()


def test_what_is_published_is_what_the_rules_say() -> None:
    closes = {(row[0], row[1].isoformat()): row[5] for row in in_order()}
    assert len(closes) == 16
    assert closes["VOO", DAYS[2]] == 102.25  # the vendor before a file, and its later fetch
    assert closes["VOO", DAYS[5]] in {
        105.0,
        105.125,
        105.375,
    }  # of one moment: the content decides, always the same way
    factors = {row[1].isoformat(): row[12] for row in in_order() if row[0] == "NVDA"}
    assert {factors[DAYS[3]], factors[DAYS[4]]} == {0.1, 1.0}
