"""The published snapshots that are kept, and their findings, as rows. Manifests in, rows out; pure."""

from collections.abc import Iterator

from pydantic import ValidationError

from api.errors import StoreUnavailableError
from api.resources.health.schemas import Finding, FindingExample
from api.resources.health.service import frozen_tickers, held_warning
from api.resources.snapshots.schemas import FindingRow, SnapshotRow, SnapshotsSummary
from api.store.protocol import Snapshots
from lake.snapshot import Manifest, published_at


def snapshot_rows(snapshots: Snapshots) -> list[SnapshotRow]:
    """A row a snapshot, the newest first. StoreUnavailableError where a quality report cannot be read as one."""
    return [_row(manifest, snapshots) for manifest in snapshots.manifests]


def finding_rows(snapshots: Snapshots) -> list[FindingRow]:
    """Every finding of the served snapshot, the newest first, then by ticker.

    Flags and held records are of all that it holds; other findings are those of its run.
    """
    served = next((one for one in snapshots.manifests if one.snapshot == snapshots.served), None)
    if served is None:
        return []
    complete = [*_flag_rows(served), *_held_rows(served)]
    known = {row.rule for row in complete}
    others = [row for found in _findings(served) if found.rule not in known for row in _run_rows(served, found)]
    by_ticker = sorted((*complete, *others), key=lambda row: (row.ticker or "", row.rule))
    return sorted(by_ticker, key=lambda row: row.date or "", reverse=True)


def snapshots_summary(snapshots: Snapshots) -> list[SnapshotsSummary]:
    """One entry about all of them."""
    return [SnapshotsSummary(snapshots=len(snapshots.manifests), served=snapshots.served, held=snapshots.held)]


def rollback_warnings(snapshots: Snapshots) -> list[str]:
    """A sentence where a rollback holds the served snapshot."""
    return [held_warning(snapshots.served)] if snapshots.held and snapshots.served else []


def _row(manifest: Manifest, snapshots: Snapshots) -> SnapshotRow:
    served = manifest.snapshot == snapshots.served
    return SnapshotRow(
        time=published_at(manifest.snapshot).isoformat().replace("+00:00", "Z"),
        snapshot=manifest.snapshot,
        served=served,
        held=served and snapshots.held,
        run=manifest.run,
        as_of=manifest.as_of if manifest.tickers else None,
        tickers=len(manifest.tickers),
        bars=manifest.rows,
        missing=sum(len(entry.missing) for entry in manifest.tickers.values()),
        sources=list(manifest.sources),
        frozen=frozen_tickers(manifest),
        findings=_findings(manifest),
    )


def _flag_rows(manifest: Manifest) -> Iterator[FindingRow]:
    for ticker, days in manifest.flagged.items():
        for day, flags in days.items():
            for rule in flags.split(","):
                example = FindingExample(ticker=ticker, date=day, detail=manifest.rules.get(rule))
                yield _finding_row(manifest, rule, "warn", example)


def _held_rows(manifest: Manifest) -> Iterator[FindingRow]:
    for one in manifest.held:
        example = FindingExample(ticker=one.get("ticker"), date=one.get("date"), detail=one.get("message"))
        yield _finding_row(manifest, one.get("rule", ""), "freeze", example)


def _run_rows(manifest: Manifest, found: Finding) -> Iterator[FindingRow]:
    """A row for each record that a finding of the run names, and one for those that it does not name."""
    catches = found.sentence.rsplit(" (", 1)[0]  # without the places, which have rows of their own
    for one in found.examples:
        example = one if one.detail else one.model_copy(update={"detail": catches})
        yield _finding_row(manifest, found.rule, found.severity, example)
    if rest := found.count - len(found.examples):
        yield _finding_row(manifest, found.rule, found.severity, FindingExample(detail=found.sentence), rest)


def _finding_row(manifest: Manifest, rule: str, severity: str, example: FindingExample, count: int = 1) -> FindingRow:
    return FindingRow(snapshot=manifest.snapshot, rule=rule, severity=severity, count=count, **example.model_dump())


def _findings(manifest: Manifest) -> list[Finding]:
    try:
        return [Finding.model_validate(found) for found in manifest.quality]
    except ValidationError as error:
        # The lake is at fault and not the request, so it is a 503.
        raise StoreUnavailableError(
            f"the quality report of {manifest.snapshot} is not one of ours ({error.error_count()} errors in it)"
        ) from error
