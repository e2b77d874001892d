"""The load of the soak, for locust: users that ask everything, and hold each answer against the two there can be.

SOAK_PLAN names a JSON file with the questions and, for each market, the answer to each as a digest; SOAK_RESULT a file
to write what was seen.
"""

import hashlib
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, events, task

from benchmarks.soak_lake import market_of, normal, snapshot_of

PLAN: dict[str, Any] = json.loads(Path(os.environ["SOAK_PLAN"]).read_text(encoding="utf-8"))
QUESTIONS: list[str] = PLAN["questions"]
SEEN: Counter[str] = Counter(requests=0, error=0, mixed=0)
EXAMPLES: list[str] = []


def fault_of(url: str, status: int, body: bytes) -> str | None:
    """`error` or `mixed` and what was seen; None for an answer that is wholly of one snapshot."""
    if status != 200:
        return f"error: {url} gave {status}: {body[:200]!r}"
    snapshot = snapshot_of(body)
    market = market_of(snapshot)
    SEEN[f"market {market}"] += 1
    found = hashlib.sha256(normal(body, snapshot).encode()).hexdigest()
    if found == PLAN["answers"][market][url]:
        return None
    return f"mixed: {url} says that it is of {snapshot}, and holds other figures"


class Reader(FastHttpUser):
    """Asks one thing after the other, in no order."""

    wait_time = between(0, 0.02)

    @task
    def ask(self) -> None:
        url = random.choice(QUESTIONS)  # noqa: S311 - a load, no secret
        with self.client.get(url, catch_response=True) as response:
            fault = fault_of(url, response.status_code or 0, response.content or b"")
            SEEN["requests"] += 1
            if fault is None:
                response.success()
                return
            SEEN[fault.split(":")[0]] += 1
            EXAMPLES.append(fault)
            response.failure(fault)


def _write_result(environment: Any, **_: Any) -> None:
    total = environment.stats.total
    seen = dict(SEEN) | {"p95": total.get_response_time_percentile(0.95) or 0, "per_second": total.total_rps}
    Path(os.environ["SOAK_RESULT"]).write_text(json.dumps({"seen": seen, "examples": EXAMPLES[:20]}), encoding="utf-8")


events.quitting.add_listener(_write_result)  # type: ignore[no-untyped-call]
