"""What `/compare` says about a comparison: figures, correlations, rows and warnings. Pure."""

from itertools import combinations

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.analytics.benchmark import correlation
from api.analytics.diversification import mean_volatility, mix_volatility, volatility_ratio
from api.analytics.drawdown import drawdowns
from api.analytics.registry import Figures, Inputs, figures_of
from api.formatting import numbers, times
from api.http.metric_fields import slugs_of
from api.panel.comparison import Comparison, inputs_of
from api.resources.compare.schemas import CompareRow, CompareSummary, CorrelationPair, Diversification
from api.resources.rows import in_time_order, session_rows

_METRICS = slugs_of(CompareSummary)


def summaries(comparison: Comparison, benchmark: str, rate: float = 0.0) -> list[CompareSummary]:
    """The registered metrics of each ticker, in the order asked for; `rate` is the risk-free return a session."""
    inputs = [inputs_of(comparison, ticker, benchmark, rate) for ticker in comparison.tickers]
    figures = figures_of(_METRICS, inputs)
    return [_summary(*one) for one in zip(comparison.tickers, inputs, figures, strict=True)]


def correlations(comparison: Comparison) -> list[CorrelationPair]:
    """Each pair of the tickers that take part, once."""
    returns = comparison.returns
    return [
        _pair(ticker, other, *(returns[:, comparison.panel.column(name)] for name in (ticker, other)))
        for ticker, other in combinations(comparison.taking_part, 2)
    ]


def diversification_of(comparison: Comparison) -> Diversification:
    """The equal mix of the tickers that take part against the mean of its parts."""
    columns = [comparison.panel.column(ticker) for ticker in comparison.taking_part]
    returns = comparison.returns[1:, columns]
    # A return of the mix exists only where every part has one.
    returns = returns[np.isfinite(returns).all(axis=1)]
    figures = np.array([mix_volatility(returns), mean_volatility(returns), volatility_ratio(returns)])
    mixed, parts, ratio = numbers(figures)
    return Diversification(
        tickers=list(comparison.taking_part),
        returns=len(returns),
        mix_volatility=mixed,
        mean_volatility=parts,
        ratio=ratio,
    )


def growth_rows(comparison: Comparison) -> list[CompareRow]:
    """Close, growth and drawdown, from the base if there is one, ascending in time, then ticker."""
    # Without a shared base its row would be empty in every column.
    start = 0 if comparison.has_base else 1
    stamps = times(day for day in comparison.days[start:] if day)
    return in_time_order(
        row for ticker in comparison.taking_part for row in _ticker_rows(comparison, ticker, stamps, start)
    )


def pairing_warnings(comparison: Comparison) -> list[str]:
    """Sentences on the sessions and the base that pairing left out."""
    panel, warnings = comparison.panel, []
    columns = [panel.column(ticker) for ticker in comparison.taking_part]
    shared, held = len(comparison.rows) - 1, panel.held[1:, columns].sum(axis=0)
    if (held > shared).any():
        warnings.append(f"compared on the {shared} sessions that {', '.join(comparison.taking_part)} share")
    if not comparison.has_base and panel.held[0, columns].any():
        lacking = [ticker for ticker in comparison.taking_part if not panel.held[0, panel.column(ticker)]]
        warnings.append(
            f"{', '.join(lacking)}: without the base {panel.window.base} that the others have, so that no cumulative "
            "figure is given for any; leave out what lacks it, or take a later window"
        )
    return warnings


def _summary(ticker: str, inputs: Inputs, figures: Figures) -> CompareSummary:
    return CompareSummary(ticker=ticker, sessions=len(inputs["closes"]), returns=len(inputs["returns"]), **figures)


def _pair(ticker: str, other: str, returns: Floats, other_returns: Floats) -> CorrelationPair:
    both = np.isfinite(returns) & np.isfinite(other_returns)
    value = numbers(np.array([correlation(returns[both], other_returns[both])]))[0]
    return CorrelationPair(ticker=ticker, other=other, correlation=value, sessions=int(both.sum()))


def _ticker_rows(comparison: Comparison, ticker: str, stamps: list[str], start: int) -> list[CompareRow]:
    column = comparison.panel.column(ticker)
    closes = comparison.closes[:, column]
    series = {
        "close": closes,
        "daily_return": comparison.returns[:, column],
        "growth": quotient(closes, np.full_like(closes, closes[0])) - 1,
        "drawdown": drawdowns(closes),
    }
    columns = {name: values[start:] for name, values in series.items()}
    return session_rows(CompareRow, stamps, [ticker] * len(stamps), columns)
