"""What a metric is: one row of the registry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.analytics.arrays import Floats
from api.analytics.bootstrap_interval import COVER, FEWEST, interval

# What a metric may need of a ticker. (n,): a session of the window each; (n+1,): with the base first.
INPUTS: Mapping[str, str] = {
    "prices": "(n+1,) closes on the basis",
    "total_index": "(n+1,) total return index",
    "returns": "(n,) known daily returns on the basis",
    "numbers": "(n,) the number of each session in the window",
    "closes": "(n,) closes on the basis",
    "opens": "(n,) as closes",
    "highs": "(n,) as closes",
    "lows": "(n,) as closes",
    "befores": "(n,) the close before each session, NaN for the first where there is no base",
    "rate": "() the risk-free return a session",
    "history_returns": "(m,) all known daily returns of the ticker up to the window's end",
    "history_highs": "(m,) all its highs up to then",
    "history_lows": "as history_highs",
    "history_closes": "as history_highs",
    "history_befores": "as history_highs, the close before each, NaN for the first",
    "paired_prices": "as prices, on the sessions that the benchmark has too",
    "paired_returns": "as returns, on the sessions that the benchmark has too",
    "benchmark_prices": "as paired_prices, the benchmark's",
    "benchmark_returns": "as paired_returns, the benchmark's",
}


@dataclass(frozen=True)
class Metric:
    """One figure. `needs` names the arguments of `function` among INPUTS, in order; `null` says when it is null.

    `function` takes columns, a ticker each. `resampled`: it comes with an interval by the block bootstrap.
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
        """For people: convention, unit, and the meaning of null."""
        return f"{self.convention}. Unit: {self.unit}. Null: {self.null}."

    def bound_description(self, end: str) -> str:
        """Of `<slug>_low` and `<slug>_high`."""
        return (
            f"The {end} end of {self.slug}'s {COVER:.0%} interval, by the circular block bootstrap. "
            f"Unit: {self.unit}. Null: as {self.slug}, or fewer than {FEWEST} daily returns."
        )

    def of(self, inputs: Mapping[str, Floats]) -> Floats:
        """The figure of each column, NaN where it is not known."""
        return self.function(*(inputs[name] for name in self.needs))

    def bounds_of(self, inputs: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        """The low and the high end of each column's interval."""
        return interval(self.function, *(inputs[name] for name in self.needs))
