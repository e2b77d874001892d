"""Each rule of records, of each kind, catches its planted record, and none without it does."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pyspark.sql import SparkSession

from glue.arguments import Arguments
from glue.merge.validation import flagged_records
from glue.quality.rules import RECORD_RULES
from lake import layout
from lake.storage import FolderStorage
from lake.tables import RAW_TABLES

FETCHED = {"source": "simulated", "fetched_at": "2026-01-17T01:00:00.000000Z"}
PRICES = {"open": 10.0, "high": 11.0, "low": 9.0, "close": 10.0, "volume": 1000}
SOUND: dict[layout.RawKind, dict[str, Any]] = {
    "prices": {"ticker": "AAPL", "date": "2026-01-16", **PRICES, **FETCHED},
    "splits": {"ticker": "AAPL", "events": [{"date": "2020-08-31", "ratio": 4.0}], **FETCHED},
    "dividends": {"ticker": "AAPL", "events": [{"ex_date": "2025-11-10", "amount": 0.26}], **FETCHED},
    "sentiment": {"ticker": "AAPL", "date": "2026-01-16", "score": 0.1, "articles": 3, **FETCHED},
}
# By kind and rule: what a record of that kind has that it should not
PLANTED: dict[tuple[layout.RawKind, str], dict[str, Any] | str] = {
    **{(kind, "broken_line"): '{"ticker": "AAPL", "so' for kind in SOUND},
    **{(kind, "nameless"): {"ticker": None} for kind in SOUND},
    ("prices", "off_calendar"): {"date": "2026-01-17"},
    ("prices", "nulls"): {"low": None},
    ("prices", "non_positive"): {"low": 0.0},
    ("prices", "ohlc_order"): {"close": 11.5},
    ("prices", "no_price"): {"open": 1e-9, "high": 1e-9, "low": 1e-9, "close": 1e-9},
    ("splits", "bad_events"): {"events": [{"date": "2020-08-31", "ratio": 0.0}]},
    ("dividends", "bad_events"): {"events": [{"ex_date": "10.11.2025", "amount": 0.26}]},
    ("sentiment", "off_calendar"): {"date": "2026-01-19"},  # Martin Luther King's day
    ("sentiment", "bad_score"): {"score": 1.5},
}


def flagged(storage: FolderStorage, kind: layout.RawKind, slug: str | None) -> list[str | None]:
    """The rules that a sound record and, after it, the plant of a rule break."""
    plant = PLANTED[kind, slug] if slug else {}
    line = plant if isinstance(plant, str) else json.dumps(SOUND[kind] | plant)
    key = layout.raw(kind, date(2026, 1, 17), "planted.json")
    storage.write(key, f"{json.dumps(SOUND[kind])}\n{line}\n".encode())
    arguments = Arguments(storage, "20260117T020000Z")
    return [row["rule"] for row in flagged_records(arguments, [key], RAW_TABLES[kind]).collect()]


@pytest.mark.parametrize(("kind", "slug"), PLANTED)
def test_each_rule_catches_its_plant(
    spark: SparkSession, storage: FolderStorage, kind: layout.RawKind, slug: str
) -> None:
    assert flagged(storage, kind, slug) == [None, slug]


@pytest.mark.parametrize(("kind", "slug"), PLANTED)
def test_without_a_rule_its_plant_is_not_caught_by_it(
    spark: SparkSession, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch, kind: layout.RawKind, slug: str
) -> None:
    rules = (replace(rule, broken="false") if rule.slug == slug else rule for rule in RECORD_RULES[kind])
    monkeypatch.setitem(RECORD_RULES, kind, tuple(rules))
    assert slug not in flagged(storage, kind, slug)


@pytest.mark.parametrize(
    ("kind", "slug", "plant"),
    [
        ("prices", "off_calendar", {"date": "2026-02-30"}),
        ("sentiment", "off_calendar", {"date": "2026-13-01"}),
        ("splits", "bad_events", {"events": [{"date": "2020-02-30", "ratio": 4.0}]}),
        ("dividends", "bad_events", {"events": [{"ex_date": "2025-11-31", "amount": 0.26}]}),
    ],
)
def test_a_date_that_no_calendar_has_is_caught(
    spark: SparkSession,
    storage: FolderStorage,
    monkeypatch: pytest.MonkeyPatch,
    kind: layout.RawKind,
    slug: str,
    plant: dict[str, Any],
) -> None:
    """It has the form of a date, and in ANSI mode a plain cast of it would end the job."""
    monkeypatch.setitem(PLANTED, (kind, slug), plant)
    assert flagged(storage, kind, slug) == [None, slug]


def test_every_rule_has_a_plant() -> None:
    assert {(kind, rule.slug) for kind, rules in RECORD_RULES.items() for rule in rules} == set(PLANTED)
