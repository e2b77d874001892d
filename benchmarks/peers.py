"""`make bench-peers`: Bellwether against what people would use instead, each contender in its own process.

The original design, every panel its own SQL on the engine, against questions to the API; and the libraries for
performance figures against our analytics, in time and in agreement. Writes its tables into docs/comparison.md.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, judged, report, told
from benchmarks.peers_panels import PANELS
from benchmarks.peers_sample import sample
from benchmarks.peers_verdicts import VERDICTS
from lake import calendar
from lake.universe import universe
from tests.support.lakes import History, publish
from tests.support.markets import walk
from tools import doc_blocks

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
PEERS = ("empyrical-reloaded", "QuantStats", "ffn", "OpenBB technical", "OpenBB quantitative")
OURS = "Bellwether"
AGREES = 1e-8  # relative; some libraries round on their way
SESSIONS = 2520

Said = dict[str, Any]  # what peers_timing.say printed


@dataclass(frozen=True)
class Difference:
    """A figure of which a contender says something else than we do."""

    contender: str
    figure: str
    theirs: float | str
    ours: float


def ask(command: list[str]) -> Said:
    """What a contender prints, in its own process; its home is empty, as some write there."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bench-peers: {' '.join(command)} failed:\n{done.stderr[-2000:]}")
    said: Said = json.loads(done.stdout.splitlines()[-1])
    return said


def libraries(place: Path) -> dict[str, Said]:
    """Ours first, then each library, on the same sample."""
    place.write_text(json.dumps(sample()), encoding="utf-8")
    found = {OURS: ask([sys.executable, "-m", "benchmarks.peers_ours", str(place)])}
    for name in PEERS:
        found[name] = ask([str(PYTHON), "benchmarks/peers_theirs.py", str(place), name])
    return found


def differences(found: Mapping[str, Said]) -> list[Difference]:
    """Every figure on which a library and we do not agree."""
    ours = found[OURS]["figures"]
    return [
        Difference(name, figure, theirs, ours[figure])
        for name, said in found.items()
        for figure, theirs in said["figures"].items()
        if isinstance(theirs, str) or not math.isclose(theirs, ours[figure], rel_tol=AGREES)
    ]


def dashboards(root: Path) -> dict[str, Said]:
    """Both designs on ten tickers and ten years."""
    days = calendar.sessions_back(date(2026, 11, 20), SESSIONS)
    publish(root, {ticker: History(walk(place, days, 100 + place)) for place, ticker in enumerate(universe())})
    tool = [sys.executable, "-m", "benchmarks.peers_dashboard"]
    return {name: ask([*tool, name, str(root)]) for name in ("original", "ours")}


def panels_that_differ(boards: Mapping[str, Said]) -> list[str]:
    """The panels of which the two designs show other numbers; a panel without any is one of them."""
    one, other = (boards[name]["numbers"] for name in ("original", "ours"))
    return [
        panel.title
        for panel in PANELS
        if one[panel.title].keys() != other[panel.title].keys()
        or not one[panel.title]
        or not all(
            math.isclose(value, other[panel.title][ticker], rel_tol=AGREES)
            for ticker, value in one[panel.title].items()
        )
    ]


_TOLD = (("import, s", "imported", 1), ("memory, MB", "memory", 1), ("all, ms", "seconds", 1e3))


def figures_of_libraries(found: Mapping[str, Said]) -> list[Figure]:
    """Time, memory and agreement; a difference that nobody has explained does not hold, nor does a stale verdict."""
    differing = {(one.contender, one.figure) for one in differences(found)}
    each = [
        told(f"{name}: {what}", factor * said[key])
        for name, said in found.items()
        for what, key, factor in (
            ("import, s", "imported", 1),
            ("memory, MB", "memory", 1),
            ("all, ms", "seconds", 1e3),
        )
    ]
    slowest = [found[name]["seconds"] / len(found[name]["figures"]) for name in PEERS]
    return [
        *each,
        judged("our ms a figure ÷ quickest peer's", _a_figure(found[OURS]) / min(slowest), "<= 1"),
        judged(
            "our import ÷ quickest peer's", found[OURS]["imported"] / min(found[p]["imported"] for p in PEERS), "<= 1"
        ),
        judged("our memory ÷ leanest peer's", found[OURS]["memory"] / min(found[p]["memory"] for p in PEERS), "<= 1"),
        told("figures that differ", len(differing)),
        judged("differences unexplained", len(differing - VERDICTS.keys()), "<= 0"),
        judged("verdicts on no difference", len(VERDICTS.keys() - differing), "<= 0"),
    ]


def _a_figure(said: Said) -> float:
    return float(said["seconds"] / len(said["figures"]))


def figures_of_dashboards(boards: Mapping[str, Said]) -> list[Figure]:
    """Queries and time of a dashboard's load."""
    original, ours = boards["original"], boards["ours"]
    return [
        *(
            told(f"dashboard, {name}: {key}", said[key])
            for name, said in boards.items()
            for key in said
            if key != "numbers"
        ),
        judged("our queries ÷ original's, first load", ours["first_queries"] / original["first_queries"], "<= 0.1"),
        judged("our queries, later loads", ours["later_queries"], "<= 0"),
        judged("our time ÷ original's, later loads", ours["later_seconds"] / original["later_seconds"], "<= 1"),
        judged("panels that differ", len(panels_that_differ(boards)), "<= 0"),
    ]


def tables(found: Mapping[str, Said], boards: Mapping[str, Said]) -> str:
    """The tables of docs/comparison.md: the two designs, the libraries, and what they do not agree on."""
    designs = [
        [name, *(f"{said[key]:g}" for key in ("first_queries", "later_queries")), *_times(said)]
        for name, said in (("every panel its own SQL", boards["original"]), ("the API", boards["ours"]))
    ]
    differing = differences(found)
    count = {name: sum(one.contender == name for one in differing) for name in found}
    contenders = [
        [
            name,
            f"{said['imported']:.2f}",
            f"{said['memory']:.0f}",
            str(len(said["figures"])),
            f"{1e3 * _a_figure(said):.2f}",
            "–" if name == OURS else f"{len(said['figures']) - count[name]} of {len(said['figures'])}",
        ]
        for name, said in found.items()
    ]
    named = [_row(one) for one in differing]
    heads = ["library", "import, s", "memory, MB", "figures", "ms a figure", "agree with ours"]
    return (
        doc_blocks.table(["ten panels", "queries, first load", "later", "time, first load", "later"], designs)
        + doc_blocks.table(heads, contenders)
        + doc_blocks.table(["they differ on", "library", "theirs", "ours", "right", "because"], named)
    )  # fmt: skip


def _times(said: Said) -> list[str]:
    return [f"{1e3 * said[key]:.0f} ms" for key in ("first_seconds", "later_seconds")]


def _row(one: Difference) -> list[str]:
    verdict = VERDICTS.get((one.contender, one.figure))
    theirs = one.theirs if isinstance(one.theirs, str) else f"{one.theirs:.5f}"
    right, why = verdict or ("?", "not explained yet")
    return [one.figure, one.contender, theirs, f"{one.ours:.5f}", right, why]


def main() -> int:
    """Run every contender, report, and write the tables; 0 where every bar holds."""
    if not PYTHON.exists():
        raise SystemExit("bench-peers: .venv-peers is not set up; tools/setup.sh peers makes it")
    with tempfile.TemporaryDirectory() as place:
        found = libraries(Path(place) / "sample.json")
        boards = dashboards(Path(place) / "lake")
    for one in differences(found):
        print(" | ".join(_row(one)))
    doc_blocks.write("peers", tables(found, boards))
    return report("peers", [*figures_of_libraries(found), *figures_of_dashboards(boards)])


if __name__ == "__main__":
    sys.exit(main())
