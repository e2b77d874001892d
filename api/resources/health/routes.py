"""`/health`: the service itself."""

from fastapi import APIRouter

from api.http.parameters import ClockDep, StoreDep
from api.resources.health.schemas import HealthResponse
from api.resources.health.service import health_of

router = APIRouter(tags=["Service"])


@router.get("/health", summary="State of the service and age of the data")
async def read_health(store: StoreDep, clock: ClockDep) -> HealthResponse:
    """Whether the service can answer, and how fresh its data is. Always 200, whatever the state of the lake."""
    return await health_of(store, clock)
