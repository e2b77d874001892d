"""`/snapshots`: what is published and kept."""

from api.http.csv_response import rows_router
from api.http.parameters import PublishedIfReadableDep, StoreDep
from api.panel.response_meta import snapshot_meta, standing_warnings
from api.resources.health.service import last_refusal_of
from api.resources.snapshots.schemas import SnapshotsResponse
from api.resources.snapshots.service import finding_rows, rollback_warnings, snapshot_rows, snapshots_summary

router = rows_router("Service")


@router.get("/snapshots", summary="What is published, and its quality report")
async def read_snapshots(store: StoreDep, published: PublishedIfReadableDep) -> SnapshotsResponse:
    """Every snapshot that is kept, and what the quality rules found in the served one: a row for each finding."""
    snapshots = await store.snapshots()
    refusal, problem = await last_refusal_of(store)
    return SnapshotsResponse(
        meta=snapshot_meta(published) if published else None,
        summary=snapshots_summary(snapshots),
        snapshots=snapshot_rows(snapshots),
        rows=finding_rows(snapshots),
        last_refusal=refusal,
        warnings=(standing_warnings(published) if published else [])
        + rollback_warnings(snapshots)
        + ([problem] if problem else []),
    )
