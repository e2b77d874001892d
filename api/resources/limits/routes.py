"""`/limits`: the most that one question may ask for."""

from dataclasses import asdict

from api.http.csv_response import rows_router
from api.http.parameters import PublishedIfReadableDep
from api.limits import LIMITS
from api.panel.response_meta import snapshot_meta, standing_warnings
from api.resources.limits.schemas import LimitRow, LimitsResponse

router = rows_router("Service")


@router.get("/limits", summary="The most that one question may ask for")
async def read_limits(published: PublishedIfReadableDep) -> LimitsResponse:
    """Every limit. One more than `most` is 400."""
    return LimitsResponse(
        meta=snapshot_meta(published) if published else None,
        rows=[LimitRow(**asdict(limit)) for limit in LIMITS],
        warnings=standing_warnings(published) if published else [],
    )
