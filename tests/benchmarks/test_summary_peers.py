"""The timed summary is the claimed one: every metric of returns, with the same figures as the peer's."""

import empyrical
import pandas as pd
import pytest

from api.resources.returns.schemas import ReturnsSummary
from benchmarks.summary_peers import OURS, TICKERS, by_empyrical, closes, ours


def test_ours_is_the_whole_summary_and_correct() -> None:
    prices = closes()
    found = ours(prices)
    assert len(found) == TICKERS
    assert set(OURS) <= set(ReturnsSummary.model_fields)
    assert all(None not in figures.values() and set(figures) == set(OURS) for figures in found)
    moves = pd.DataFrame(prices).pct_change().iloc[1:]
    assert [figures["max_drawdown"] for figures in found] == pytest.approx(
        [empyrical.max_drawdown(moves[column]) for column in range(TICKERS)], rel=1e-9
    )


def test_the_peer_gives_a_figure_for_each_metric() -> None:
    peer, moves = by_empyrical(), pd.DataFrame(closes(), index=pd.bdate_range("2025-01-02", periods=253)).pct_change()
    (figures,) = peer.summary([moves[0].iloc[1:]], moves[TICKERS].iloc[1:])
    assert len(figures) == len(peer.alone) + len(peer.against)
    assert all(figure == pytest.approx(figure) for figure in figures)
