"""`make run`: fetches what is missing, publishes it and serves it. Ctrl-C ends all of it without a traceback.

It needs only the standard library, so that a taken port is reported before anything is installed. What it starts runs
in .venv.
"""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", "8000"
INGEST_FAILED_IN_PART = 1
WATCH_SECONDS = 0.5
OWN_END_SECONDS = 2
GRACE_SECONDS = 10


class Ended(Exception):  # noqa: N818 - not an error
    """Ctrl-C, a signal to stop, or the end of the process that started this one."""


def main() -> int:
    """0 after Ctrl-C; else the exit status of what failed, which has printed its own message."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    try:
        return _run()
    except Ended:
        return 0


def _run() -> int:
    fault = port_fault(os.environ.get("PORT") or DEFAULT_PORT, os.environ.get("HOST") or DEFAULT_HOST)
    if fault:
        print(f"make run: {fault}", file=sys.stderr)
        return 2
    code = _call([str(ROOT / "tools" / "setup.sh"), "run"])
    if code:
        return code
    code = _call([str(PYTHON), "-m", "ingest", "daily", "--no-next"])
    if code not in (0, INGEST_FAILED_IN_PART):
        return code
    code = _call([str(PYTHON), "-m", "glue"])
    if code:
        print("make run: nothing new is published, for the reason above", file=sys.stderr)
    else:
        _call([str(PYTHON), "-m", "api.forecasts"])  # it says what fails; the API serves all the same
    return _call([str(PYTHON), "-m", "api"])


def port_fault(port: str, host: str = DEFAULT_HOST) -> str | None:
    """Why the port cannot be used, and what to do; None if it is free."""
    if not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        return f"PORT={port} is no port; it is a number from 1 to 65535"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            return f"port {port} on {host} cannot be used ({error.strerror}); choose another: make run PORT=8001"
    return None


def _call(command: list[str]) -> int:
    """Run the command to its end. Both end when the process that started this one does."""
    parent = os.getppid()
    with subprocess.Popen(command, cwd=ROOT) as child:
        try:
            while True:
                try:
                    return child.wait(WATCH_SECONDS)
                except subprocess.TimeoutExpired:
                    if os.getppid() != parent:  # it was killed, and could not pass on a signal
                        raise Ended from None
        except Ended:
            _stop(child)
            raise


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Wait for the child, which a terminal has interrupted too; else interrupt it, and at last kill it."""
    for again in (signal.SIGINT, signal.SIGTERM):
        signal.signal(again, signal.SIG_IGN)
    for signal_, patience in ((None, OWN_END_SECONDS), (signal.SIGINT, GRACE_SECONDS), (signal.SIGKILL, None)):
        if signal_:
            child.send_signal(signal_)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise Ended


if __name__ == "__main__":
    sys.exit(main())
