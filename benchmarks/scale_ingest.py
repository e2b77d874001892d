"""`python -m benchmarks.scale_ingest TIME`: `python -m ingest daily` as of that time, for `benchmarks.scale`."""

import sys
from datetime import datetime

if __name__ == "__main__":
    # Imported here, because the simulator's process imports this file again, as it does not import `ingest.__main__`.
    from ingest import cli

    now = datetime.fromisoformat(sys.argv[1])
    cli._now = lambda: now
    sys.exit(cli.main(["daily", "--no-next"]))
