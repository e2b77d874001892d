"""`python -m api`: the API on this machine."""

import sys

try:
    from api.cli import main

    code = main()
except KeyboardInterrupt:  # also while the imports are under way
    code = 130
sys.exit(code)
