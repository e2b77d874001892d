"""The day's requests, counted where every function of every run sees them: `state/spend/<New York date>.json`.

A request is counted before it is made, by a conditional write: a run that is killed has spent what it asked, and two
runs at once never spend the same one. The vendor's day is taken to be New York's.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lake import calendar, layout
from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import Storage

_TRIES = 20  # of a conditional write: so many runs at once there never are


@dataclass(frozen=True)
class Spending:
    """The budget of a plan of `per_day` requests. `clock` is the real one."""

    storage: Storage
    per_day: int
    clock: Callable[[], datetime]

    def spent(self) -> int:
        """How many requests the day has seen so far."""
        return self._read(self._today())[0]

    def reserve(self) -> bool:
        """Count one request; False where the day's are spent."""
        return self._raise(lambda spent: spent + 1 if spent < self.per_day else None)

    def exhaust(self) -> None:
        """The vendor says that the day is over: count no less than all of it."""
        self._raise(lambda spent: self.per_day if spent < self.per_day else None)

    def _raise(self, count: Callable[[int], int | None]) -> bool:
        """Write what `count` makes of the day's number; False where it leaves it."""
        today = self._today()
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
        raise LakeError(f"{self.storage.url}/{layout.spend(today)} was taken {_TRIES} times by other runs; run again")

    def _read(self, day: date) -> tuple[int, str | None]:
        try:
            data, tag = self.storage.read_tagged(layout.spend(day))
            return int(json.loads(data)["spent"]), tag
        except NotFoundError:
            return 0, None
        except (ValueError, TypeError, KeyError) as error:
            raise LakeError(
                f"{self.storage.url}/{layout.spend(day)} is no count of requests ({error!r}); "
                'put {"spent": <how many>} there'
            ) from error

    def _today(self) -> date:
        return self.clock().astimezone(calendar.NEW_YORK).date()
