"""`python -m api.mcp`: the tools over standard input and output, for an assistant on this machine."""

import sys

try:
    from api.mcp.cli import main

    code = main()
except KeyboardInterrupt:  # also while the imports are under way
    code = 130
sys.exit(code)
