"""The reports that the jobs of a run leave for the later ones: small JSON files beside the staged data.

The jobs of a Glue workflow run on different machines and share nothing but the lake. Field names are the JSON keys.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from glue.arguments import Arguments
from glue.snapshots import staging
from glue.snapshots.staging import Staged


@dataclass(frozen=True)
class CleanReport:
    """What clean read and merged.

    `built_on`: the snapshot of the pointer. `base`: the snapshot that the run continues, None where it rebuilds.
    `heads`: the `latest_bars` in the staged years: `last`, `fetched_at`, `sources`. `…_seen`: when the newest response
    about a ticker was fetched. `refused`: sessions of which only broken bars came. `held`: the answers and records that
    are held back, as `glue.freeze.held.Held`. `staged`: `Staged` as dicts.
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
    held: list[dict[str, str]]
    staged: list[dict[str, Any]]
    findings: list[dict[str, Any]]


@dataclass(frozen=True)
class TransformReport:
    """`changed_from`: the first session (ISO) of which any row differs from the base, None where there is no base.

    `heads` as in `CleanReport`. `held`: the bars and events that are held back, of the whole snapshot.
    """

    changed_from: str | None
    heads: dict[str, dict[str, Any]]
    staged: list[dict[str, Any]]
    held: list[dict[str, str]]


@dataclass(frozen=True)
class QualityReport:
    """What may be published. Dates are ISO.

    `staged`: all changes of this run. `sessions`: by ticker of the new snapshot its first and last session and their
    number. `flagged`: by ticker and date the flags of the rows in the years that are written. `findings`: of the
    sessions that this run changes.
    """

    staged: list[dict[str, Any]]
    tables: dict[str, int]
    sessions: dict[str, dict[str, Any]]
    missing: dict[str, list[str]]
    refused: dict[str, list[str]]
    flagged: dict[str, dict[str, str]]
    findings: list[dict[str, Any]]


AnyReport = TypeVar("AnyReport", CleanReport, TransformReport, QualityReport)


def to_json(report: CleanReport | TransformReport | QualityReport) -> bytes:
    """The report as JSON, for `read`."""
    return json.dumps(asdict(report), indent=1).encode()


def read(arguments: Arguments, step: str, kind: type[AnyReport]) -> AnyReport:
    """The report of an earlier step of this run."""
    return kind(**json.loads(arguments.storage.read(staging.report_key(arguments.run, step))))


def staged_of(*reports: CleanReport | TransformReport | QualityReport) -> list[Staged]:
    """What the steps of these reports have staged."""
    return [Staged(**one) for report in reports for one in report.staged]
