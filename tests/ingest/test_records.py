import json
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.records import DailyBar, Dividend, Dividends, Record, Sentiment, Split, Splits
from lake.tables import RAW_DIVIDENDS, RAW_PRICES, RAW_SENTIMENT, RAW_SPLITS, Table

ASKED = datetime(2026, 11, 20, 22, 30, 5, 123456, tzinfo=UTC)
DAY = date(2026, 11, 20)


def bar(**changes: Any) -> DailyBar:
    fields = {"ticker": "VOO", "date": DAY, "open": 10.0, "high": 12.0, "low": 9.0, "close": 11.0, "volume": 5}
    return DailyBar(**{**fields, "source": "simulated", "fetched_at": ASKED, **changes})


SPLITS = Splits(
    ticker="VOO",
    events=(Split(date=DAY, ratio=2),),
    source="simulated",
    fetched_at=ASKED,
    covers_from=DAY,
    covers_to=DAY,
)
DIVIDENDS = Dividends(
    ticker="VOO",
    events=(Dividend(ex_date=DAY, amount=1),),
    source="simulated",
    fetched_at=ASKED,
    covers_from=DAY,
    covers_to=DAY,
)
SENTIMENT = Sentiment(ticker="VOO", date=DAY, score=-0.25, articles=3, source="simulated", fetched_at=ASKED)


def hive_type(value: object) -> str:
    """The type of a JSON value in Hive's words."""
    if isinstance(value, list):
        return f"array<{hive_type(value[0])}>"
    if isinstance(value, dict):
        return f"struct<{','.join(f'{name}:{hive_type(field)}' for name, field in value.items())}>"
    return {str: "string", float: "double", int: "bigint"}[type(value)]


@pytest.mark.parametrize(
    ("record", "table"),
    [(bar(), RAW_PRICES), (SPLITS, RAW_SPLITS), (DIVIDENDS, RAW_DIVIDENDS), (SENTIMENT, RAW_SENTIMENT)],
    ids=lambda x: "",
)
def test_a_line_has_exactly_the_columns_of_its_raw_table(record: Record, table: Table) -> None:
    line = json.loads(record.line())
    assert {name: hive_type(value) for name, value in line.items()} == {c.name: c.type for c in table.columns}


def test_a_record_is_one_line() -> None:
    assert bar().line().endswith(b"}\n")
    assert bar().line().count(b"\n") == 1


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (ASKED, "2026-11-20T22:30:05.123456Z"),
        (ASKED.replace(microsecond=0), "2026-11-20T22:30:05.000000Z"),
        (ASKED.astimezone(timezone(timedelta(hours=-5))), "2026-11-20T22:30:05.123456Z"),
    ],
)
def test_fetched_at_is_utc_with_microseconds(moment: datetime, text: str) -> None:
    assert json.loads(bar(fetched_at=moment).line())["fetched_at"] == text


def test_a_volume_that_the_source_does_not_give_is_null() -> None:
    assert json.loads(bar(volume=None).line())["volume"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"open": 12.5},
        {"open": 8.5},
        {"close": 12.5},
        {"close": 8.5},
        {"low": 0.0},
        {"low": -1.0},
        {"high": float("inf")},
        {"close": float("nan")},
        {"volume": -1},
        {"volume": 2**63},
        {"ticker": "../etc"},
        {"fetched_at": ASKED.replace(tzinfo=None)},
    ],
    ids=str,
)
def test_a_bar_that_breaks_an_invariant_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))):
        bar(**changes)


def test_every_fault_of_a_bar_is_named() -> None:
    with pytest.raises(ValueError, match=r"^open, low 0 is no price of a share.*; high 2e\+07 is.*; volume -1 is not"):
        bar(open=0.0, low=0.0, high=2e7, volume=-1)


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf")])
def test_ratios_and_amounts_are_positive_and_finite(value: float) -> None:
    with pytest.raises(ValidationError):
        Split(date=DAY, ratio=value)
    with pytest.raises(ValidationError):
        Dividend(ex_date=DAY, amount=value)


@pytest.mark.parametrize(
    "changes", [{"score": 1.1}, {"score": -1.1}, {"score": float("nan")}, {"articles": 0}], ids=str
)
def test_sentiment_is_a_score_of_one_article_at_least(changes: dict[str, Any]) -> None:
    fields = {"ticker": "VOO", "date": DAY, "score": 0.1, "articles": 1, "source": "simulated", "fetched_at": ASKED}
    with pytest.raises(ValidationError):
        Sentiment(**{**fields, **changes})


def test_a_record_is_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(bar(), "close", 11.5)  # noqa: B010 - mypy knows that it is frozen, the test does not trust it
