"""`python -m benchmarks.scale [TICKERS…]`: universes of 10, 100 and 503 tickers here, from nothing to an answer.

For each: what `make run` does, step by step and with its commands: a first start over twenty years of the simulated
market as of two sessions ago, a second start, and a new day. Seconds by the clock; memory is the peak of the resident
sizes of all processes together, so that what they share counts twice. CPU is the seconds of all processes, which a busy
machine changes little. With --write the table goes into docs/scaling.md.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from lake import calendar
from lake.universe import read
from tools import doc_blocks

ROOT = Path(__file__).parent.parent
INDEX = "sp500.toml"
SIZES = (10, 100, 503)


@dataclass
class Step:
    """One start: seconds of each command, and until the API has answered; requests; memory in GB; seconds of CPU."""

    ingest: float = 0.0
    glue: float = 0.0
    answer: float = 0.0
    requests: int = 0
    memory: float = 0.0
    cpu: float = 0.0

    @property
    def seconds(self) -> float:
        return self.ingest + self.glue + self.answer


@dataclass
class Measured:
    """A universe's three starts, and what then lies in the lake by folder: objects and bytes."""

    tickers: int
    rows: int = 0
    first: Step = field(default_factory=Step)
    second: Step = field(default_factory=Step)
    new_day: Step = field(default_factory=Step)
    objects: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)


def main() -> int:
    sizes = [int(size) for size in sys.argv[1:] if size.isdecimal()] or SIZES
    measured = [measure(size) for size in sizes]
    out = ROOT / "benchmarks" / "out" / "scale.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps([asdict(one) for one in measured], indent=1), encoding="utf-8")
    for one in measured:
        for name in ("first", "second", "new_day"):
            step: Step = getattr(one, name)
            print(
                f"{one.tickers} tickers, {name}: {step.seconds:.1f} s (ingest {step.ingest:.1f}, glue {step.glue:.1f}, "
                f"answer {step.answer:.1f}), {step.cpu:.0f} s of CPU, {step.requests} requests, {step.memory:.1f} GB"
            )
        print(f"{one.tickers} tickers: {one.rows} rows; objects {one.objects}; bytes {one.bytes}")
    if "--write" in sys.argv:
        doc_blocks.write("universes", table(measured))
    return 0


def table(measured: Sequence[Measured]) -> str:
    """The measurements in Markdown, a column a universe."""
    rows: dict[str, list[str]] = {"rows": [f"{one.rows:,}" for one in measured]}
    for name, title in (("first", "first start"), ("second", "second start"), ("new_day", "new day")):
        steps: list[Step] = [getattr(one, name) for one in measured]
        rows[f"{title}: requests"] = [f"{step.requests:,}" for step in steps]
        rows[f"{title}: seconds (ingest, glue, first answer)"] = [
            f"{step.seconds:.0f} ({step.ingest:.0f}, {step.glue:.0f}, {step.answer:.0f})" for step in steps
        ]
        rows[f"{title}: CPU seconds"] = [f"{step.cpu:.0f}" for step in steps]
        rows[f"{title}: memory, at its peak"] = [f"{step.memory:.1f} GB" for step in steps]
    for folder, what in (("raw", "raw records"), ("published", "two snapshots, years shared")):
        rows[f"{what}: objects, MB"] = [f"{one.objects[folder]:,}, {one.bytes[folder] / 1e6:,.0f}" for one in measured]
    head = ["", *(f"{one.tickers} tickers" for one in measured)]
    return doc_blocks.table(head, [[name, *values] for name, values in rows.items()])


def measure(tickers: int) -> Measured:
    """One universe in a temporary lake."""
    newest = calendar.sessions_back(calendar.last_closed(datetime.now(UTC)), 2)
    with tempfile.TemporaryDirectory(prefix="bench-scale-", ignore_cleanup_errors=True) as folder:
        lake = Path(folder) / "lake"
        environment = os.environ | {"LAKE": str(lake), "UNIVERSE": _universe(tickers, Path(folder))}
        measured = Measured(tickers)
        for name, session in (("first", newest[0]), ("second", newest[0]), ("new_day", newest[1])):
            setattr(measured, name, _start(environment, calendar.evening_of(session)))
        manifest = json.loads(next(lake.glob("published/*/manifest.json")).read_text(encoding="utf-8"))
        measured.rows = manifest["rows"]
        _count(lake, measured)
        return measured


def _count(lake: Path, measured: Measured) -> None:
    """The objects by folder, and their bytes: once where two snapshots share a year."""
    seen = set()
    for path in filter(Path.is_file, lake.rglob("*")):
        top, about = path.relative_to(lake).parts[0], path.stat()
        measured.objects[top] = measured.objects.get(top, 0) + 1
        if about.st_ino not in seen:
            measured.bytes[top] = measured.bytes.get(top, 0) + about.st_size
        seen.add(about.st_ino)


def _universe(tickers: int, folder: Path) -> str:
    """Ours where one has so many tickers, else the first of the index."""
    if tickers == 10:
        return "magnificent.toml"
    tables = read(INDEX).split("\n[")
    if tickers >= len(tables) - 1:
        return INDEX
    file = folder / f"{tickers}.toml"
    file.write_text("\n[".join(tables[: tickers + 1]), encoding="utf-8")
    return str(file)


def _start(environment: Mapping[str, str], now: datetime) -> Step:
    step = Step()
    with _watched(os.getpid(), step):
        began = time.monotonic()
        said = _run(environment, "benchmarks.scale_ingest", now.isoformat())
        fetched = time.monotonic()
        _run(environment, "glue")
        published = time.monotonic()
        port = _free_port()
        command = [sys.executable, "-m", "api"]
        with subprocess.Popen(command, cwd=ROOT, env={**environment, "PORT": str(port)}) as server:
            _wait_for(f"http://127.0.0.1:{port}/compare?tickers=NVDA,AMZN&range=3m&benchmark=none")
            answered = time.monotonic()
            server.terminate()
    step.ingest, step.glue, step.answer = fetched - began, published - fetched, answered - published
    step.requests = int(said.rpartition(" requests made")[0].rpartition(" ")[2] or 0)
    return step


def _run(environment: Mapping[str, str], module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    print(done.stdout, flush=True)
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=seconds) as answer:  # noqa: S310 - our own server
                answer.read()
                return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)


@contextmanager
def _watched(parent: int, step: Step) -> Iterator[None]:
    """Watch the memory and the CPU of all descendants of `parent`, Java too, which nobody waits for."""
    ended, used = Event(), dict[int, float]()

    def watch() -> None:
        while not ended.wait(0.2):
            processes = _descendants(parent)
            step.memory = max(step.memory, sum(map(_resident, processes)) / 1e9)
            used.update({process: seconds for process in processes if (seconds := _cpu(process))})
            step.cpu = sum(used.values())

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _descendants(parent: int) -> set[int]:
    parents = dict(filter(None, map(_with_parent, Path("/proc").glob("[0-9]*"))))
    found, new = set(), {parent}
    while new:
        new = {child for child, of in parents.items() if of in new}
        found |= new
    return found


def _with_parent(folder: Path) -> tuple[int, int] | None:
    try:
        # The name of the program may hold blanks; it is in brackets.
        return int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _cpu(process: int) -> float:
    """Seconds that a process has used so far; 0 of one that has ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def _resident(process: int) -> int:
    """Bytes; 0 of a process that has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
