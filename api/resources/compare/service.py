"""What `/compare` says about a comparison: figures, correlations, rows and warnings. Pure."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient
from api.analytics.benchmark import correlation
from api.analytics.diversification import diversification, mean_volatility, mix_volatility
from api.analytics.drawdown import drawdowns
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.returns import simple_returns
from api.formatting import numbers, times
from api.http.metric_fields import slugs_of
from api.panel.comparison import Comparison, inputs_of
from api.resources.compare.schemas import CompareRow, CompareSummary, CorrelationPair, Diversification

_METRICS = slugs_of(CompareSummary)


def summaries(comparison: Comparison, benchmark: str, rate: float = 0.0) -> list[CompareSummary]:
    """The registered metrics of each ticker, in the order asked for; `rate` is the risk-free return a session."""
    inputs = [inputs_of(comparison, ticker, benchmark, rate) for ticker in comparison.tickers]
    figures = figures_of(_METRICS, inputs)
    return [_summary(*one) for one in zip(comparison.tickers, inputs, figures, strict=True)]


def correlations(comparison: Comparison) -> list[CorrelationPair]:
    """Each pair of the tickers that take part, once."""
    moves = simple_returns(comparison.closes)
    pairs = combinations(comparison.taking_part, 2)
    return [
        _pair(ticker, other, *(moves[:, comparison.panel.column(name)] for name in (ticker, other)))
        for ticker, other in pairs
    ]


def diversification_of(comparison: Comparison) -> Diversification:
    """Of the tickers that take part."""
    columns = [comparison.panel.column(ticker) for ticker in comparison.taking_part]
    moves = simple_returns(comparison.closes[:, columns])
    moves = moves[np.isfinite(moves).all(axis=1)]
    figures = np.array([mix_volatility(moves), mean_volatility(moves), diversification(moves)])
    mixed, parts, ratio = numbers(figures)
    return Diversification(
        tickers=list(comparison.taking_part),
        returns=len(moves),
        mix_volatility=mixed,
        mean_volatility=parts,
        ratio=ratio,
    )


def growth_rows(comparison: Comparison) -> list[CompareRow]:
    """Close, growth and drawdown, from the base if there is one, ascending in time, then ticker."""
    start = 0 if comparison.has_base else 1
    stamps = times(day for day in comparison.days[start:] if day)
    columns = [list(_column(comparison, ticker, stamps, start)) for ticker in sorted(comparison.taking_part)]
    return [row for session in zip(*columns, strict=True) for row in session]


def pairing_in_words(comparison: Comparison) -> list[str]:
    """What pairing took away, in sentences."""
    panel, words = comparison.panel, []
    columns = [panel.column(ticker) for ticker in comparison.taking_part]
    shared, held = len(comparison.rows) - 1, panel.held[1:, columns].sum(axis=0)
    if (held > shared).any():
        words.append(f"compared on the {shared} sessions that {', '.join(comparison.taking_part)} share")
    if not comparison.has_base and panel.held[0, columns].any():
        lacking = [ticker for ticker in comparison.taking_part if not panel.held[0, panel.column(ticker)]]
        words.append(
            f"{', '.join(lacking)}: without the base {panel.window.base} that the others have, so that no cumulative "
            "figure is given for any; leave out what lacks it, or take a later window"
        )
    return words


def _summary(ticker: str, inputs: Inputs, figures: Figures) -> CompareSummary:
    return CompareSummary(ticker=ticker, sessions=len(inputs["closes"]), returns=len(inputs["returns"]), **figures)


def _pair(ticker: str, other: str, moves: Floats, others: Floats) -> CorrelationPair:
    both = np.isfinite(moves) & np.isfinite(others)
    value = numbers(np.array([correlation(moves[both], others[both])]))[0]
    return CorrelationPair(ticker=ticker, other=other, correlation=value, sessions=int(both.sum()))


def _column(comparison: Comparison, ticker: str, stamps: list[str], start: int) -> Iterator[CompareRow]:
    closes = comparison.closes[:, comparison.panel.column(ticker)]
    growth = quotient(closes, np.full_like(closes, closes[0])) - 1
    moves = np.concatenate(([UNKNOWN], simple_returns(closes)))
    series = (numbers(values[start:]) for values in (closes, moves, growth, drawdowns(closes)))
    for time, close, move, grown, depth in zip(stamps, *series, strict=True):
        yield CompareRow(time=time, ticker=ticker, close=close, daily_return=move, growth=grown, drawdown=depth)
