"""How much faster the whole summary of ten tickers over a year is than with the libraries people would use."""

import json
import subprocess
from pathlib import Path

from benchmarks.figures import Figure, judged, told

_ROOT = Path(__file__).parent.parent


def measure() -> list[Figure]:
    """Both."""
    return [*summary_speedup_empyrical(), *summary_speedup_quantstats()]


def summary_speedup_empyrical() -> list[Figure]:
    """Theirs over ours, in seconds; empyrical is among the packages of development."""
    return _speedup("empyrical", ".venv")


def summary_speedup_quantstats() -> list[Figure]:
    """Likewise; QuantStats has an environment of its own, which is set up if it is not there."""
    subprocess.run(["tools/setup.sh", "peers"], cwd=_ROOT, check=True)
    return _speedup("quantstats", ".venv-peers")


def _speedup(peer: str, environment: str) -> list[Figure]:
    """Both in one process of that environment, in turns: see `benchmarks.summaries`."""
    command = [f"{environment}/bin/python", "-W", "ignore", "-m", "benchmarks.summaries", peer]
    done = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        judged(f"summary_speedup_{peer}", found["theirs"] / found["ours"], ">= 20"),
        told(f"summary_ms_beside_{peer}", found["ours"] * 1000),
        told(f"summary_ms_of_{peer}", found["theirs"] * 1000),
        told(f"summary_metrics_of_{peer}", found["their_metrics"]),
    ]
