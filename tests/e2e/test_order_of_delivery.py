"""The published table does not depend on the order, repetition or grouping of raw deliveries."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from random import Random
from typing import Any

import pytest

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


def ends_of(length: int, draw: Random) -> list[int]:
    return sorted({*draw.sample(range(1, length), draw.randrange(12)), length})


def drawn(seed: str) -> tuple[Sequence[Delivery], Sequence[int]]:
    """The records and some of them again, in some order, and the places at which the objects end."""
    draw = Random(seed)
    records = [*MARKET, *draw.choices(MARKET, k=draw.randrange(12))]
    draw.shuffle(records)
    return records, ends_of(len(records), draw)


# By letter two deliveries, each for a lake of its own, in which the letter stands behind the tickers: so one run of
# Spark publishes many. The tickers of both lakes are the same, because the content decides between equal records.
DELIVERIES: dict[str, tuple[tuple[Sequence[Delivery], Sequence[int]], ...]] = {
    "A": ((MARKET, [len(MARKET)]), (MARKET[::-1], range(1, len(MARKET) + 1))),
    **{letter: (drawn(f"{letter}1"), drawn(f"{letter}2")) for letter in "BCDE"},
}
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> list[Rows]:
    """The rows of both lakes by letter, with the tickers of the market."""
    found: list[Rows] = []
    for number in range(2):
        root = tmp_path_factory.mktemp("orders")
        storage = FolderStorage(root)
        claim_origin(storage, "live")
        for letter, deliveries in DELIVERIES.items():
            write(storage, letter, *deliveries[number])
        publish(root, RUN)
        rows: Rows = {letter: [] for letter in DELIVERIES}
        for ticker, *values in served(root):
            own, _, letter = ticker.partition(".")
            rows[letter].append((own, *values))
        found.append(rows)
    return found


def write(storage: FolderStorage, letter: str, records: Sequence[Delivery], ends: Sequence[int]) -> None:
    for place, (first, last) in enumerate(pairwise([0, *ends])):
        part = records[first:last]
        for kind in {kind for kind, _ in part}:
            lines = "".join(f"{renamed(line, letter)}\n" for one, line in part if one == kind)
            storage.write(layout.raw(kind, date(2026, 11, 20), f"{letter}-{place:03}.json"), lines.encode())


def renamed(line: str, letter: str) -> str:
    record = json.loads(line)
    return json.dumps(record | {"ticker": f"{record['ticker']}.{letter}"})


@pytest.mark.parametrize("letter", DELIVERIES)
def test_the_same_is_published(published: list[Rows], letter: str) -> None:
    assert published[0][letter] == published[1][letter]


def test_other_tickers_of_the_lake_change_nothing(published: list[Rows]) -> None:
    """But for the equal records of one session, between which the ticker's own name decides."""
    others = [
        [(row[0], *row[1:11], row[12]) for row in rows if (row[0], row[1].isoformat()) != ("VOO", DAYS[5])]
        for rows in published[0].values()
    ]
    assert others == [others[0]] * len(DELIVERIES)


@pytest.mark.parametrize("letter", DELIVERIES)
def test_what_is_published_is_what_the_rules_say(published: list[Rows], letter: str) -> None:
    rows = published[0][letter]
    closes = {(row[0], row[1].isoformat()): row[5] for row in rows}
    assert len(closes) == 16
    assert closes["VOO", DAYS[2]] == 102.25  # the vendor before a file, and its later fetch
    assert closes["VOO", DAYS[5]] in {
        105.0,
        105.125,
        105.375,
    }  # of one moment: the content decides, always the same way
    factors = {row[1].isoformat(): row[12] for row in rows if row[0] == "NVDA"}
    assert {factors[DAYS[3]], factors[DAYS[4]]} == {0.1, 1.0}
