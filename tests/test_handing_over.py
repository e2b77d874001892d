"""What CONTRIBUTING tells a newcomer, done as it says; and what the house says to one who errs."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.analytics.metric import INPUTS
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from glue.spark import spark_session
from lake import calendar
from lake.universe import Instrument, universe
from tests.glue.bars import published_frame, published_row
from tests.support.client import Client

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
EXAMPLES: dict[str, str] = dict(re.findall(r"In `([^`]+)`:\n\n```\w+\n(.*?)```", GUIDE, re.DOTALL))


def follow(place: str) -> dict[str, Any]:
    """The names of the module that `place` is, once the example's code stands at its end."""
    module = import_module(place.removesuffix(".py").replace("/", "."))
    names = dict(vars(module))
    exec(compile(EXAMPLES[place], place, "exec"), names)  # noqa: S102 - our own file
    return names


def test_a_ticker_is_one_block(tmp_path: Path) -> None:
    (added,) = tomllib.loads(EXAMPLES["lake/universes/magnificent.toml"]).items()
    instrument = Instrument(ticker=added[0], **added[1])
    assert instrument.ticker not in universe()
    assert instrument.listed is not None
    assert instrument.listed < calendar.all_sessions()[0] or calendar.is_session(instrument.listed)
    for room in ("lake", "ingest"):
        shutil.copytree(ROOT / room, tmp_path / room)
    with (tmp_path / "lake/universes/magnificent.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + EXAMPLES["lake/universes/magnificent.toml"])
    plan = [sys.executable, "-m", "ingest", "plan"]
    environment = {"PATH": os.environ["PATH"], "LAKE": str(tmp_path / "a-lake"), "COLUMNS": "200"}
    said = subprocess.run(plan, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    assert f"TIME_SERIES_DAILY of {instrument.ticker}" in said or re.search(
        rf"TIME_SERIES_DAILY\W+{instrument.ticker}\b", said
    )


def test_a_metric_is_a_formula_and_a_row() -> None:
    formula = follow("api/analytics/drawdown.py")["ulcer_index"]
    family = "api/analytics/metrics/returns.py"
    drawdown = import_module("api.analytics.drawdown")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawdown, "ulcer_index", formula, raising=False)
        metric = follow(family)["ULCER_INDEX"]
    assert set(metric.needs) <= set(INPUTS)
    prices = np.array([[100.0, 50.0], [110.0, 50.0], [99.0, 25.0], [110.0, 50.0]])
    np.testing.assert_allclose(metric.of({"prices": prices}), [(0.01 / 3) ** 0.5, (0.25 / 3) ** 0.5])
    assert all(words in metric.description for words in ("Root mean square", "Unit: fraction", "Null:"))


def test_a_rule_is_a_condition_on_a_row() -> None:
    spark = spark_session()
    rule = follow("glue/quality/rules.py")["NEVER_TRADED"]
    days = [day.isoformat() for day in calendar.sessions_back(date(2026, 1, 16), 3)]
    rows = [published_row("AAPL", day) for day in days]
    rows[1].update(raw_volume=0, volume=0.0)
    rows[2].update(raw_volume=None, volume=None)  # unknown is not zero
    broken = published_frame(spark, rows).filter(rule.broken).collect()
    assert [str(row["date"]) for row in broken] == [days[1]]
    assert rule.severity in {"block", "quarantine", "warn"}


def test_a_panel_is_one_entry(tmp_path: Path) -> None:
    place = "api/panels.json"
    defined = json.loads((ROOT / place).read_text(encoding="utf-8"))
    panel, others = json.loads(EXAMPLES[place]), defined["panels"]
    assert panel["name"] not in {other["name"] for other in others}
    assert set(panel) <= {key for other in others for key in other}
    for key in ("unit", "shape", "path", "part"):
        assert panel[key] in {other[key] for other in others if key in other}, f"{key} of a kind of its own"
    store = DuckDBStore(publish(tmp_path, small_market()))
    answer = Client.of(store).json(f"/{panel['path']}", tickers="NVDA", range="1w")
    assert any(row[panel["field"]] is not None for row in answer[panel["part"]])
    store.close()


def test_every_example_is_followed_and_every_place_is_there() -> None:
    assert [place for place in EXAMPLES if not (ROOT / place).exists()] == []
    followed = Path(__file__).read_text(encoding="utf-8")
    assert [place for place in EXAMPLES if f'"{place}"' not in followed] == [], "an example that no test follows"
    places = re.findall(r"`((?:lake|ingest|glue|api|tests|grafana|tools)/[\w./]*)`", GUIDE)
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_make_without_an_argument_lists_its_targets() -> None:
    said = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    targets = re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE)
    assert [target for target in targets if not re.search(rf"^{target} +\S", said, re.MULTILINE)] == []
    assert len(said.splitlines()) == len(targets)


def test_the_architecture_fails_with_a_sentence() -> None:
    tree = ast.parse((ROOT / "tests/test_architecture.py").read_text(encoding="utf-8"))
    silent = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Assert) and node.msg is None]
    assert not silent, f"{silent} of tests/test_architecture.py fails without saying why the line is drawn"
