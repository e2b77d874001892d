"""`python -m ingest`."""

import sys

try:
    from ingest.cli import main

    code = main()
except KeyboardInterrupt:  # the import is inside, because it takes a second in which Ctrl-C may come
    code = 130
sys.exit(code)
