"""What goes wrong at the vendor, as data: for the tests, and for a deployment that has to show what it makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, get_args

from ingest.simulator import bodies

Fault = Literal["empty", "outage", "malformed", "throttled"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
Answer = tuple[int, bytes]  # HTTP status and body

_ANSWERS: Mapping[Fault, Answer] = {
    "empty": (200, bodies.EMPTY),
    "outage": (503, b""),
    "malformed": (200, b'{"Meta Data": {"1. Information": '),
    "throttled": (200, bodies.burst(1)),
}


@dataclass
class Faults:
    """`of` tickers: every answer about them is at fault. `throttle_every` so many answers one is a refusal."""

    of: Mapping[str, Fault] = field(default_factory=dict)
    throttle_every: int | None = None
    _asked: int = 0
    _lock: Lock = field(default_factory=Lock)

    def answer(self, symbol: str) -> Answer | None:
        """The faulty answer to a request for `symbol`; None where it is to be answered well."""
        with self._lock:
            self._asked += 1
            if self.throttle_every and self._asked % self.throttle_every == 0:
                return _ANSWERS["throttled"]
        fault = self.of.get(symbol)
        return _ANSWERS[fault] if fault else None
