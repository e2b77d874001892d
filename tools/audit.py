"""Checks the locked packages for known vulnerabilities with pip-audit and the osv.dev database. Run by `make audit`.

If the database cannot be reached, the audit is skipped with a message and exit status 0.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "dev", "lambda-ingest", "lambda-api", "deploy", "emulator", "peers")
# pip-audit has no exit status for a failed connection, so the texts of requests and urllib3 have to tell.
_CONNECTION_ERRORS = (
    "ConnectionError",
    "Max retries exceeded",
    "Name or service not known",
    "Connection refused",
    "timed out",
)


def audit(lock: str) -> tuple[int, str]:
    """pip-audit's exit status (0: no known vulnerability, 1: some) and its output."""
    tool = [sys.executable, "-m", "pip_audit", "--vulnerability-service=osv", "--disable-pip", "--require-hashes"]
    command = [*tool, "--progress-spinner=off", "--timeout=10", f"--requirement=requirements/{lock}.txt"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def is_unreachable(output: str) -> bool:
    """Whether pip-audit failed because the database could not be reached."""
    return any(text in output for text in _CONNECTION_ERRORS)


def main() -> int:
    """0 if no package has a known vulnerability, or if the database cannot be reached."""
    worst_status = 0
    for lock in LOCKS:
        status, output = audit(lock)
        if status and is_unreachable(output):
            print("audit: skipped, the osv.dev database cannot be reached")
            return worst_status
        print(f"audit: requirements/{lock}.txt: {output.strip()}")
        worst_status = max(worst_status, status)
    return worst_status


if __name__ == "__main__":
    sys.exit(main())
