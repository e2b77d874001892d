"""`make bench-peers`: Bellwether against what people would use instead, each contender in its own process.

Compares a dashboard whose panels each run SQL on the engine (the original design) with one whose panels request the
API, and the libraries for performance figures with our analytics, in time and in agreement; where RECORDED_FEED names
recorded prices, /portfolio with two libraries too. Writes its tables into docs/comparison.md.
"""

import asyncio
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

from benchmarks import peers_portfolio
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.peers_differences import EXPLANATIONS
from benchmarks.peers_panels import PANELS
from benchmarks.peers_sample import sample
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import walk
from lake import calendar
from lake.universe import universe
from tools import doc_blocks

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
LIBRARIES = ("empyrical-reloaded", "QuantStats", "ffn", "OpenBB technical", "OpenBB quantitative")
OURS = "Bellwether"
RELATIVE_TOLERANCE = 1e-8  # some libraries round intermediate results
SESSIONS = 2520

Result = dict[str, Any]  # printed by peers_measure.print_result or peers_dashboard


@dataclass(frozen=True)
class Difference:
    """A figure for which a library and Bellwether give different values; a string is the name of an error."""

    contender: str
    figure: str
    theirs: float | str
    ours: float


def run_contender(command: list[str]) -> Result:
    """The result that a contender prints in a process of its own."""
    # An empty home directory, because some libraries write settings there.
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bench-peers: {' '.join(command)} failed:\n{done.stderr[-2000:]}")
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def run_libraries(sample_file: Path) -> dict[str, Result]:
    """The results on the same sample: Bellwether's first, then each library's."""
    sample_file.write_text(json.dumps(sample()), encoding="utf-8")
    results = {OURS: run_contender([sys.executable, "-m", "benchmarks.peers_bellwether", str(sample_file)])}
    for name in LIBRARIES:
        results[name] = run_contender([str(PYTHON), "benchmarks/peers_libraries.py", str(sample_file), name])
    return results


def differences(results: Mapping[str, Result]) -> list[Difference]:
    """Every figure on which a library and Bellwether disagree."""
    ours = results[OURS]["figures"]
    return [
        Difference(name, figure, theirs, ours[figure])
        for name, result in results.items()
        for figure, theirs in result["figures"].items()
        if isinstance(theirs, str) or not math.isclose(theirs, ours[figure], rel_tol=RELATIVE_TOLERANCE)
    ]


def run_dashboards(root: Path) -> dict[str, Result]:
    """The results of both designs on ten tickers and ten years."""
    days = calendar.sessions_back(date(2026, 11, 20), SESSIONS)
    publish(root, {ticker: History(walk(place, days, 100 + place)) for place, ticker in enumerate(universe())})
    tool = [sys.executable, "-m", "benchmarks.peers_dashboard"]
    return {name: run_contender([*tool, name, str(root)]) for name in ("original", "ours")}


def run_portfolio_libraries(sample_file: Path) -> Result:
    """The libraries' figures of the portfolio of a sample."""
    return run_contender([str(PYTHON), "benchmarks/peers_libraries.py", str(sample_file), "portfolio"])


def figures_of_portfolios() -> list[Figure]:
    """The comparison of /portfolio on recorded prices; nothing without them."""
    recorded = peers_portfolio.feed()
    if recorded is None:
        print("bench-peers: /portfolio is not compared: name recorded answers in RECORDED_FEED", file=sys.stderr)
        return []
    return asyncio.run(peers_portfolio.measure(recorded, run_portfolio_libraries))


def panels_that_differ(dashboards: Mapping[str, Result]) -> list[str]:
    """The panels for which the two designs show different numbers, or none at all."""
    one, other = (dashboards[name]["numbers"] for name in ("original", "ours"))
    return [
        panel.title
        for panel in PANELS
        if one[panel.title].keys() != other[panel.title].keys()
        or not one[panel.title]
        or not all(
            math.isclose(value, other[panel.title][ticker], rel_tol=RELATIVE_TOLERANCE)
            for ticker, value in one[panel.title].items()
        )
    ]


def figures_of_libraries(results: Mapping[str, Result]) -> list[Figure]:
    """Time, memory and agreement. A difference without explanation misses its bar, and so does a stale explanation."""
    differing = {(one.contender, one.figure) for one in differences(results)}
    each = [
        unjudged(f"{name}: {what}", factor * result[key])
        for name, result in results.items()
        for what, key, factor in (
            ("import, s", "imported", 1),
            ("memory, MB", "memory", 1),
            ("all, ms", "seconds", 1e3),
        )
    ]
    per_figure = [results[name]["seconds"] / len(results[name]["figures"]) for name in LIBRARIES]
    return [
        *each,
        judged("our ms a figure ÷ quickest peer's", _seconds_per_figure(results[OURS]) / min(per_figure), "<= 1"),
        judged(
            "our import ÷ quickest peer's",
            results[OURS]["imported"] / min(results[p]["imported"] for p in LIBRARIES),
            "<= 1",
        ),
        judged(
            "our memory ÷ leanest peer's",
            results[OURS]["memory"] / min(results[p]["memory"] for p in LIBRARIES),
            "<= 1",
        ),
        unjudged("figures that differ", len(differing)),
        judged("differences unexplained", len(differing - EXPLANATIONS.keys()), "<= 0"),
        judged("verdicts on no difference", len(EXPLANATIONS.keys() - differing), "<= 0"),
    ]


def _seconds_per_figure(result: Result) -> float:
    return float(result["seconds"] / len(result["figures"]))


def figures_of_dashboards(dashboards: Mapping[str, Result]) -> list[Figure]:
    """The queries and the time of loading each dashboard."""
    original, ours = dashboards["original"], dashboards["ours"]
    return [
        *(
            unjudged(f"dashboard, {name}: {key}", result[key])
            for name, result in dashboards.items()
            for key in result
            if key != "numbers"
        ),
        judged("our queries ÷ original's, first load", ours["first_queries"] / original["first_queries"], "<= 0.1"),
        judged("our queries, later loads", ours["later_queries"], "<= 0"),
        judged("our time ÷ original's, later loads", ours["later_seconds"] / original["later_seconds"], "<= 1"),
        judged("panels that differ", len(panels_that_differ(dashboards)), "<= 0"),
    ]


def tables(results: Mapping[str, Result], dashboards: Mapping[str, Result]) -> str:
    """The tables of docs/comparison.md: the designs, the libraries, and the figures on which they disagree."""
    designs = [
        [name, *(f"{result[key]:g}" for key in ("first_queries", "later_queries")), *_times(result)]
        for name, result in (("every panel its own SQL", dashboards["original"]), ("the API", dashboards["ours"]))
    ]
    differing = differences(results)
    count = {name: sum(one.contender == name for one in differing) for name in results}
    contenders = [
        [
            name,
            f"{result['imported']:.2f}",
            f"{result['memory']:.0f}",
            str(len(result["figures"])),
            f"{1e3 * _seconds_per_figure(result):.2f}",
            "–" if name == OURS else f"{len(result['figures']) - count[name]} of {len(result['figures'])}",
        ]
        for name, result in results.items()
    ]
    named = [_row(one) for one in differing]
    heads = ["library", "import, s", "memory, MB", "figures", "ms a figure", "agree with ours"]
    return (
        doc_blocks.table(["ten panels", "queries, first load", "later", "time, first load", "later"], designs)
        + doc_blocks.table(heads, contenders)
        + doc_blocks.table(["they differ on", "library", "theirs", "ours", "right", "because"], named)
    )  # fmt: skip


def _times(result: Result) -> list[str]:
    return [f"{1e3 * result[key]:.0f} ms" for key in ("first_seconds", "later_seconds")]


def _row(one: Difference) -> list[str]:
    explanation = EXPLANATIONS.get((one.contender, one.figure))
    theirs = one.theirs if isinstance(one.theirs, str) else f"{one.theirs:.5f}"
    right, why = explanation or ("?", "not explained yet")
    return [one.figure, one.contender, theirs, f"{one.ours:.5f}", right, why]


def main() -> int:
    """Run every contender, report, and write the tables; 0 if every bar holds."""
    if not PYTHON.exists():
        raise SystemExit("bench-peers: .venv-peers is not set up; tools/setup.sh peers makes it")
    with tempfile.TemporaryDirectory() as folder:
        results = run_libraries(Path(folder) / "sample.json")
        dashboards = run_dashboards(Path(folder) / "lake")
    for one in differences(results):
        print(" | ".join(_row(one)))
    doc_blocks.write("peers", tables(results, dashboards))
    figures = [*figures_of_libraries(results), *figures_of_dashboards(dashboards), *figures_of_portfolios()]
    return report("peers", figures)


if __name__ == "__main__":
    sys.exit(main())
