"""`/health`: the service itself."""

from fastapi import APIRouter

from api.freshness import health_of
from api.models.service import HealthResponse
from api.params import ClockDep, StoreDep

router = APIRouter(tags=["service"])


@router.get("/health", summary="State of the service and age of the data")
async def read_health(store: StoreDep, clock: ClockDep) -> HealthResponse:
    """Whether the service can answer, and how fresh its data is. Always 200, whatever the state of the lake."""
    return await health_of(store, clock)
