"""Faults of the vendor, as data, for the tests and for trying out a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, get_args

from ingest.simulator import responses

Fault = Literal["empty", "outage", "malformed", "throttled"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
Answer = tuple[int, bytes]  # HTTP status and body

_ANSWERS: Mapping[Fault, Answer] = {
    "empty": (200, responses.EMPTY),
    "outage": (503, b""),
    "malformed": (200, b'{"Meta Data": {"1. Information": '),
    "throttled": (200, responses.burst(1)),
}


@dataclass
class Faults:
    """`by_ticker`: every answer about such a ticker is faulty. `throttle_every`: the N-th answer is a throttle."""

    by_ticker: Mapping[str, Fault] = field(default_factory=dict)
    throttle_every: int | None = None
    _requests: int = 0
    _lock: Lock = field(default_factory=Lock)

    def answer(self, symbol: str) -> Answer | None:
        """The faulty answer to a request for `symbol`; None if the request gets a good one."""
        # The server answers in threads, and tests count on every N-th answer.
        with self._lock:
            self._requests += 1
            if self.throttle_every and self._requests % self.throttle_every == 0:
                return _ANSWERS["throttled"]
        fault = self.by_ticker.get(symbol)
        return _ANSWERS[fault] if fault else None
