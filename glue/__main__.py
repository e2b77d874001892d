"""`python -m glue`: the Glue workflow on this machine."""

import sys

try:
    from glue.cli import main

    code = main()
except KeyboardInterrupt:  # during the imports too
    code = 130
sys.exit(code)
