"""The outlook: which of two series of log returns is likelier to have the larger sum over a horizon.

Paths come from a stationary bootstrap of the past, centred, and the mean of the spread from a posterior. The past mean
is shrunk towards zero (James and Stein; Jorion 1986, JFQA 21:279), because the precision of a mean depends on the
length of its history, not on the number of observations (Merton 1980): half a year says next to nothing about the
next quarter.
"""

from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats, is_constant
from api.analytics.block_length import block_length
from api.analytics.stationary_bootstrap import resampled_sums

PATHS = 10_000  # the Monte Carlo error is then half a percentage point at most
SEED = 19_940_101  # fixed, so that the same question has the same answer
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_POWER_QUANTILES = 1.959964 + 0.841621  # normal quantiles of a two-sided 5 % test and of 80 % power


@dataclass(frozen=True)
class SpreadStatistics:
    """The spread of n daily log returns, the first series' over the second's: mean and deviation (ddof 1), daily."""

    sessions: int
    mean: float
    deviation: float

    @property
    def standard_error(self) -> float:
        """Of the daily mean: s ÷ √n."""
        return self.deviation / sqrt(self.sessions)

    def weight(self, tau: float) -> float:
        """w = τ² ÷ (τ² + se²), the share of the past mean that is taken as lasting; `tau` is annual. 0 where τ is 0."""
        prior = (tau / SESSIONS_PER_YEAR) ** 2
        return prior / (prior + self.standard_error**2) if prior else 0.0


@dataclass(frozen=True)
class Simulation:
    """A past window resampled over a horizon of sessions.

    `observed`: the spread of the window. `centred_sums`: (paths, 2), each series' log returns over the horizon, with
    mean 0. `mean_draws`: (paths,) standard normal draws for the unknown mean of the spread.
    """

    observed: SpreadStatistics
    horizon: int
    block_length: float
    centred_sums: Floats
    mean_draws: Floats

    def spreads(self, tau: float) -> Floats:
        """(paths,) log spreads over the horizon, with a daily mean μ ~ N(w·m, w·se²); `tau` is annual.

        The draws do not depend on tau, so that two priors differ by the prior alone.
        """
        weight = self.observed.weight(tau)
        means = weight * self.observed.mean + sqrt(weight) * self.observed.standard_error * self.mean_draws
        return self.centred_sums[:, 0] - self.centred_sums[:, 1] + self.horizon * means

    def centred_on(self, long_run: float) -> Floats:
        """(paths, 2) log returns of each series over the horizon, with the annual return `long_run` as centre."""
        return self.centred_sums + self.horizon * log1p(long_run) / SESSIONS_PER_YEAR


def spread_statistics(logs: Floats) -> SpreadStatistics:
    """The spread of (n, 2) daily log returns; n ≥ 2."""
    spread = logs[:, 0] - logs[:, 1]
    # A basket against itself: its deviation would be nothing but rounding.
    deviation = 0.0 if is_constant(spread) else float(spread.std(ddof=1))
    return SpreadStatistics(len(spread), float(spread.mean()), deviation)


def simulate(logs: Floats, horizon: int, paths: int = PATHS, seed: int = SEED) -> Simulation:
    """Resample (n, 2) daily log returns in blocks, both columns together; n ≥ 60. The same seed, the same draws."""
    generator = np.random.default_rng(seed)
    length = block_length(logs[:, 0] - logs[:, 1])
    # Resampling uncentred returns would carry the past mean into every path, as if it were known.
    sums = resampled_sums(logs - logs.mean(axis=0), horizon, length, paths, generator)
    return Simulation(spread_statistics(logs), horizon, length, sums, generator.standard_normal(paths))


def probability_positive(spreads: Floats) -> float:
    """P(S > 0) + ½ P(S = 0): ties count half, so that swapping the two series gives the complement."""
    return (np.count_nonzero(spreads > 0) + np.count_nonzero(spreads == 0) / 2) / len(spreads)


def monte_carlo_error(probability: float, paths: int) -> float:
    """The standard error of a simulated probability, √(p (1 − p) ÷ paths)."""
    return sqrt(probability * (1 - probability) / paths)


def years_for_power(deviation: float, edge: float) -> float:
    """Years of history after which a two-sided 5 % test finds a true annual `edge` with 80 % power.

    `deviation`: the standard deviation of daily spreads.
    """
    return SESSIONS_PER_YEAR * (_POWER_QUANTILES * deviation / edge) ** 2
