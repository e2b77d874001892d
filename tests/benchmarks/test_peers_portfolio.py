"""The comparison of /portfolio with libraries, on invented files in the form of the recorded ones; pandas stands in."""

import asyncio
import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import peers_portfolio
from lake import calendar

SPLIT_DAY = date(2022, 2, 1)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty sessions of each holding from the base on; TSLA splits three for one, and did once before them."""
    root = tmp_path_factory.mktemp("recorded")
    for name in ("csv", "feed/splits"):
        (root / name).mkdir(parents=True)
    days = calendar.sessions(peers_portfolio.BASE, date(2022, 3, 28))
    for seed, ticker in enumerate(peers_portfolio.WEIGHTS):
        prices = 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.02, len(days))))
        split = ticker == "TSLA"
        traded = [price * (3 if split and day < SPLIT_DAY else 1) for day, price in zip(days, prices, strict=True)]
        lines = [f"{day},{price},{price},{price},{price},100" for day, price in zip(days, traded, strict=True)]
        text = "\n".join(["date,open,high,low,close,volume", *lines])
        (root / "csv" / f"{ticker}.csv").write_text(text, encoding="utf-8")
        found = [(SPLIT_DAY, 3.0), (date(2020, 8, 31), 5.0)] if split else []
        events = [{"effective_date": str(day), "split_factor": str(ratio)} for day, ratio in found]
        (root / "feed" / "splits" / f"{ticker}.json").write_text(json.dumps({"data": events}), encoding="utf-8")
    return root / "feed"


def test_both_get_the_same_closes_and_agree(recorded: Path) -> None:
    histories = peers_portfolio.market(recorded)
    data = peers_portfolio.sample(histories)
    weights = pd.Series(data["weights"])
    closes = pd.DataFrame(data["closes"], index=data["days"])[weights.index]
    moves = closes.pct_change().dropna() @ weights
    drifting = (closes / closes.iloc[0] * weights).sum(axis=1)
    theirs = {
        "daily": {"cumulative return": (1 + moves).prod() - 1, "volatility": moves.std() * 252**0.5},
        "none": {"cumulative return": drifting.iloc[-1] - 1},
    }
    rows = peers_portfolio.compare(asyncio.run(peers_portfolio.ours(histories)), {"pandas": theirs})
    assert [row[-1] for row in rows] == ["yes"] * 3
    assert closes["TSLA"].pct_change().abs().max() < 0.2  # the split left no step


def test_a_difference_is_seen() -> None:
    own = {"daily": {"volatility": 0.2, "contribution to risk, VOO": 0.4}}
    theirs = {"skfolio": {"daily": {"volatility": 0.2 + 1e-8, "contribution to risk, VOO": 0.4 + 1e-8}}}
    assert [row[-1] for row in peers_portfolio.compare(own, theirs)] == ["no", "yes"]


def test_without_records_nothing_is_compared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RECORDED_FEED", raising=False)
    assert peers_portfolio.feed() is None
    monkeypatch.setenv("RECORDED_FEED", str(tmp_path))
    assert peers_portfolio.feed() is None
