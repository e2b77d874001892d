"""/portfolio against two libraries on real recorded prices: part of `make bench-peers RECORDED_FEED=<folder>`.

skfolio holds constant weights, which is daily rebalancing; ffn's rebased prices, weighted and summed, are weights that
drift. The libraries get closes that are adjusted here, from the files as traded and the vendor's splits, not by glue.
"""

import json
import math
import os
import tempfile
from collections.abc import Callable, Mapping
from csv import DictReader
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, unjudged
from benchmarks.support.lakes import Bar, History, publish
from tools import doc_blocks

WEIGHTS = {"AAPL": 0.2, "AMZN": 0.2, "GOOGL": 0.1, "TSLA": 0.1, "VOO": 0.4}
BASE, FIRST, LAST = date(2021, 12, 31), date(2022, 1, 3), date(2025, 12, 31)
# skfolio differentiates its contributions to risk numerically.
TOLERANCES = {"contribution to risk": 1e-6, "": 1e-9}
Figures = dict[str, float]


def feed() -> Path | None:
    """The folder of recorded answers that RECORDED_FEED names, if the files of their past lie beside it."""
    folder = Path(os.environ.get("RECORDED_FEED", "")).resolve()
    return folder if "RECORDED_FEED" in os.environ and (folder.parent / "csv").is_dir() else None


def market(recorded: Path) -> dict[str, History]:
    """The bars as traded and the splits; without dividends, of which the records are not complete."""
    return {ticker: History(_bars(recorded, ticker), _splits(recorded, ticker), None) for ticker in WEIGHTS}


def sample(histories: Mapping[str, History]) -> dict[str, Any]:
    """What the libraries get: days and split-adjusted closes from the base on, and the weights."""
    closes = {ticker: _adjusted(history) for ticker, history in histories.items()}
    days = [day.isoformat() for day in closes["VOO"]]
    return {"days": days, "closes": {name: list(one.values()) for name, one in closes.items()}, "weights": WEIGHTS}


async def ours(histories: Mapping[str, History]) -> dict[str, Figures]:
    """The figures of /portfolio by rebalancing."""
    with tempfile.TemporaryDirectory() as folder:
        store = DuckDBStore(publish(Path(folder), histories, origin="recorded"))
        app = create_app(Settings(lake="unused"), store, lambda: datetime(2026, 5, 6, 22, tzinfo=UTC))
        weights = ",".join(f"{name}:{weight}" for name, weight in WEIGHTS.items())
        query = f"weights={weights}&basis=split&from={FIRST}&to={LAST}&rebalance="
        found = {each: json.loads(await get_body(app, "/portfolio", query + each)) for each in ("daily", "none")}
        store.close()
    return {each: _figures(answer) for each, answer in found.items()}


def compare(own: Mapping[str, Figures], theirs: Mapping[str, Mapping[str, Figures]]) -> list[tuple[str, ...]]:
    """A row a figure: rebalancing, library, figure, theirs, ours, and `yes` where they agree."""
    return [
        (
            rebalance,
            library,
            figure,
            f"{value:.10f}",
            f"{own[rebalance][figure]:.10f}",
            "yes" if math.isclose(value, own[rebalance][figure], rel_tol=_tolerance(figure)) else "no",
        )
        for library, answers in theirs.items()
        for rebalance, figures in answers.items()
        for figure, value in figures.items()
    ]


def report_rows(rows: list[tuple[str, ...]]) -> list[Figure]:
    """How many figures were compared, and how many differ; their table goes into docs/comparison.md."""
    heads = ["rebalance", "library", "figure", "theirs", "ours", "equal"]
    doc_blocks.write("portfolio", doc_blocks.table(heads, [list(row) for row in rows]))
    return [
        unjudged("portfolio figures compared", len(rows)),
        judged("portfolio figures that differ", sum(row[-1] == "no" for row in rows), "<= 0"),
    ]


async def measure(recorded: Path, run: Callable[[Path], dict[str, dict[str, Figures]]]) -> list[Figure]:
    """The figures of the comparison; `run` gives the libraries' figures of a sample's file."""
    histories = market(recorded)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.json"
        file.write_text(json.dumps(sample(histories)), encoding="utf-8")
        return report_rows(compare(await ours(histories), run(file)))


def _bars(recorded: Path, ticker: str) -> list[Bar]:
    text = (recorded.parent / "csv" / f"{ticker}.csv").read_text(encoding="utf-8")
    rows = ((date.fromisoformat(row["date"]), row) for row in DictReader(text.splitlines()))
    return [_bar(day, row) for day, row in rows if BASE <= day <= LAST]


def _bar(day: date, row: Mapping[str, str]) -> Bar:
    first, high, low, last = (float(row[name]) for name in ("open", "high", "low", "close"))
    return Bar(day, first, high, low, last, int(row["volume"]))


def _splits(recorded: Path, ticker: str) -> dict[date, float]:
    found = json.loads((recorded / "splits" / f"{ticker}.json").read_text(encoding="utf-8"))["data"]
    splits = {date.fromisoformat(one["effective_date"]): float(one["split_factor"]) for one in found}
    return {day: ratio for day, ratio in splits.items() if BASE < day <= LAST}


def _adjusted(history: History) -> dict[date, float]:
    ahead = {
        bar.day: math.prod(ratio for day, ratio in history.splits.items() if day > bar.day) for bar in history.bars
    }
    return {bar.day: bar.close / ahead[bar.day] for bar in history.bars}


def _figures(answer: dict[str, Any]) -> Figures:
    (own,) = (one for one in answer["summary"] if one["ticker"] == "portfolio")
    risks = {f"contribution to risk, {one['ticker']}": one["contribution_to_risk"] for one in answer["holdings"]}
    named = {name.replace("_", " "): own[name] for name in ("cumulative_return", "volatility", "max_drawdown")}
    return named | risks


def _tolerance(figure: str) -> float:
    return next(bound for name, bound in TOLERANCES.items() if figure.startswith(name))
