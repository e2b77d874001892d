"""Which of two series of log returns is likelier to sum to more over a horizon, and how little that is known.

The past mean is shrunk towards no difference (James and Stein; Jorion 1986, JFQA 21:279), because the precision of a
mean depends on the length of its calendar (Merton 1980): half a year says next to nothing about the next quarter.
"""

from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np

from api.analytics.arrays import SESSIONS_A_YEAR, Floats, is_constant
from api.analytics.block_length import block_length
from api.analytics.stationary_bootstrap import resampled_sums

PATHS = 10_000
SEED = 19_940_101
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_NORMAL_POWER = 1.959964 + 0.841621  # two-sided 5 % test, 80 % power


@dataclass(frozen=True)
class Past:
    """The spread d of n daily log returns: its mean and deviation (ddof 1), both a session."""

    sessions: int
    mean: float
    deviation: float

    @property
    def standard_error(self) -> float:
        """Of the mean: s ÷ √n, a session."""
        return self.deviation / sqrt(self.sessions)

    def weight(self, tau: float) -> float:
        """w = τ² ÷ (τ² + se²), τ a year: the share of the mean that is taken as lasting; 0 where τ is."""
        prior = (tau / SESSIONS_A_YEAR) ** 2
        return prior / (prior + self.standard_error**2) if prior else 0.0


@dataclass(frozen=True)
class Simulation:
    """A past window resampled over a horizon of sessions.

    `own`: (paths, 2), the sums of each series, centred on 0. `normal`: (paths,), standard, for the unknown mean.
    """

    past: Past
    horizon: int
    block_length: float
    own: Floats
    normal: Floats

    def spreads(self, tau: float) -> Floats:
        """(paths,) log spreads S over the horizon, with μ* ~ N(w·m, w·se²) a session; τ a year."""
        weight = self.past.weight(tau)
        means = weight * self.past.mean + sqrt(weight) * self.past.standard_error * self.normal
        return self.own[:, 0] - self.own[:, 1] + self.horizon * means

    def around(self, long_run: float) -> Floats:
        """(paths, 2) log returns of each series by itself, centred on `long_run` a year."""
        return self.own + self.horizon * log1p(long_run) / SESSIONS_A_YEAR


def past_of(logs: Floats) -> Past:
    """The spread of (n, 2) log returns, the first column's over the second's; n ≥ 2."""
    spread = logs[:, 0] - logs[:, 1]
    deviation = 0.0 if is_constant(spread) else float(spread.std(ddof=1))
    return Past(len(spread), float(spread.mean()), deviation)


def simulate(logs: Floats, horizon: int, paths: int = PATHS, seed: int = SEED) -> Simulation:
    """Resample (n, 2) daily log returns by blocks, both columns together; n ≥ 60. The same seed, the same draws."""
    generator = np.random.default_rng(seed)
    length = block_length(logs[:, 0] - logs[:, 1])
    own = resampled_sums(logs - logs.mean(axis=0), horizon, length, paths, generator)
    return Simulation(past_of(logs), horizon, length, own, generator.standard_normal(paths))


def probability(spreads: Floats) -> float:
    """P(S > 0) + ½ P(S = 0)."""
    return (np.count_nonzero(spreads > 0) + np.count_nonzero(spreads == 0) / 2) / len(spreads)


def monte_carlo_error(chance: float, paths: int) -> float:
    """The standard error of a probability from drawing finitely many paths."""
    return sqrt(chance * (1 - chance) / paths)


def years_for_power(deviation: float, edge: float) -> float:
    """Years after which a true `edge` a year shows with 80 % power; `deviation` is of daily spreads."""
    return SESSIONS_A_YEAR * (_NORMAL_POWER * deviation / edge) ** 2
