"""What the vendor refuses before it looks for data: wrong keys, and more than the plan allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from ingest.alpha_vantage.plans import VendorPlan
from ingest.simulator import responses

_PREMIUM = ("TIME_SERIES_DAILY_ADJUSTED", "TIME_SERIES_INTRADAY")


@dataclass
class PlanLimits:
    """Enforces a plan. A request that came too fast does not count for the day. `today`: the vendor's date."""

    plan: VendorPlan
    monotonic: Callable[[], float] = time.monotonic
    today: Callable[[], date] = lambda: date.min
    _requests: int = 0
    _day: date = date.min
    _last: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    def refusal(self, function: str, key: str, outputsize: str) -> bytes | None:
        """The body of the refusal; None if the request is allowed."""
        if not key:
            return responses.missing_key()
        if key.lower() == "demo":
            return responses.demo_key()
        with self._lock:
            return self._over_limit(key) or self._beyond_plan(function, outputsize)

    def _over_limit(self, key: str) -> bytes | None:
        now, pace, per_day = self.monotonic(), self.plan.per_second, self.plan.per_day
        if pace is not None and now - self._last < 1 / pace:
            return responses.burst(pace)
        # A throttled request does not move the clock of the pace: a client that retries too early is not locked out.
        self._last = now
        if self.today() != self._day:
            self._day, self._requests = self.today(), 0
        if per_day is not None and self._requests >= per_day:
            return responses.daily_limit(key, per_day)
        self._requests += 1
        return None

    def _beyond_plan(self, function: str, outputsize: str) -> bytes | None:
        if self.plan.full_history:
            return None
        if function in _PREMIUM:
            return responses.premium_endpoint(function)
        return responses.premium_outputsize() if outputsize == "full" else None
