"""The load of the soak test, for Locust: users that request random URLs and compare each answer with its market's.

SOAK_PLAN names a JSON file with the URLs and, for each market, the digest of each answer. SOAK_RESULT names the file to
which the counts are written.
"""

import hashlib
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, events, task

from benchmarks.soak_lake import market_of, snapshot_of, without_snapshot

PLAN: dict[str, Any] = json.loads(Path(os.environ["SOAK_PLAN"]).read_text(encoding="utf-8"))
URLS: list[str] = PLAN["urls"]
COUNTS: Counter[str] = Counter(requests=0, error=0, mixed=0)
EXAMPLES: list[str] = []


def fault_of(url: str, status: int, body: bytes) -> str | None:
    """`error: …` or `mixed: …` for a wrong answer; None for an answer that is entirely of one snapshot."""
    if status != 200:
        return f"error: {url} gave {status}: {body[:200]!r}"
    snapshot = snapshot_of(body)
    market = market_of(snapshot)
    COUNTS[f"market {market}"] += 1
    digest = hashlib.sha256(without_snapshot(body, snapshot).encode()).hexdigest()
    if digest == PLAN["digests"][market][url]:
        return None
    return f"mixed: {url} names {snapshot} and has other figures"


class Reader(FastHttpUser):
    """A user that requests one random URL after the other."""

    wait_time = between(0, 0.02)

    @task
    def request(self) -> None:
        url = random.choice(URLS)  # noqa: S311 - not for cryptography
        with self.client.get(url, catch_response=True) as response:
            fault = fault_of(url, response.status_code or 0, response.content or b"")
            COUNTS["requests"] += 1
            if fault is None:
                response.success()
                return
            COUNTS[fault.split(":")[0]] += 1
            EXAMPLES.append(fault)
            response.failure(fault)


def _write_result(environment: Any, **_: Any) -> None:
    total = environment.stats.total
    counts = dict(COUNTS) | {"p95": total.get_response_time_percentile(0.95) or 0, "per_second": total.total_rps}
    Path(os.environ["SOAK_RESULT"]).write_text(
        json.dumps({"counts": counts, "examples": EXAMPLES[:20]}), encoding="utf-8"
    )


events.quitting.add_listener(_write_result)  # type: ignore[no-untyped-call]
