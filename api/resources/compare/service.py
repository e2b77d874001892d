"""Tickers compared on the sessions they share, the base included. Panel in, figures out; pure.

A ticker without any bar in the window takes no part in the pairing. A daily return across a session that the others
lack spans both sessions.
"""

from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import NAN, Floats, quotient
from api.analytics.benchmark import correlation
from api.analytics.diversification import mean_volatility, mix_volatility, volatility_ratio
from api.analytics.drawdown import drawdowns
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.returns import simple_returns
from api.cells import numbers, times
from api.http.metric_fields import slugs_of
from api.panel.panel import Basis, Panel
from api.resources.compare.schemas import CompareRow, CompareSummary, CorrelationPair, Diversification
from api.resources.rows import in_time_order, session_rows

_Rows = npt.NDArray[np.intp]
_METRICS = slugs_of(CompareSummary)


@dataclass(frozen=True)
class Comparison:
    """`tickers`: those asked for; `taking_part`: those with a bar in the window.

    `rows`: the panel's rows that those share, ascending, row 0, the base, always first. `has_base`: whether they
    share it too. `closes` and `index`, (rows, tickers + benchmark): close on the basis and total return index, their
    first row NaN where there is no base.
    """

    panel: Panel
    tickers: tuple[str, ...]
    taking_part: tuple[str, ...]
    rows: _Rows
    has_base: bool
    closes: Floats
    index: Floats

    @property
    def days(self) -> list[date | None]:
        """The base, if the window has one, and the shared sessions."""
        axis = (self.panel.window.base, *self.panel.window.sessions)
        return [axis[row] for row in self.rows]


def compare(panel: Panel, tickers: tuple[str, ...], basis: Basis) -> Comparison:
    """The comparison of `tickers`; the panel may hold a benchmark beside them."""
    columns = [panel.column(ticker) for ticker in tickers]
    taking_part = [column for column in columns if panel.held[1:, column].any()]
    rows, has_base = _shared(panel, taking_part)
    grids = (panel.on(basis)["close"][rows], panel.values["total_return_index"][rows])
    closes, index = (grid if has_base else _without_base(grid) for grid in grids)
    names = tuple(panel.tickers[column] for column in taking_part)
    return Comparison(panel, tickers, names, rows, has_base, closes, index)


def summaries(comparison: Comparison, benchmark: str, rate: float = 0.0) -> list[CompareSummary]:
    """The registered metrics of each ticker, in the order asked for; `rate` is the risk-free return a session."""
    inputs = [inputs_of(comparison, ticker, benchmark, rate) for ticker in comparison.tickers]
    figures = figures_of(_METRICS, inputs)
    return [_summary(*one) for one in zip(comparison.tickers, inputs, figures, strict=True)]


def inputs_of(comparison: Comparison, ticker: str, benchmark: str, rate: float = 0.0) -> dict[str, Floats]:
    """What the metrics of returns need of one ticker: `analytics.metric.INPUTS`, but for bars and history."""
    column, other = comparison.panel.column(ticker), comparison.panel.column(benchmark)
    prices = comparison.closes[:, column] if ticker in comparison.taking_part else np.full(1, np.nan)
    paired, against = _paired(comparison, prices, column, other)
    moves, other_moves = simple_returns(paired), simple_returns(against)
    both = np.isfinite(moves) & np.isfinite(other_moves)
    return {
        "prices": prices,
        "total_index": comparison.index[: len(prices), column],
        "returns": _known(simple_returns(prices)),
        "rate": np.array(rate),
        "numbers": comparison.rows[1 : len(prices)].astype(np.float64),
        "closes": prices[1:],
        "paired_prices": paired,
        "paired_returns": moves[both],
        "benchmark_prices": against,
        "benchmark_returns": other_moves[both],
    }


def correlations(comparison: Comparison) -> list[CorrelationPair]:
    """Each pair of the tickers that take part, once."""
    returns = simple_returns(comparison.closes)
    return [
        _pair(ticker, other, *(returns[:, comparison.panel.column(name)] for name in (ticker, other)))
        for ticker, other in combinations(comparison.taking_part, 2)
    ]


def diversification_of(comparison: Comparison) -> Diversification:
    """The equal mix of the tickers that take part against the mean of its parts."""
    columns = [comparison.panel.column(ticker) for ticker in comparison.taking_part]
    returns = simple_returns(comparison.closes[:, columns])
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


def _shared(panel: Panel, columns: list[int]) -> tuple[_Rows, bool]:
    if not columns:
        return np.zeros(1, dtype=np.intp), False
    everywhere: npt.NDArray[np.bool_] = np.all(panel.held[:, columns], axis=1)
    return np.append(0, np.flatnonzero(everywhere[1:]) + 1), bool(everywhere[0])


def _without_base(grid: Floats) -> Floats:
    return np.vstack((np.full_like(grid[:1], np.nan), grid[1:]))


def _paired(comparison: Comparison, prices: Floats, column: int, other: int) -> tuple[Floats, Floats]:
    """A ticker's prices and the benchmark's on the rows that both have; the base is kept, NaN if either lacks it."""
    held = comparison.panel.held[comparison.rows[: len(prices)]]
    both = held[:, column] & held[:, other]
    both[0] = True
    paired, against = prices[both], comparison.closes[: len(prices), other][both]
    if np.isnan(paired[0] + against[0]):
        paired, against = (np.concatenate(([np.nan], series[1:])) for series in (paired, against))
    return paired, against


def _summary(ticker: str, inputs: Inputs, figures: Figures) -> CompareSummary:
    return CompareSummary(ticker=ticker, sessions=len(inputs["closes"]), returns=len(inputs["returns"]), **figures)


def _pair(ticker: str, other: str, returns: Floats, other_returns: Floats) -> CorrelationPair:
    both = np.isfinite(returns) & np.isfinite(other_returns)
    value = numbers(np.array([correlation(returns[both], other_returns[both])]))[0]
    return CorrelationPair(ticker=ticker, other=other, correlation=value, sessions=int(both.sum()))


def _ticker_rows(comparison: Comparison, ticker: str, stamps: list[str], start: int) -> list[CompareRow]:
    closes = comparison.closes[:, comparison.panel.column(ticker)]
    series = {
        "close": closes,
        "daily_return": np.concatenate(([NAN], simple_returns(closes))),
        "growth": quotient(closes, np.full_like(closes, closes[0])) - 1,
        "drawdown": drawdowns(closes),
    }
    columns = {name: values[start:] for name, values in series.items()}
    return session_rows(CompareRow, stamps, [ticker] * len(stamps), columns)


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]
