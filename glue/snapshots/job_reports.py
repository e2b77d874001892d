"""What each job tells the next: small JSON files beside the data."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from pyspark.sql import DataFrame

from glue.arguments import Arguments
from glue.quality.rules import Severity
from glue.snapshots import staging
from glue.snapshots.staging import Staged


@dataclass(frozen=True)
class Finding:
    """One rule that was broken: how often, in a sentence, and up to twenty examples of ticker and date."""

    rule: str
    severity: Severity
    count: int
    sentence: str
    examples: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class CleanReport:
    """What clean read and kept. `built_on` is the pointer's snapshot, `base` the one whose rows are kept, or None.

    `heads`: of the tickers in the staged years `last` (their last bar), its `fetched_at`, and `sources`. The `…_seen`
    are when an answer came last. `refused`: sessions of which only bad bars came. `staged` are `Staged` as dicts.
    """

    built_on: str | None
    base: str | None
    raw_objects: list[str]
    heads: dict[str, dict[str, Any]]
    splits_seen: dict[str, str]
    dividends_seen: dict[str, str]
    sentiment_seen: dict[str, str]
    refused: dict[str, list[str]]
    withdrawn: list[dict[str, str]]
    staged: list[dict[str, Any]]
    findings: list[dict[str, Any]]


@dataclass(frozen=True)
class TransformReport:
    """What transform computed: of each ticker the first year, or None where everything was; `heads` as in clean."""

    computed: dict[str, int] | None
    heads: dict[str, dict[str, Any]]
    staged: list[dict[str, Any]]


@dataclass(frozen=True)
class QualityReport:
    """What the gate let through. Dates are ISO.

    `staged`: every table as this run changes it; `held`: per ticker of the snapshot to be its first and last session
    and their number; `waiting`: the first session that the gate set aside.
    """

    staged: list[dict[str, Any]]
    tables: dict[str, int]
    held: dict[str, dict[str, Any]]
    missing: dict[str, list[str]]
    refused: dict[str, list[str]]
    waiting: dict[str, str]
    findings: list[dict[str, Any]]


AnyReport = TypeVar("AnyReport", CleanReport, TransformReport, QualityReport)


def to_json(report: CleanReport | TransformReport | QualityReport) -> bytes:
    """The report as `read` gives it back."""
    return json.dumps(asdict(report), indent=1).encode()


def read(arguments: Arguments, step: str, kind: type[AnyReport]) -> AnyReport:
    """The report that an earlier step of this run left."""
    return kind(**json.loads(arguments.storage.read(staging.report_key(arguments.run, step))))


def staged_of(*reports: CleanReport | TransformReport | QualityReport) -> list[Staged]:
    """What the steps have staged."""
    return [Staged(**one) for report in reports for one in report.staged]


def days_by_ticker(rows: DataFrame) -> dict[str, list[str]]:
    """The ISO days of rows with a ticker and a date, ascending, by ticker. For the few rows that a report names."""
    days: dict[str, list[str]] = {}
    for ticker, day in sorted(
        (row["ticker"], row["date"].isoformat()) for row in rows.select("ticker", "date").collect()
    ):
        days.setdefault(ticker, []).append(day)
    return days


def finding(
    rule: str, severity: Severity, count: int, catches: str, examples: Sequence[dict[str, str]] = ()
) -> Finding:
    """A finding with its sentence: the first few places, and how many more there are."""
    places = [f"{example['ticker']} {example['date']}" for example in examples[:3]]
    more = f" and {count - len(places)} more" if count > len(places) else ""
    where = f" ({', '.join(places)}{more})" if places else f" ({count})"
    return Finding(rule, severity, count, f"{catches}{where}", tuple(examples))
