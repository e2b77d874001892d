"""The side by side: both designs show the same numbers, and no disagreement goes without a reason."""

from datetime import date
from typing import Any

import pytest

from benchmarks import peers
from benchmarks.peers_dashboard import original, ours
from benchmarks.peers_panels import BENCHMARK, PANELS, TICKERS, statement
from benchmarks.peers_sample import sample
from benchmarks.peers_timing import say
from benchmarks.peers_verdicts import VERDICTS
from lake import calendar
from tests.support.lakes import History, publish
from tests.support.markets import walk

DAYS = calendar.sessions_back(date(2026, 11, 20), 150)


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    market = {ticker: History(walk(place, DAYS, 100)) for place, ticker in enumerate((*TICKERS, BENCHMARK))}
    root = publish(tmp_path_factory.mktemp("lake"), market)
    return {"original": original(root), "ours": ours(root)}


def test_both_designs_show_the_same_numbers(boards: dict[str, Any]) -> None:
    assert peers.panels_that_differ(boards) == []
    assert all(set(numbers) >= set(TICKERS) for numbers in boards["ours"]["numbers"].values())


def test_the_original_asks_once_a_panel_and_ours_once_a_snapshot(boards: dict[str, Any]) -> None:
    counts = [(board["first_queries"], board["later_queries"]) for board in boards.values()]
    assert counts == [(len(PANELS), len(PANELS)), (1, 0)]


def test_a_panel_with_another_number_is_named(boards: dict[str, Any]) -> None:
    altered = {**boards["ours"], "numbers": {**boards["ours"]["numbers"], "close": {"NVDA": 1.0}}}
    assert peers.panels_that_differ(boards | {"ours": altered}) == ["close"]


def test_every_panel_is_one_statement() -> None:
    window = {"base": "2026-05-20", "first": "2026-05-21", "last": "2026-11-20"}
    assert [panel.title for panel in PANELS if ";" in statement(panel, window)] == []


def said(**figures: float | str) -> dict[str, Any]:
    return {"figures": figures, "seconds": 0.001, "imported": 1.0, "memory": 100.0}


def test_a_difference_that_nobody_explained_does_not_hold() -> None:
    found = {name: said(sharpe=1.0, beta=2.0) for name in (peers.OURS, *peers.PEERS)}
    found["ffn"] = said(sharpe=1.0 + 1e-10, beta="ValueError")
    assert [(one.contender, one.figure) for one in peers.differences(found)] == [("ffn", "beta")]
    held = {figure.name: figure.holds for figure in peers.figures_of_libraries(found)}
    assert not held["differences unexplained"]
    assert not held["verdicts on no difference"]


def test_every_verdict_says_who_is_right_and_why() -> None:
    for (contender, figure), verdict in VERDICTS.items():
        assert contender in peers.PEERS
        assert verdict.right in {"ours", "both"}, figure
        assert len(verdict.why) > 20, figure


def test_the_tables_name_every_contender_and_difference(boards: dict[str, Any]) -> None:
    found = {name: said(sharpe=1.0) for name in (peers.OURS, *peers.PEERS)} | {"ffn": said(sharpe=1.5)}
    text = peers.tables(found, boards)
    assert [name for name in found if f"| {name} |" not in text] == []
    assert "| sharpe | ffn | 1.50000 | 1.00000 | ? | not explained yet |" in text


def test_the_sample_begins_with_a_loss_and_has_sound_bars() -> None:
    bars: dict[str, Any] = {**sample()}
    assert bars["close"][1] == pytest.approx(bars["close"][0] * 0.8)
    for low, first, last, high in zip(*(bars[name] for name in ("low", "open", "close", "high")), strict=True):
        assert low <= min(first, last) <= max(first, last) <= high


def test_a_figure_that_fails_is_told_by_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    say(0.5, {"sharpe sortino": lambda: (1, 2), "beta": lambda: 1 / 0, "skew": lambda: 3})
    assert '"sharpe": 1.0, "sortino": 2.0, "beta": "ZeroDivisionError", "skew": 3.0' in capsys.readouterr().out
