"""`python -m benchmarks.scale_ingest TIME`: `python -m ingest daily` as of that time, for `benchmarks.scale`."""

import sys
from datetime import datetime

from ingest import cli

if __name__ == "__main__":
    now = datetime.fromisoformat(sys.argv[1])
    cli._now = lambda: now
    sys.exit(cli.main(["daily", "--no-next"]))
