"""`/limits`: the most that one question may ask for."""

from dataclasses import asdict, replace

from api.http.csv_response import rows_router
from api.http.parameters import PublishedIfReadableDep, SettingsDep
from api.limits import ANSWER, LIMITS
from api.panel.response_meta import snapshot_meta, standing_warnings
from api.resources.limits.schemas import LimitRow, LimitsResponse

router = rows_router("Service")


@router.get("/limits", summary="The most that one question may ask for")
async def read_limits(published: PublishedIfReadableDep, settings: SettingsDep) -> LimitsResponse:
    """Every limit. One more than `most` is 400."""
    limits = [replace(one, most=settings.answer_bytes) if one is ANSWER else one for one in LIMITS]
    return LimitsResponse(
        meta=snapshot_meta(published) if published else None,
        rows=[LimitRow(**asdict(limit)) for limit in limits],
        warnings=standing_warnings(published) if published else [],
    )
