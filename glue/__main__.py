"""`python -m glue`: the workflow of Glue, on this machine."""

import sys

try:
    from glue.cli import main

    code = main()
except KeyboardInterrupt:  # also while the imports are under way
    code = 130
sys.exit(code)
