"""What `/compare` says about a comparison: figures, correlations, rows and warnings. Pure."""

from collections.abc import Sequence

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.analytics.benchmark import correlation
from api.analytics.diversification import mean_volatility, mix_volatility, volatility_ratio
from api.analytics.drawdown import drawdowns
from api.analytics.registry import Figures, Inputs, figures_of
from api.formatting import listed, numbers
from api.http.metric_fields import slugs_of
from api.http.rows import Rows
from api.panel.comparison import Comparison, inputs_of, unpaired_warnings
from api.resources.compare.schemas import CompareRow, CompareSummary, CorrelationPair, Diversification
from api.resources.rows import in_time_order, period_rows

_METRICS = slugs_of(CompareSummary)


def summaries(comparison: Comparison, benchmark: str | None, rate: float = 0.0) -> list[CompareSummary]:
    """The registered metrics of each ticker, in the order asked for; `rate` is the risk-free return a session."""
    inputs = [inputs_of(comparison, ticker, benchmark, rate) for ticker in comparison.tickers]
    figures = figures_of(_METRICS, inputs)
    return [_summary(comparison, *one) for one in zip(comparison.tickers, inputs, figures, strict=True)]


def correlations(comparison: Comparison) -> list[CorrelationPair]:
    """Each pair of the tickers that take part, once."""
    names = comparison.taking_part
    returns = comparison.returns[:, [comparison.panel.column(ticker) for ticker in names]]
    found = [_with_others(returns[:, place:]) for place in range(len(names) - 1)]
    return [
        CorrelationPair(ticker=ticker, other=other, correlation=value, sessions=sessions)
        for place, (ticker, pairs) in enumerate(zip(names, found, strict=False))
        for other, value, sessions in zip(names[place + 1 :], *pairs, strict=True)
    ]


def diversification_of(comparison: Comparison) -> Diversification:
    """The equal mix of the tickers that take part and have a daily return against the mean of its parts."""
    columns = {ticker: comparison.panel.column(ticker) for ticker in comparison.taking_part}
    # A ticker of unknown dividends has no total return, and would leave the mix of the others without any.
    parts_of_mix = [ticker for ticker, place in columns.items() if np.isfinite(comparison.returns[:, place]).any()]
    returns = comparison.returns[1:, [columns[ticker] for ticker in parts_of_mix]]
    # A return of the mix exists only where every part has one.
    returns = returns[np.isfinite(returns).all(axis=1) & bool(parts_of_mix)]
    figures = np.array([mix_volatility(returns), mean_volatility(returns), volatility_ratio(returns)])
    mixed, parts, ratio = numbers(figures)
    return Diversification(
        tickers=parts_of_mix,
        returns=len(returns),
        mix_volatility=mixed,
        mean_volatility=parts,
        ratio=ratio,
    )


def growth_rows(comparison: Comparison) -> Rows[CompareRow]:
    """Close, growth and drawdown, from the base if there is one, ascending in time, then ticker."""
    # Without a shared base its row would be empty in every column.
    start = 0 if comparison.has_base else 1
    return in_time_order(CompareRow, (_ticker_rows(comparison, ticker, start) for ticker in comparison.taking_part))


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
            f"{', '.join(lacking)}: no close on {panel.window.base}, the session before the period, so no cumulative "
            f"figure is given for any ticker; leave out {listed(lacking)} or choose a later start"
        )
    return warnings


def benchmark_warnings(summary: Sequence[CompareSummary], benchmark: str | None) -> list[str]:
    """On how many daily returns what is held against the benchmark rests, where they are not all."""
    return unpaired_warnings(((one.ticker, one.returns, one.paired_returns) for one in summary), benchmark)


def _summary(comparison: Comparison, ticker: str, inputs: Inputs, figures: Figures) -> CompareSummary:
    first, last = comparison.ends(ticker)
    return CompareSummary(
        ticker=ticker,
        sessions=len(inputs["closes"]),
        first_session=first,
        last_session=last,
        returns=len(inputs["returns"]),
        paired_returns=len(inputs["paired_returns"]),
        **figures,
    )


def _with_others(returns: Floats) -> tuple[list[float | None], list[int]]:
    """The correlation of the first column of (n, k) returns with each other one, and the number of pairs of each."""
    own, others = returns[:, :1], returns[:, 1:]
    both = np.isfinite(own) & np.isfinite(others)
    if (both == both[:, :1]).all():  # all at once, where they have the same sessions
        paired = others[both[:, 0]]
        values = correlation(np.broadcast_to(own[both[:, 0]], paired.shape), paired)
    else:
        values = np.array(
            [correlation(own[known, 0], other[known]) for other, known in zip(others.T, both.T, strict=True)]
        )
    return numbers(values), both.sum(axis=0).tolist()


def _ticker_rows(comparison: Comparison, ticker: str, start: int) -> Rows[CompareRow]:
    closes = comparison.closes[:, comparison.panel.column(ticker)]
    series = {
        "close": closes,
        "growth": quotient(closes, np.full_like(closes, closes[0])) - 1,
        "drawdown": drawdowns(closes),
    }
    columns = {name: values[start:] for name, values in series.items()}
    return period_rows(CompareRow, comparison.panel, ticker, comparison.rows[start:], columns)
