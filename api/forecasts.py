"""`python -m api.forecasts`, and the Lambda that runs after each publish: commits the day's outlook.

It writes what the served snapshot says about the next month and quarter before anyone can know, once a session and pair
of baskets and never again, so that `/outlook/record` scores forecasts that nobody could tune afterwards.
"""

import asyncio
import logging
import sys
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from api.errors import StoreError, TooLittleHistoryError
from api.panel.loader import held_tickers, load_panel
from api.panel.window import Last
from api.resources.outlook.committed import (
    PAIRS,
    WINDOW_MONTHS,
    Committed,
    Pair,
    committed,
    key_of,
    requests_of,
    to_lines,
)
from api.resources.outlook.service import LOOKBACK, compute_outlook, outlook_summary
from api.settings import SettingsError, read_settings
from api.store.open import open_store
from api.store.protocol import Snapshot, Store
from lake import layout
from lake.errors import ConflictError, LakeError
from lake.storage import Storage, open_storage

_LOG = logging.getLogger(__name__)
_REFUSED = 2
_SIMULATED = "a simulated lake has invented prices, so that a track record would mean nothing"


class Added(NamedTuple):
    """Keys that this run wrote and that were `there` before. `left_out`: a sentence for each pair with neither."""

    added: list[str]
    there: list[str]
    left_out: list[str]


async def commit(store: Store, storage: Storage, now: datetime) -> Added:
    """Commit the forecasts of the served snapshot that its session does not have yet."""
    published = await store.current()
    if published is None:
        return Added([], [], ["nothing is published yet"])
    if published.manifest.origin == "simulated":
        return Added([], [], [_SIMULATED])
    as_of, snapshot = published.manifest.as_of, Snapshot(published, store)
    found, result = set(storage.list(f"{layout.FORECASTS}dt={as_of.isoformat()}/")), Added([], [], [])
    for pair in PAIRS:
        key = key_of(as_of, pair)
        forecasts = [] if key in found else await _forecasts(snapshot, pair, now)
        if isinstance(forecasts, str):
            result.left_out.append(forecasts)
        elif forecasts and _write(storage, key, forecasts):
            result.added.append(key)
        else:
            result.there.append(key)
    return result


def _write(storage: Storage, key: str, forecasts: Sequence[Committed]) -> bool:
    """Whether the object was not there: another run may have been at it, and then its forecasts stand."""
    try:
        storage.write_if(key, to_lines(forecasts), None)
    except ConflictError:
        return False
    return True


async def _forecasts(snapshot: Snapshot, pair: Pair, now: datetime) -> list[Committed] | str:
    """The forecasts about a pair, or why there are none."""
    requests, as_of = requests_of(pair), snapshot.published.manifest.as_of
    tickers, name = requests[0].tickers, " and ".join("+".join(basket) for basket in pair)
    lacking = _behind(snapshot, tickers, as_of)
    if lacking:
        return f"{name}: no close of {', '.join(lacking)} on {as_of}"
    span = Last(WINDOW_MONTHS, "m")
    panel = await load_panel(snapshot, tickers, span, "total", shared=True, lookback=LOOKBACK)
    try:
        outlooks = [(one, outlook_summary(compute_outlook(panel, span, one))) for one in requests]
    except TooLittleHistoryError as error:
        return f"{name}: {error}"
    served = snapshot.published.snapshot
    return [committed(one, found.p_a_beats_b, made=now, as_of=as_of, snapshot=served) for one, found in outlooks]


def _behind(snapshot: Snapshot, tickers: Collection[str], as_of: date) -> list[str]:
    """The tickers without a bar on the snapshot's newest session: a forecast would be of an older one."""
    entries, held = snapshot.published.manifest.tickers, held_tickers(snapshot.published, tickers)
    return [ticker for ticker in tickers if ticker not in held or entries[ticker].last < as_of]


def handler(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """One event of a publish job that succeeded. Its content is not needed: the pointer says what is served."""
    store, storage = _opened()
    return asyncio.run(commit(store, storage, datetime.now(UTC)))._asdict()


@cache
def _opened() -> tuple[Store, Storage]:
    settings = read_settings()
    return open_store(settings), open_storage(settings.lake)


def main() -> int:
    """Commit, and say what was. Exit status 2, after one line that says why, where the lake cannot be read."""
    try:
        store, storage = _opened()
        found = asyncio.run(commit(store, storage, datetime.now(UTC)))
    except (SettingsError, LakeError, StoreError) as error:
        sys.stderr.write(f"bellwether: {error}\n")
        return _REFUSED
    if found.added or found.there:
        sys.stdout.write(f"bellwether: forecasts: {len(found.added)} committed, {len(found.there)} already there\n")
    for why in found.left_out:
        sys.stdout.write(f"bellwether: no forecast: {why}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
