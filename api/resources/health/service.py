"""State of the service and age of its data. A bad lake is reported, never raised: `/health` always answers 200."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast

from pydantic import ValidationError

from api.errors import StoreError
from api.panel.response_meta import is_simulated
from api.resources.health.schemas import HealthResponse, Refusal
from api.store.protocol import Published, Store
from lake import calendar
from lake.errors import CalendarError
from lake.origin import Origin, clock_of
from lake.snapshot import published_at


async def health_of(store: Store, clock: Callable[[], datetime]) -> HealthResponse:
    """The health of the lake at the time that `clock` gives."""
    try:
        published = await store.current()
    except StoreError as error:
        return HealthResponse(status="unavailable", problem=str(error))
    refusal, problem = await last_refusal_of(store)
    if published is None:
        empty = problem or "nothing is published in this lake yet"
        return HealthResponse(status="empty", last_refusal=refusal, problem=empty)
    now = clock()
    ending = calendar.warning_of(now.astimezone(calendar.NEW_YORK).date())
    reported = {"last_refusal": refusal, "problem": published.problem or problem or ending}
    return _of_snapshot(published, now).model_copy(update=reported)


def sessions_behind(as_of: date, now: datetime) -> int | None:
    """NYSE sessions that closed after `as_of` and up to `now`; None after the end of the calendar."""
    try:
        return len(calendar.sessions(as_of + timedelta(days=1), calendar.last_closed(now)))
    except CalendarError:
        return None


def _of_snapshot(published: Published, now: datetime) -> HealthResponse:
    manifest = published.manifest
    # A recorded lake never gets newer, so its clock stands still: otherwise it would look staler every day.
    clock = clock_of(cast("Origin", manifest.origin), manifest.as_of, now)
    return HealthResponse(
        status="ok",
        snapshot=published.snapshot,
        published_at=published_at(published.snapshot),
        origin=manifest.origin,
        simulated=is_simulated(published),
        as_of=manifest.as_of,
        sessions_behind=sessions_behind(manifest.as_of, clock),
    )


async def last_refusal_of(store: Store) -> tuple[Refusal | None, str | None]:
    """The last refused run, and what is wrong with its record; either may be None."""
    try:
        # Another program wrote the record, perhaps an older or a newer release: it is validated like any input.
        raw = await store.last_refusal()
        return (None if raw is None else Refusal.model_validate(raw)), None
    except StoreError as error:
        return None, str(error)
    except ValidationError as error:
        return None, f"the record of the last refusal is not one of ours ({error.error_count()} errors in it)"
