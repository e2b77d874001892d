"""`make soak`: a mixed load for SECONDS against the local server, while snapshots are published and rolled back.

No error, no answer that mixes two snapshots, memory flat. Before the load each market is served alone, and every answer
kept; under load each answer has to be one of the two, the one of the snapshot that it names.
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

from benchmarks.figures import Figure, judged, report, told
from benchmarks.soak_lake import MARKETS, Publisher, first_two, normal, snapshot_id, snapshot_of
from benchmarks.soak_server import Server, serving
from lake.snapshot import read_pointer, swap_pointer
from lake.storage import FolderStorage
from tests.hostile.asking import with_query
from tests.hostile.questions import operations

SECONDS = float(os.environ.get("SECONDS", "60"))
USERS = 6
WARM = 30
SETTLED = 10  # seconds in which the server must have noticed a new pointer
# What a service says of itself depends on more than the snapshot that it serves.
APART = {"/snapshots"}
LEFT_OUT = {"from", "to", "format"}  # those want a partner, and CSV names no snapshot


def questions() -> list[str]:
    """Every path with its least question, and with each sensible range, benchmark and basket."""
    urls = []
    for operation in operations():
        if operation.path in APART:
            continue
        least = operation.query()
        urls.append(f"{operation.url({})}?{with_query(least)}".rstrip("?"))
        varied = [one for one in operation.parameters if one.name not in LEFT_OUT and len(one.words) > 1]
        for parameter in varied:
            for word in parameter.words:
                query = with_query(least | ({parameter.name: word} if parameter.place == "query" else {}))
                urls.append(f"{operation.url({parameter.name: word})}?{query}".rstrip("?"))
    return sorted(set(urls))


def answers(server: Server, storage: FolderStorage, urls: Sequence[str]) -> list[dict[str, str]]:
    """For each market, served alone: the digest of the answer to each question that is answered at all."""
    found: list[dict[str, str]] = []
    for market in range(MARKETS):
        swap_pointer(storage, snapshot_id(market), read_pointer(storage))
        _until_served(server, snapshot_id(market))
        found.append({url: digest for url in urls if (digest := _digest(server, url))})
    return found


def _digest(server: Server, url: str) -> str | None:
    response = requests.get(server.url + url, timeout=30)
    if response.status_code != 200:
        return None
    return hashlib.sha256(normal(response.content, snapshot_of(response.content)).encode()).hexdigest()


def _until_served(server: Server, snapshot: str) -> None:
    ends = time.monotonic() + SETTLED
    while requests.get(f"{server.url}/health", timeout=30).json()["snapshot"] != snapshot:
        if time.monotonic() > ends:
            raise SystemExit(f"soak: {snapshot} is published and after {SETTLED} s not served")
        time.sleep(0.1)


def load(server: Server, plan: Path, seconds: float) -> dict[str, Any]:
    """Locust in a process of its own; what its users saw."""
    result = plan.with_name("result.json")
    tool = [sys.executable, "-m", "locust", "-f", "benchmarks/soak_users/users.py", "--headless", "--only-summary"]
    command = [*tool, f"--users={USERS}", f"--spawn-rate={USERS}", f"--run-time={seconds:g}s", f"--host={server.url}"]
    environment = os.environ | {"SOAK_PLAN": str(plan), "SOAK_RESULT": str(result)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if not result.exists():
        raise SystemExit(f"soak: locust did not run: {done.stderr[-2000:]}")
    seen: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return seen


@contextmanager
def sampling(server: Server) -> Iterator[list[float]]:
    """The server's resident memory in MB, every quarter of a second."""
    samples: list[float] = []
    over = threading.Event()

    def sample() -> None:
        while not over.wait(0.25):
            samples.append(server.memory_mb())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def growth(samples: Sequence[float]) -> float:
    """Median memory of the last quarter of a load over that of its second quarter; the first is warming up."""
    quarter = len(samples) // 4
    return median(samples[-quarter:]) / median(samples[quarter : 2 * quarter])


def soak(root: Path, seconds: float) -> list[Figure]:
    """The whole of it, on a lake of its own at `root`."""
    first_two(root)
    storage = FolderStorage(root)
    publisher = Publisher(storage, every=max(0.3, min(2.0, seconds / 20)))
    with serving(root) as server, tempfile.TemporaryDirectory() as folder:
        known = answers(server, storage, questions())
        plan = Path(folder) / "plan.json"
        asked = sorted(known[0].keys() & known[1].keys())
        plan.write_text(json.dumps({"questions": asked, "answers": known}), encoding="utf-8")
        thread = threading.Thread(target=publisher.run)
        thread.start()
        try:
            with sampling(server) as samples:
                result = load(server, plan, seconds)
        finally:
            publisher.stop()
            thread.join()
    for example in result["examples"]:
        print(example, file=sys.stderr)
    return [*figures(result["seen"], publisher, len(asked)), *memory(samples, seconds)]


def memory(samples: Sequence[float], seconds: float) -> list[Figure]:
    """The server's memory; a load that is shorter than its warming up tells nothing of its growth."""
    name, grown = "memory, last ÷ second quarter", growth(samples)
    return [
        told("memory at the end, MB", samples[-1]),
        judged(name, grown, "<= 1.1") if seconds >= WARM else told(name, grown),
    ]


def figures(seen: dict[str, float], publisher: Publisher, asked: int) -> list[Figure]:
    """What was seen, and what of it must hold."""
    return [
        judged("questions", asked, ">= 10"),
        judged("requests", seen["requests"], ">= 20"),
        told("requests a second", seen["per_second"]),
        told("95 % answered within, ms", seen["p95"]),
        judged("errors", seen.get("error", 0), "<= 0"),
        judged("answers that mix snapshots", seen.get("mixed", 0), "<= 0"),
        judged("answers of the first market", seen.get("market 0", 0), ">= 1"),
        judged("answers of the second market", seen.get("market 1", 0), ">= 1"),
        judged("snapshots published", publisher.published, ">= 2"),
        judged("rollbacks", publisher.rolled_back, ">= 1"),
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.exit(report("soak", soak(Path(place), SECONDS)))
