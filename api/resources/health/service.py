"""State of the service and age of its data. A bad lake is reported, never raised: `/health` always answers 200."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import cast

from pydantic import ValidationError

from api.errors import StoreError
from api.panel.response_meta import is_simulated
from api.resources.health.schemas import FrozenTicker, HealthResponse, Refusal
from api.store.protocol import Published, Store
from lake import calendar
from lake.errors import CalendarError
from lake.origin import Origin, clock_of
from lake.snapshot import Manifest, published_at

_MOST_NAMED = 5  # frozen tickers that the problem lists; `frozen` has all


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
    # A refusal before the served snapshot is over: a later run has published.
    refused = refusal if refusal and refusal.run > published.snapshot else None
    now = clock()
    ending = calendar.warning_of(now.astimezone(calendar.NEW_YORK).date())
    problems = [published.problem, problem, *_problems(published, refused), ending]
    found = "; ".join(one for one in problems if one) or None
    answer = _of_snapshot(
        published, now, degraded=bool(published.held or frozen_tickers(published.manifest) or refused)
    )
    return answer.model_copy(update={"last_refusal": refusal, "problem": found})


def frozen_tickers(manifest: Manifest) -> list[FrozenTicker]:
    """The tickers of which something is held back."""
    return [FrozenTicker(ticker=ticker, **asdict(entry)) for ticker, entry in manifest.frozen.items()]


def held_warning(snapshot: str) -> str:
    """A sentence for a lake that a rollback holds."""
    return f"held at {snapshot} by a rollback: nothing newer is published until `python -m glue release`"


def _problems(published: Published, refused: Refusal | None) -> list[str]:
    held = [held_warning(published.snapshot)] if published.held else []
    last = [f"the last run, {refused.run}, was refused: {_reasons(refused)}"] if refused else []
    frozen = published.manifest.frozen
    named = [f"{ticker} ({entry.rule}, since {entry.since})" for ticker, entry in frozen.items()]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    back = [f"data is held back for {', '.join(named[:_MOST_NAMED])}{more}: see frozen"] if named else []
    return held + last + back


def _reasons(refused: Refusal) -> str:
    return "; ".join(f"{found.rule}: {found.sentence}" for found in refused.findings)


def sessions_behind(as_of: date, now: datetime) -> int | None:
    """NYSE sessions that closed after `as_of` and up to `now`; None after the end of the calendar."""
    try:
        return len(calendar.sessions(as_of + timedelta(days=1), calendar.last_closed(now)))
    except CalendarError:
        return None


def _of_snapshot(published: Published, now: datetime, *, degraded: bool) -> HealthResponse:
    manifest = published.manifest
    # A recorded lake never gets newer, so its clock stands still: otherwise it would look staler every day.
    clock = clock_of(cast("Origin", manifest.origin), manifest.as_of, now)
    return HealthResponse(
        status="degraded" if degraded else "ok",
        snapshot=published.snapshot,
        published_at=published_at(published.snapshot),
        origin=manifest.origin,
        simulated=is_simulated(published),
        as_of=manifest.as_of,
        sessions_behind=sessions_behind(manifest.as_of, clock),
        frozen=frozen_tickers(manifest),
        held=published.held,
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
