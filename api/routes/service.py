"""`/health` and `/limits`: about the service itself."""

from dataclasses import asdict

from fastapi import APIRouter

from api.answers import snapshot_meta, standing_warnings
from api.freshness import health_of, served_if_readable
from api.limits import LIMITS
from api.models.service import HealthResponse, LimitRow, LimitsResponse
from api.params import ClockDep, StoreDep

router = APIRouter(tags=["service"])


@router.get("/health", summary="State of the service and age of the data")
async def read_health(store: StoreDep, clock: ClockDep) -> HealthResponse:
    """Whether the service can answer, and how fresh its data is. Always 200, whatever the state of the lake."""
    return await health_of(store, clock)


@router.get("/limits", summary="The most that one question may ask for")
async def read_limits(store: StoreDep) -> LimitsResponse:
    """Every limit. One more than `most` is 400."""
    published = await served_if_readable(store)
    return LimitsResponse(
        meta=snapshot_meta(published) if published else None,
        rows=[LimitRow(**asdict(limit)) for limit in LIMITS],
        warnings=standing_warnings(published) if published else [],
    )
