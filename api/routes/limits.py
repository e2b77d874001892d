"""`/limits`: the most that one question may ask for."""

from dataclasses import asdict

from api.answers import snapshot_meta, standing_warnings
from api.freshness import served_if_readable
from api.limits import LIMITS
from api.models.service import LimitRow, LimitsResponse
from api.params import StoreDep
from api.rows import rows_router

router = rows_router("service")


@router.get("/limits", summary="The most that one question may ask for")
async def read_limits(store: StoreDep) -> LimitsResponse:
    """Every limit. One more than `most` is 400."""
    published = await served_if_readable(store)
    return LimitsResponse(
        meta=snapshot_meta(published) if published else None,
        rows=[LimitRow(**asdict(limit)) for limit in LIMITS],
        warnings=standing_warnings(published) if published else [],
    )
