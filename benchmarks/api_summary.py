"""The speed of the summary of ten tickers over a year, against the libraries that people would use instead."""

import json
import subprocess
from pathlib import Path

from benchmarks.figures import Figure, judged, unjudged

_ROOT = Path(__file__).parent.parent


def measure() -> list[Figure]:
    return [*summary_speedup_empyrical(), *summary_speedup_quantstats()]


def summary_speedup_empyrical() -> list[Figure]:
    """empyrical's seconds divided by ours. empyrical is a development dependency."""
    return _speedup("empyrical", ".venv")


def summary_speedup_quantstats() -> list[Figure]:
    """QuantStats' seconds divided by ours. QuantStats has an environment of its own, which is set up if missing."""
    subprocess.run(["tools/setup.sh", "peers"], cwd=_ROOT, check=True)
    return _speedup("quantstats", ".venv-peers")


def _speedup(peer: str, environment: str) -> list[Figure]:
    # Both run in one process of the peer's environment, so that they share the interpreter and numpy.
    command = [f"{environment}/bin/python", "-W", "ignore", "-m", "benchmarks.summary_peers", peer]
    done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        judged(f"summary_speedup_{peer}", found["theirs"] / found["ours"], ">= 20"),
        unjudged(f"summary_ms_beside_{peer}", found["ours"] * 1000),
        unjudged(f"summary_ms_of_{peer}", found["theirs"] * 1000),
        unjudged(f"summary_metrics_of_{peer}", found["their_metrics"]),
    ]
