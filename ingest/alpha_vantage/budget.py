"""Counts the day's requests in the lake, `state/spend/<New York date>.json`, where every run of every task sees them.

A request is counted before it is made, by a conditional write: a killed run has spent what it requested, and two runs
at once never spend the same request. The vendor's day is assumed to be New York's.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lake import calendar, layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage

# Conditional writes. Each that is lost means that another run has counted a request, so that one run loses at most as
# many as the day has: 25 on a free key.
_TRIES = 100


@dataclass(frozen=True)
class RequestBudget:
    """A plan's `per_day` requests. `clock` is the real one."""

    storage: Storage
    per_day: int
    clock: Callable[[], datetime]

    def spent(self) -> int:
        """How many requests the day has seen so far, of all runs."""
        return self._read(self._today())[0]

    def reserve(self) -> bool:
        """Count one request; False where none is left."""
        return self._update(lambda spent: spent + 1 if spent < self.per_day else None)

    def exhaust(self) -> None:
        """Count the whole day as spent, because the vendor says so: something else may use the same key."""
        self._update(lambda spent: self.per_day if spent < self.per_day else None)

    def _update(self, count: Callable[[int], int | None]) -> bool:
        """Replace the day's count by `count(spent)`; False where that is None, and the count stays."""
        today = self._today()
        # Optimistic locking: the storage refuses the write if another run has written since the read.
        for _ in range(_TRIES):
            spent, tag = self._read(today)
            target = count(spent)
            if target is None:
                return False
            data = {"date": today.isoformat(), "spent": target, "per_day": self.per_day}
            try:
                self.storage.write_if(layout.spend(today), json.dumps(data).encode(), tag)
            except ConflictError:
                continue
            return True
        raise LakeError(
            f"{self.storage.url}/{layout.spend(today)}: other runs wrote it first {_TRIES} times in a row; run again"
        )

    def _read(self, day: date) -> tuple[int, str | None]:
        try:
            data, tag = self.storage.read_tagged(layout.spend(day))
            return int(json.loads(data)["spent"]), tag
        except NotFoundError:
            return 0, None
        except (ValueError, TypeError, KeyError) as error:
            raise LakeError(
                f'{self.storage.url}/{layout.spend(day)} is no count of requests; put {{"spent": <how many>}} there'
            ) from error

    def _today(self) -> date:
        return self.clock().astimezone(calendar.NEW_YORK).date()
