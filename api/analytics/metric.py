"""The type of a registered metric, and the inputs that a metric may need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.bootstrap_figures import DRAWN
from api.analytics.bootstrap_interval import CONFIDENCE, MIN_RETURNS, interval, percentile_interval

# Name: shape and meaning of what a metric may need of one ticker. n: the window's sessions that the lake has; n+1:
# the base first; m: the ticker's sessions up to the window's end, for figures seeded at its first one.
INPUTS: Mapping[str, str] = {
    "prices": "(n+1,) closes on the basis",
    "total_index": "(n+1,) total return index",
    "sessions": "() how many sessions of the calendar lie from the base to the last of prices, that one included",
    "returns": "(k,) known daily returns on the basis, none across a hole; k ≤ n",
    "numbers": "(n,) the number of each session in the window",
    "closes": "(n,) closes on the basis",
    "opens": "(n,) as closes",
    "highs": "(n,) as closes",
    "lows": "(n,) as closes",
    "linked_opens": "(l,) opens of the bars of which the close of the session before is known",
    "linked_highs": "as linked_opens",
    "linked_lows": "as linked_opens",
    "linked_closes": "as linked_opens",
    "linked_previous_closes": "(l,) the close of the session before each of them",
    "rate": "() the risk-free return a session",
    "history_returns": "(m,) all known daily returns of the ticker up to the window's end",
    "history_closes": "(m,) all its closes up to then",
    "history_linked_highs": "(h,) all its highs up to then of which the close of the session before is known",
    "history_linked_lows": "as history_linked_highs",
    "history_linked_previous_closes": "as history_linked_highs, the close of the session before each",
    "paired_prices": "as prices, on the sessions that the benchmark has too",
    "paired_returns": "as returns, on the sessions that the benchmark has too",
    "benchmark_prices": "as paired_prices, the benchmark's",
    "benchmark_returns": "as paired_returns, the benchmark's",
}


@dataclass(frozen=True)
class Metric:
    """One registered figure. `needs` names the arguments of `function` among INPUTS, in order.

    `function` computes a ticker a column. `convention`, `unit` and `null`, which says when the figure is null, make
    its description in OpenAPI. `source` is where the formula is from, `oracle` what the tests compare it with.
    `resampled`: answers also give its interval by the block bootstrap.
    """

    slug: str
    unit: str
    convention: str
    null: str
    needs: tuple[str, ...]
    function: Callable[..., Floats]
    source: str
    oracle: str
    resampled: bool = False

    @property
    def description(self) -> str:
        """The description of the field `<slug>`: convention, unit, and the meaning of null."""
        return f"{self.convention}. Unit: {self.unit}. Null: {self.null}."

    def bound_description(self, end: str) -> str:
        """The description of `<slug>_low` or `<slug>_high`; `end` is low or high."""
        return (
            f"The {end} end of {self.slug}'s {CONFIDENCE:.0%} interval, by the circular block bootstrap. "
            f"Unit: {self.unit}. Null: as {self.slug}, or fewer than {MIN_RETURNS} daily returns."
        )

    def of(self, inputs: Mapping[str, Floats]) -> Floats:
        """The figure of each column; NaN where it is unknown."""
        return self.function(*(inputs[name] for name in self.needs))

    def bounds_of(self, inputs: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        """The low and high ends of each column's interval."""
        series = [inputs[name] for name in self.needs]
        if self.function in DRAWN and len(series[0]) >= MIN_RETURNS:
            low, high = np.array([percentile_interval(figures) for figures in DRAWN[self.function](*series).T]).T
            return low, high
        return interval(self.function, *series)
