"""`make soak`: a mixed load for SECONDS against a local server while snapshots are published and rolled back.

There must be no error, no answer that mixes two snapshots, and no growth of memory. Before the load, each market is
served alone and the digest of every answer recorded. Under load, each answer must equal the one recorded for the market
of the snapshot that it names.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import requests

from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.soak_lake import MARKETS, Publisher, publish_both_markets, snapshot_id, snapshot_of, without_snapshot
from benchmarks.soak_server import Server, serving
from benchmarks.soak_urls import urls_of
from lake.snapshot import read_pointer, swap_pointer
from lake.storage import FolderStorage

SECONDS = float(os.environ.get("SECONDS", "60"))
USERS = 6
MIN_SECONDS_FOR_GROWTH = 30  # a shorter load ends while the caches still fill
POINTER_TIMEOUT = 10  # seconds within which the server must serve a new pointer


def expected_digests(server: Server, storage: FolderStorage, urls: Sequence[str]) -> list[dict[str, str]]:
    """For each market, served alone: the digest of the answer of each URL whose status is 200."""
    digests: list[dict[str, str]] = []
    for market in range(MARKETS):
        swap_pointer(storage, snapshot_id(market), read_pointer(storage))
        _wait_until_served(server, snapshot_id(market))
        digests.append({url: digest for url in urls if (digest := _digest(server, url))})
    return digests


def _digest(server: Server, url: str) -> str | None:
    response = requests.get(server.url + url, timeout=30)
    if response.status_code != 200:
        return None
    return hashlib.sha256(without_snapshot(response.content, snapshot_of(response.content)).encode()).hexdigest()


def _wait_until_served(server: Server, snapshot: str) -> None:
    deadline = time.monotonic() + POINTER_TIMEOUT
    while requests.get(f"{server.url}/health", timeout=30).json()["snapshot"] != snapshot:
        if time.monotonic() > deadline:
            raise SystemExit(f"soak: {snapshot} was published and is not served after {POINTER_TIMEOUT} s")
        time.sleep(0.1)


def load(server: Server, plan: Path, seconds: float) -> dict[str, Any]:
    """Run Locust in a process of its own; returns the result that its users write."""
    result = plan.with_name("result.json")
    # Locust patches the standard library for gevent, which must not happen in this process.
    tool = [sys.executable, "-m", "locust", "-f", "benchmarks/soak_users/users.py", "--headless", "--only-summary"]
    command = [*tool, f"--users={USERS}", f"--spawn-rate={USERS}", f"--run-time={seconds:g}s", f"--host={server.url}"]
    environment = os.environ | {"SOAK_PLAN": str(plan), "SOAK_RESULT": str(result)}
    # Locust exits with 1 after any failed request; the counts decide instead.
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if not result.exists():
        raise SystemExit(f"soak: locust did not run: {done.stderr[-2000:]}")
    result_data: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return result_data


@contextmanager
def sample_memory(server: Server) -> Iterator[list[float]]:
    """Samples of the server's resident memory in MB, four a second."""
    samples: list[float] = []
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.25):
            samples.append(server.memory_mb())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def growth(samples: Sequence[float]) -> float:
    """Median memory in the last quarter of a load divided by that in the second; in the first, caches fill."""
    quarter = len(samples) // 4
    return median(samples[-quarter:]) / median(samples[quarter : 2 * quarter])


def soak(root: Path, seconds: float) -> list[Figure]:
    """Run the soak test on a new lake at `root`."""
    publish_both_markets(root)
    storage = FolderStorage(root)
    publisher = Publisher(storage, every=max(0.3, min(2.0, seconds / 20)))
    with serving(root) as server, tempfile.TemporaryDirectory() as folder:
        openapi = requests.get(f"{server.url}/openapi.json", timeout=30).json()
        digests = expected_digests(server, storage, urls_of(openapi))
        plan = Path(folder) / "plan.json"
        urls = sorted(digests[0].keys() & digests[1].keys())
        plan.write_text(json.dumps({"urls": urls, "digests": digests}), encoding="utf-8")
        thread = threading.Thread(target=publisher.run)
        thread.start()
        try:
            with sample_memory(server) as samples:
                result = load(server, plan, seconds)
        finally:
            publisher.stop()
            thread.join()
    for example in result["examples"]:
        print(example, file=sys.stderr)
    return [*figures(result["counts"], publisher, len(urls)), *memory(samples, seconds)]


def memory(samples: Sequence[float], seconds: float) -> list[Figure]:
    """The server's memory. Growth is judged only after a load that is longer than the warm-up."""
    name, grown = "memory, last ÷ second quarter", growth(samples)
    return [
        unjudged("memory at the end, MB", samples[-1]),
        judged(name, grown, "<= 1.1") if seconds >= MIN_SECONDS_FOR_GROWTH else unjudged(name, grown),
    ]


def figures(counts: dict[str, float], publisher: Publisher, urls: int) -> list[Figure]:
    """The counts of requests, faults and snapshots, with their bars."""
    return [
        judged("questions", urls, ">= 10"),
        judged("requests", counts["requests"], ">= 20"),
        unjudged("requests a second", counts["per_second"]),
        unjudged("95 % answered within, ms", counts["p95"]),
        judged("errors", counts.get("error", 0), "<= 0"),
        judged("answers that mix snapshots", counts.get("mixed", 0), "<= 0"),
        judged("answers of the first market", counts.get("market 0", 0), ">= 1"),
        judged("answers of the second market", counts.get("market 1", 0), ">= 1"),
        judged("snapshots published", publisher.published, ">= 2"),
        judged("rollbacks", publisher.rolled_back, ">= 1"),
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(report("soak", soak(Path(folder), SECONDS)))
