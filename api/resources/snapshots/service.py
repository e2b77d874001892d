"""The published snapshots that are kept, as rows. Manifests in, rows out; pure."""

from pydantic import ValidationError

from api.errors import StoreUnavailableError
from api.resources.health.schemas import Finding
from api.resources.snapshots.schemas import SnapshotRow, SnapshotsSummary
from api.store.protocol import Snapshots
from lake.snapshot import Manifest, published_at


def snapshot_rows(snapshots: Snapshots) -> list[SnapshotRow]:
    """A row a snapshot, the oldest first. StoreUnavailableError where a quality report cannot be read as one."""
    # The store lists the newest first; rows of every answer ascend in time.
    return [_row(manifest, served=manifest.snapshot == snapshots.served) for manifest in reversed(snapshots.manifests)]


def snapshots_summary(snapshots: Snapshots) -> list[SnapshotsSummary]:
    """One entry about all of them."""
    return [SnapshotsSummary(snapshots=len(snapshots.manifests), served=snapshots.served, held=snapshots.held)]


def rollback_warnings(snapshots: Snapshots) -> list[str]:
    """A sentence where a rollback holds the served snapshot."""
    held = f"held at {snapshots.served} by a rollback: nothing newer is published before it is released"
    return [held] if snapshots.held else []


def _row(manifest: Manifest, *, served: bool) -> SnapshotRow:
    return SnapshotRow(
        time=published_at(manifest.snapshot).isoformat().replace("+00:00", "Z"),
        snapshot=manifest.snapshot,
        served=served,
        run=manifest.run,
        as_of=manifest.as_of if manifest.tickers else None,
        tickers=len(manifest.tickers),
        bars=manifest.rows,
        missing=sum(len(entry.missing) for entry in manifest.tickers.values()),
        sources=list(manifest.sources),
        findings=_findings(manifest),
    )


def _findings(manifest: Manifest) -> list[Finding]:
    try:
        return [Finding.model_validate(found) for found in manifest.quality]
    except ValidationError as error:
        # The lake is at fault and not the request, so it is a 503.
        raise StoreUnavailableError(
            f"the quality report of {manifest.snapshot} is not one of ours ({error.error_count()} errors in it)"
        ) from error
