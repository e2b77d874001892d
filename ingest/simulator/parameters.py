"""The simulated market's tickers, as data for the process in `market.py`.

Prices and drifts take each ticker from about its real level of January 2016 to about that of 2026, so that a chart
looks like the ticker. Splits are the real ones; everything else is a round figure of the right size.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import exp, log
from random import Random

EPOCH = date(2016, 1, 4)  # the first simulated session; every path begins here, whatever the clock says


@dataclass(frozen=True)
class Payout:
    """Quarterly dividends, ex on the first session from `day` on in each of `months`. `rate`: a year, of the price."""

    months: tuple[int, int, int, int]
    day: int
    rate: float
    since: date = EPOCH


@dataclass(frozen=True)
class Parameters:
    """One ticker. `start` USD and `volume` shares a day are as traded in January 2016.

    `drift`: of the split-adjusted log price, a year. `beta`: to the market's return. `own_volatility`: a year, what the
    market does not explain. `splits`: new shares for one old, by ex-date.
    """

    start: float
    drift: float
    beta: float
    own_volatility: float
    volume: int
    splits: Mapping[date, float] = field(default_factory=dict)
    payout: Payout | None = None


_PAYING = 0.8  # the share of large stocks that pay dividends
_SPRING, _WINTER = (3, 6, 9, 12), (2, 5, 8, 11)

PARAMETERS: Mapping[str, Parameters] = {
    # The funds hardly move on their own: VOO tracks the market itself, and the other two its growth half.
    "VOO": Parameters(184, 0.122, 1.0, 0.01, 5_000_000, payout=Payout(_SPRING, 22, 0.015)),
    "QQQ": Parameters(109, 0.175, 1.12, 0.06, 45_000_000, payout=Payout(_SPRING, 18, 0.007)),
    "SCHG": Parameters(
        51.9,
        0.157,
        1.1,
        0.05,
        700_000,
        {date(2022, 3, 11): 2, date(2024, 10, 11): 4},
        Payout(_SPRING, 20, 0.006),
    ),
    "AAPL": Parameters(105, 0.230, 1.15, 0.19, 20_000_000, {date(2020, 8, 31): 4}, Payout(_WINTER, 8, 0.008)),
    "AMZN": Parameters(640, 0.207, 1.2, 0.24, 2_500_000, {date(2022, 6, 6): 20}),
    "META": Parameters(102, 0.185, 1.2, 0.29, 18_000_000, payout=Payout(_SPRING, 15, 0.004, date(2024, 2, 1))),
    "GOOGL": Parameters(
        760, 0.225, 1.1, 0.20, 1_600_000, {date(2022, 7, 18): 20}, Payout(_SPRING, 9, 0.004, date(2024, 4, 1))
    ),
    "MSFT": Parameters(54.8, 0.195, 1.1, 0.16, 26_000_000, payout=Payout(_WINTER, 16, 0.009)),
    "NVDA": Parameters(
        32.4, 0.52, 1.6, 0.36, 6_000_000, {date(2021, 7, 20): 4, date(2024, 6, 10): 10}, Payout(_SPRING, 6, 0.001)
    ),
    "TSLA": Parameters(223, 0.318, 1.6, 0.44, 6_000_000, {date(2020, 8, 31): 5, date(2022, 8, 25): 3}),
}


def drawn_parameters(ticker: str) -> Parameters:
    """Those of some large stock, for a ticker without a line here: drawn from its name. `start` is of January 2006."""
    draw = Random(f"{ticker} parameters")  # noqa: S311 - a simulation, and it must repeat
    payout = Payout(
        draw.choice(((1, 4, 7, 10), _WINTER, _SPRING)), draw.randint(3, 25), draw.uniform(0.005, 0.035), date.min
    )
    return Parameters(
        start=round(exp(draw.uniform(log(15), log(150))), 2),
        drift=draw.uniform(0.03, 0.12),
        beta=draw.uniform(0.6, 1.4),
        own_volatility=draw.uniform(0.15, 0.35),
        volume=round(exp(draw.uniform(log(400_000), log(20_000_000)))),
        payout=payout if draw.random() < _PAYING else None,
    )
