"""Known vulnerabilities of the locked packages, by pip-audit and the database of osv.dev. Run as `make audit`.

Where the database cannot be reached this says so and ends well: a machine without the internet is not at fault.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "dev", "lambda-ingest", "lambda-api", "deploy", "emulator", "peers")
# Words of requests and urllib3 where a host cannot be reached.
_UNREACHABLE = (
    "ConnectionError",
    "Max retries exceeded",
    "Name or service not known",
    "Connection refused",
    "timed out",
)


def audit(lock: str) -> tuple[int, str]:
    """pip-audit's exit status, 0 for none known and 1 for some, and what it said."""
    tool = [sys.executable, "-m", "pip_audit", "--vulnerability-service=osv", "--disable-pip", "--require-hashes"]
    command = [*tool, "--progress-spinner=off", "--timeout=10", f"--requirement=requirements/{lock}.txt"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def is_unreachable(said: str) -> bool:
    """Whether pip-audit failed because there is no database to ask."""
    return any(words in said for words in _UNREACHABLE)


def main() -> int:
    """0 if nothing is known against any package, or if nobody can be asked."""
    worst = 0
    for lock in LOCKS:
        status, said = audit(lock)
        if status and is_unreachable(said):
            print("audit: skipped, the database of osv.dev cannot be reached from here")
            return worst
        print(f"audit: requirements/{lock}.txt: {said.strip()}")
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(main())
