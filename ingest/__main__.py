"""`python -m ingest`: the runs of Lambda, on this machine."""

import sys

try:
    from ingest.cli import main

    code = main()
except KeyboardInterrupt:  # also while the imports are under way
    code = 130
sys.exit(code)
