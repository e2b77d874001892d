"""Memory of freed arrays goes back to the system, also where others are kept beside them."""

import subprocess
import sys

import pytest

# 100 arrays of 2 MB, every other of which is freed. An array of 30 MB before them is what raises glibc's own threshold.
SCRIPT = """
import numpy as np
from pathlib import Path
from api.memory import return_freed_memory

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

if {called}:
    return_freed_memory()
del (first := [np.ones(3_750_000)])[:]
arrays = [np.ones(250_000) for _ in range(100)]
before = resident()
del arrays[::2]
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone")
def test_freed_arrays_go_back() -> None:
    freed = {
        called: float(
            subprocess.run([sys.executable, "-c", SCRIPT.format(called=called)], capture_output=True, check=True).stdout
        )
        for called in (True, False)
    }
    assert freed[True] > 80
    assert freed[False] < 20  # or the function is not needed any more
