"""The memory of a process is its own, not that of the process that started it."""

import subprocess
import sys

from benchmarks.memory import peak_mb


def test_a_small_child_does_not_report_its_parents_peak() -> None:
    held = bytearray(b"x") * 200_000_000
    child = [sys.executable, "-c", "from benchmarks.memory import peak_mb; print(peak_mb())"]
    printed = subprocess.run(child, capture_output=True, text=True, check=True).stdout
    assert peak_mb() > len(held) / 1e6
    assert 5 < float(printed) < 100
