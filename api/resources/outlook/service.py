"""Which of two baskets is likelier to return more over a horizon. Panel in, simulations out; pure.

Everything is simulated for the baskets in canonical order and turned round where they were asked the other way, so
that P(A, B) + P(B, A) is exactly 1.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.outlook import Simulation, SpreadStatistics, probability_positive, simulate, spread_statistics
from api.errors import TooLittleHistoryError
from api.formatting import counted
from api.panel.panel import Panel
from api.panel.response_meta import standing_warnings, warnings_of
from api.panel.window import Last, Span, resolve
from api.resources.outlook.baskets import Baskets, baskets_of
from api.resources.outlook.horizon import Horizon
from api.resources.outlook.schemas import SensitivityRow

TAU, LONG_RUN = 0.10, 0.08
LOOKBACK = 140  # sessions before the base, so that six months are at hand behind any shorter window
_TAUS = (0.05, 0.10, 0.20)
_MONTHS = (4, 5, 6)
_NEEDED, _NEEDED_BESIDE = 99, 60


class Prior(NamedTuple):
    """`tau`: the standard deviation of the true spread around 0; `long_run`: of each basket itself; both a year."""

    tau: float = TAU
    long_run: float = LONG_RUN


class Inquiry(NamedTuple):
    """Which baskets, over how long a horizon, under which prior."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    horizon: Horizon
    prior: Prior = Prior()

    @property
    def tickers(self) -> tuple[str, ...]:
        """The members of both, once each."""
        return tuple(dict.fromkeys((*self.a, *self.b)))

    @property
    def sign(self) -> int:
        """−1 where the canonical order is the other one, else 1."""
        return -1 if sorted(self.a) > sorted(self.b) else 1


class Trial(NamedTuple):
    """A past window, simulated in canonical order."""

    range: str
    simulation: Simulation


@dataclass(frozen=True)
class Outlook:
    """`baskets`: over the asked window, `rooted` where its base is shared; `trials`: that window, then those beside it.

    `left_out`: why a window is not among them, in words.
    """

    inquiry: Inquiry
    baskets: Baskets
    rooted: bool
    trials: tuple[Trial, ...]
    left_out: tuple[str, ...]

    @property
    def main(self) -> Simulation:
        """The asked window's."""
        return self.trials[0].simulation

    @cached_property
    def past(self) -> SpreadStatistics:
        """The spread of the asked window, A's over B's."""
        return spread_statistics(self.baskets.logs)

    @cached_property
    def spreads(self) -> Floats:
        """(paths,) log spreads of A over B, of the asked window and prior."""
        return self.inquiry.sign * self.main.spreads(self.inquiry.prior.tau)

    @cached_property
    def sensitivity(self) -> list[SensitivityRow]:
        """Every window with every prior."""
        taus = sorted({*_TAUS, self.inquiry.prior.tau})
        return [self._row(trial, tau) for trial in self.trials for tau in taus]

    def _row(self, trial: Trial, tau: float) -> SensitivityRow:
        past = trial.simulation.observed
        return SensitivityRow(
            range=trial.range,
            sessions=past.sessions,
            tau=tau,
            p_a_beats_b=probability_positive(self.inquiry.sign * trial.simulation.spreads(tau)),
            weight_on_history=past.weight(tau),
        )


def look_ahead(panel: Panel, span: Span, inquiry: Inquiry) -> Outlook:
    """The outlook of a panel loaded with LOOKBACK; TooLittleHistoryError where its window has fewer than 99 returns."""
    everything = baskets_of(panel, inquiry.a, inquiry.b)
    main = everything.since(panel.window.first)
    if len(main.days) < _NEEDED:
        raise TooLittleHistoryError(span, len(main.days), _NEEDED, _too_little(panel, span, main))
    beside = {f"{months}m": everything.since(_months_back(panel, months)) for months in _MONTHS}
    beside.pop(str(span), None)
    kept = {str(span): main} | {label: one for label, one in beside.items() if len(one.days) >= _NEEDED_BESIDE}
    sign, horizon = inquiry.sign, inquiry.horizon.sessions
    return Outlook(
        inquiry=inquiry,
        baskets=main,
        rooted=main.base == np.datetime64(panel.window.base or "NaT"),
        trials=tuple(Trial(label, simulate(one.logs[:, ::sign], horizon)) for label, one in kept.items()),
        left_out=tuple(_left_out(label, len(one.days)) for label, one in beside.items() if label not in kept),
    )


def _too_little(panel: Panel, span: Span, baskets: Baskets) -> str:
    why = warnings_of(panel, "total", cumulative=False)[len(standing_warnings(panel.published)) :]
    found = f"{' and '.join(baskets.names)} share {counted(len(baskets.days), 'daily total return')} in {span}"
    return "; ".join((f"{found}, and an outlook needs {_NEEDED} at least: take a longer range", *why))


def _left_out(label: str, sessions: int) -> str:
    return (
        f"{label}: the baskets share {counted(sessions, 'daily total return')} there, fewer than {_NEEDED_BESIDE}, so "
        "that p_low and p_high do without this window"
    )


def _months_back(panel: Panel, months: int) -> date:
    """The first day of the window of so many months that ends where the asked one does."""
    last = panel.window.last
    return resolve(Last(months, "m"), last, last).first
