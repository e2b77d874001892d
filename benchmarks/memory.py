"""The memory that a process has had at most."""

import resource
import sys
from pathlib import Path


def peak_mb(process: int | None = None) -> float:
    """The peak resident memory in MB of this process, since its program began; on Linux of any, by its id."""
    if process is None and sys.platform != "linux":  # macOS counts bytes
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    # Linux keeps ru_maxrss over exec: a small child of a large process would report the peak of its parent.
    lines = Path(f"/proc/{process or 'self'}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
