"""The comparison with peers: both designs show the same numbers, and every disagreement has an explanation."""

from datetime import date
from typing import Any

import pytest

from benchmarks import peers
from benchmarks.peers_dashboard import original, ours
from benchmarks.peers_differences import EXPLANATIONS
from benchmarks.peers_measure import print_result
from benchmarks.peers_panels import BENCHMARK, PANELS, TICKERS, statement
from benchmarks.peers_sample import sample
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import walk
from lake import calendar

DAYS = calendar.sessions_back(date(2026, 11, 20), 150)


@pytest.fixture(scope="module")
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    market = {ticker: History(walk(place, DAYS, 100)) for place, ticker in enumerate((*TICKERS, BENCHMARK))}
    root = publish(tmp_path_factory.mktemp("lake"), market)
    return {"original": original(root), "ours": ours(root)}


def test_both_designs_show_the_same_numbers(dashboards: dict[str, Any]) -> None:
    assert peers.panels_that_differ(dashboards) == []
    assert all(set(numbers) >= set(TICKERS) for numbers in dashboards["ours"]["numbers"].values())


def test_the_original_queries_once_a_panel_and_ours_once_a_snapshot(dashboards: dict[str, Any]) -> None:
    counts = [(dashboard["first_queries"], dashboard["later_queries"]) for dashboard in dashboards.values()]
    assert counts == [(len(PANELS), len(PANELS)), (1, 0)]


def test_a_panel_with_another_number_is_named(dashboards: dict[str, Any]) -> None:
    altered = {**dashboards["ours"], "numbers": {**dashboards["ours"]["numbers"], "close": {"NVDA": 1.0}}}
    assert peers.panels_that_differ(dashboards | {"ours": altered}) == ["close"]


def test_every_panel_is_one_statement() -> None:
    window = {"base": "2026-05-20", "first": "2026-05-21", "last": "2026-11-20"}
    assert [panel.title for panel in PANELS if ";" in statement(panel, window)] == []


def result(**figures: float | str) -> dict[str, Any]:
    return {"figures": figures, "seconds": 0.001, "imported": 1.0, "memory": 100.0}


def test_an_unexplained_difference_misses_its_bar() -> None:
    found = {name: result(sharpe=1.0, beta=2.0) for name in (peers.OURS, *peers.LIBRARIES)}
    found["ffn"] = result(sharpe=1.0 + 1e-10, beta="ValueError")
    assert [(one.contender, one.figure) for one in peers.differences(found)] == [("ffn", "beta")]
    held = {figure.name: figure.holds for figure in peers.figures_of_libraries(found)}
    assert not held["differences unexplained"]
    assert not held["verdicts on no difference"]


def test_every_explanation_says_who_is_right_and_why() -> None:
    for (contender, figure), explanation in EXPLANATIONS.items():
        assert contender in peers.LIBRARIES
        assert explanation.right in {"ours", "both"}, figure
        assert len(explanation.why) > 20, figure


def test_the_tables_name_every_contender_and_difference(dashboards: dict[str, Any]) -> None:
    found = {name: result(sharpe=1.0) for name in (peers.OURS, *peers.LIBRARIES)} | {"ffn": result(sharpe=1.5)}
    text = peers.tables(found, dashboards)
    assert [name for name in found if f"| {name} |" not in text] == []
    assert "| sharpe | ffn | 1.50000 | 1.00000 | ? | not explained yet |" in text


def test_the_sample_begins_with_a_loss_and_has_valid_bars() -> None:
    bars: dict[str, Any] = {**sample()}
    assert bars["close"][1] == pytest.approx(bars["close"][0] * 0.8)
    for low, first, last, high in zip(*(bars[name] for name in ("low", "open", "close", "high")), strict=True):
        assert low <= min(first, last) <= max(first, last) <= high


def test_a_figure_that_fails_is_reported_by_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_result(0.5, {"sharpe sortino": lambda: (1, 2), "beta": lambda: 1 / 0, "skew": lambda: 3})
    assert '"sharpe": 1.0, "sortino": 2.0, "beta": "ZeroDivisionError", "skew": 3.0' in capsys.readouterr().out
