"""Every registered metric against an outside value, over the golden window and over a year; one without it fails."""

import math

import numpy as np
import pytest

from api.analytics.arrays import Floats
from api.analytics.ratios import lo_standard_error, per_session
from api.analytics.registry import REGISTRY, Inputs, figures_of
from tests.reference import golden
from tests.reference.oracles import ORACLES, YEAR, Window, window_of

GOLDEN, WHOLE_YEAR = window_of(), window_of(YEAR)
WITHHELD_BELOW_A_YEAR = {"cagr", "calmar"}


def inputs_of(window: Window) -> dict[str, Floats]:
    """The inputs of our metrics, from pandas."""
    past, bars, pair, closes = window.past, window.bars, window.paired, window.paired_closes
    arrays = {
        "prices": window.closes,
        "total_index": window.total,
        "sessions": len(bars),
        "returns": window.returns,
        "numbers": np.arange(1.0, len(bars) + 1),
        **{f"{name}s": bars[name] for name in ("open", "high", "low", "close")},
        **{f"linked_{name}s": bars[name] for name in ("open", "high", "low", "close", "previous_close")},
        "rate": per_session(golden.RATE),
        "history_closes": past["close"],
        **{f"history_linked_{name}s": past[name].iloc[1:] for name in ("high", "low", "previous_close")},
        "history_returns": past["close"].pct_change().iloc[1:],
        "paired_prices": closes["stock"],
        "benchmark_prices": closes["benchmark"],
        "paired_returns": pair["stock"],
        "benchmark_returns": pair["benchmark"],
    }
    return {name: np.asarray(values, dtype=np.float64) for name, values in arrays.items()}


def figure(slug: str, inputs: Inputs) -> float | None:
    return figures_of([slug], [inputs])[0][slug]


def test_every_metric_has_an_outside_value_and_names_it() -> None:
    assert set(ORACLES) == set(REGISTRY)
    assert all(all((one.unit, one.convention, one.null, one.source, one.oracle)) for one in REGISTRY.values())


@pytest.mark.parametrize("slug", sorted(set(REGISTRY) - WITHHELD_BELOW_A_YEAR))
def test_over_the_golden_window(slug: str) -> None:
    assert figure(slug, inputs_of(GOLDEN)) == pytest.approx(ORACLES[slug](GOLDEN), rel=1e-9)


@pytest.mark.parametrize("slug", REGISTRY)
def test_over_a_year(slug: str) -> None:
    assert figure(slug, inputs_of(WHOLE_YEAR)) == pytest.approx(ORACLES[slug](WHOLE_YEAR), rel=1e-9)


@pytest.mark.parametrize("slug", sorted(WITHHELD_BELOW_A_YEAR))
def test_annual_growth_is_withheld_below_a_year(slug: str) -> None:
    """The fewest sessions of any twelve months are 246: from there on it is given."""
    assert figure(slug, inputs_of(window_of(245))) is None
    assert figure(slug, inputs_of(window_of(246))) == pytest.approx(ORACLES[slug](window_of(246)), rel=1e-9)


def test_a_figure_does_not_depend_on_the_tickers_computed_with_it() -> None:
    windows = [inputs_of(window_of(count)) for count in (126, 60, 126)]
    windows[2] = windows[2] | {"returns": windows[2]["returns"][::-1] * 2}
    together = figures_of(REGISTRY, windows)
    alone = [figures_of(REGISTRY, [window])[0] for window in windows]
    for one, other in zip(together, alone, strict=True):
        assert one.keys() == other.keys()
        assert [one[slug] for slug in one] == [
            value if value is None else pytest.approx(value, rel=1e-12) for value in other.values()
        ]


def test_standard_error_of_a_sharpe_ratio_as_published() -> None:
    """Lo 2002, table 2: a monthly ratio of 1.5 over 60 months has a standard error of 0.188."""
    assert float(lo_standard_error(np.array(1.5), 60)) / math.sqrt(252) == pytest.approx(0.188, abs=5e-4)


def test_the_daily_rate_compounds_to_the_annual_one() -> None:
    assert (1 + per_session(0.05)) ** 252 == pytest.approx(1.05, rel=1e-12)


def test_the_golden_window_holds_its_traps() -> None:
    """No trap is lost when the generator is changed."""
    assert GOLDEN.returns.iloc[0] == pytest.approx(-0.03)
    assert (GOLDEN.returns == 0).sum() >= 8
    assert len(GOLDEN.paired) == len(GOLDEN.returns) - 2  # to the session that the benchmark lacks, and from it
    assert GOLDEN.total.pct_change().sub(GOLDEN.closes.pct_change()).abs().max() > 1e-4
