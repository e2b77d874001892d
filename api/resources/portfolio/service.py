"""A portfolio over a panel of its holdings: value, risk, contributions and turnover. Panel in, figures out; pure.

Holdings are on the sessions that all of them share. The portfolio and its equal weights then are columns of a panel
like tickers, so that every registered metric is computed from them as from a ticker.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from api.analytics.arrays import NAN, Flags, Floats, quotient
from api.analytics.benchmark import correlation
from api.analytics.drawdown import drawdowns
from api.analytics.portfolio import (
    PortfolioPath,
    annual_turnover,
    contributions_to_return,
    contributions_to_risk,
    diversification_ratio,
    effective_holdings,
    simulate,
    weighted_volatility,
)
from api.analytics.registry import figures_of
from api.analytics.returns import cumulative_return, simple_returns
from api.analytics.risk import volatility
from api.formatting import numbers
from api.http.metric_fields import slugs_of
from api.http.rows import Rows
from api.panel.comparison import Comparison, compare, inputs_of
from api.panel.panel import Basis, Panel, panel_of
from api.resources.portfolio.request import PortfolioRequest, rebalancing_days
from api.resources.portfolio.schemas import (
    Holding,
    PortfolioDiversification,
    PortfolioRow,
    PortfolioSummary,
    Rebalancing,
    WeightRow,
)
from api.resources.rows import in_time_order, period_rows, session_rows
from api.store.protocol import VALUES, TickerBars

_METRICS = slugs_of(PortfolioSummary)
_Paths = Mapping[str, PortfolioPath]  # by basis
PORTFOLIO, EQUAL_WEIGHT = "portfolio", "equal_weight"


@dataclass(frozen=True)
class Portfolio:
    """A portfolio and its holdings.

    `names`: the holdings in alphabetical order, that of the arrays, so that the order in which they were asked for
    changes no bit of a sum. `targets`: (k,). `comparison`: the holdings on the sessions they share, r rows with the
    base first. `path`: on the basis. `panel`: the values of the portfolio and of equal weights
    beside the benchmark, as if they were tickers, PORTFOLIO and EQUAL_WEIGHT.
    """

    request: PortfolioRequest
    names: tuple[str, ...]
    targets: Floats
    comparison: Comparison
    path: PortfolioPath
    panel: Panel

    @cached_property
    def closes(self) -> Floats:
        """(r, k) closes of the holdings on the basis."""
        return self.comparison.closes[:, [self.comparison.panel.column(name) for name in self.names]]

    @cached_property
    def daily(self) -> Flags:
        """(r − 1,) whether each move is of one session and known."""
        follows: Flags = np.diff(self.comparison.rows) == 1
        return follows & np.isfinite(self.path.values[1:] + self.path.values[:-1])

    @cached_property
    def returns(self) -> Floats:
        """(d, k) daily returns of the holdings, without NaN."""
        return simple_returns(self.closes)[self.daily]

    @cached_property
    def own_returns(self) -> Floats:
        """(d,) daily returns of the portfolio, after costs."""
        return simple_returns(self.path.values)[self.daily]


def portfolio_of(panel: Panel, request: PortfolioRequest, benchmark: str | None, basis: Basis) -> Portfolio:
    """The portfolio over a panel that holds its tickers and the benchmark."""
    names = tuple(sorted(request.weights))
    comparison = compare(panel, names, basis)
    columns = [panel.column(name) for name in names]
    # Both paths are needed: one drifts with the prices, the other with every dividend reinvested.
    grids = {
        name: grid[comparison.rows][:, columns]
        for name, grid in (("split", panel.on("split")["close"]), ("total", panel.values["total_return_index"]))
    }
    if not comparison.has_base:  # a portfolio is bought at the base: without one it has no value
        grids = {name: np.full_like(grid, NAN) for name, grid in grids.items()}
    restored = _restored(comparison, request)
    targets = np.array([request.weights[name] for name in names])
    own, equal = (
        {name: simulate(grid, weights, restored, request.cost_bps) for name, grid in grids.items()}
        for weights in (targets, np.full(len(names), 1 / len(names)))
    )
    series = {PORTFOLIO: own, EQUAL_WEIGHT: equal}
    return Portfolio(request, names, targets, comparison, own[basis], _panel_of(comparison, series, benchmark))


def summaries(portfolio: Portfolio, benchmark: str | None, basis: Basis, rate: float) -> list[PortfolioSummary]:
    """The registered metrics of the portfolio, of equal weights, and of the benchmark on the same sessions."""
    panel = portfolio.panel
    inputs = [inputs_of(compare(panel, (name,), basis), name, benchmark, rate) for name in panel.tickers]
    figures = zip(panel.tickers, inputs, figures_of(_METRICS, inputs), strict=True)
    return [PortfolioSummary(ticker=name, returns=len(one["returns"]), **values) for name, one, values in figures]


def holdings_of(portfolio: Portfolio) -> list[Holding]:
    """What each holding is and does, in the order asked for."""
    path, returns = portfolio.path, portfolio.returns
    columns = {
        "target_weight": portfolio.targets,
        "end_weight": path.weights[-1] if len(path.gains) else np.full(len(portfolio.names), NAN),
        "cumulative_return": cumulative_return(portfolio.closes),
        "contribution_to_return": contributions_to_return(path),
        "contribution_to_risk": contributions_to_risk(path, portfolio.daily),
        "volatility": volatility(returns),
        "correlation_to_portfolio": np.array([correlation(column, portfolio.own_returns) for column in returns.T]),
    }
    cells = zip(*(numbers(column) for column in columns.values()), strict=True)
    by_name = {
        name: Holding(ticker=name, **dict(zip(columns, row, strict=True)))
        for name, row in zip(portfolio.names, cells, strict=True)
    }
    return [by_name[name] for name in portfolio.request.weights]


def diversification_of(portfolio: Portfolio) -> PortfolioDiversification:
    """The portfolio's volatility against the weighted mean of its holdings'."""
    own = float(volatility(portfolio.own_returns))
    mean = weighted_volatility(portfolio.returns, portfolio.targets)
    figures = np.array([own, mean, diversification_ratio(own, mean), mean - own])
    mixed, parts, ratio, saved = numbers(figures)
    return PortfolioDiversification(
        returns=len(portfolio.returns),
        volatility=mixed,
        mean_volatility=parts,
        ratio=ratio,
        volatility_saved=saved,
        effective_holdings=effective_holdings(portfolio.targets),
    )


def turnover_of(portfolio: Portfolio) -> tuple[float | None, float | None]:
    """The annual turnover, and the costs of all rebalancings as a fraction of the value at the base."""
    path, rows = portfolio.path, portfolio.comparison.rows
    known = np.isfinite(path.values[-1]) and portfolio.comparison.has_base
    if not known:
        return None, None
    turnover, cost = numbers(np.array([annual_turnover(path, int(rows[-1])), path.costs.sum()]))
    return turnover, cost


def rebalances_of(portfolio: Portfolio) -> list[Rebalancing]:
    """Each rebalancing, ascending."""
    path, days = portfolio.path, portfolio.comparison.days
    places = np.flatnonzero(_restored(portfolio.comparison, portfolio.request))
    figures = zip(places, numbers(path.turnover[places]), numbers(path.costs[places]), strict=True)
    return [
        Rebalancing(session=day, turnover=turnover, cost=cost)
        for place, turnover, cost in figures
        if (day := days[place]) is not None
    ]


def value_rows(portfolio: Portfolio, basis: Basis) -> Rows[PortfolioRow]:
    """Value, daily return and drawdown of each series of the panel, from the base on."""
    return in_time_order(PortfolioRow, (_value_rows(portfolio.panel, name, basis) for name in portfolio.panel.tickers))


def weight_rows(portfolio: Portfolio) -> Rows[WeightRow]:
    """The weight of each holding at each close, from the base on."""
    comparison = portfolio.comparison
    if not comparison.has_base:
        return in_time_order(WeightRow, ())
    periods = comparison.panel.periods
    places = periods.last_places(comparison.rows)
    days = periods.days(comparison.panel.axis, comparison.rows[places])
    tables = (
        session_rows(WeightRow, days, name, {"weight": weights[places]})
        for name, weights in zip(portfolio.names, portfolio.path.weights.T, strict=True)
    )
    return in_time_order(WeightRow, tables)


def base_warnings(portfolio: Portfolio) -> list[str]:
    """Why there is no portfolio, where a holding has no close before the window, or none in it."""
    panel = portfolio.comparison.panel
    if not panel.window.sessions:  # the coverage says so
        return []
    held = {name: panel.held[:, panel.column(name)] for name in portfolio.request.weights}
    if lacking := [name for name, flags in held.items() if not flags[0]]:
        where = f"at the base, {panel.window.base}" if panel.window.base else "before the period"
        why = f"{', '.join(lacking)}: no close {where}, so no portfolio is given"
        return [f"{why}; choose a window that begins later, or leave it out"]
    ended = [name for name, flags in held.items() if not flags[1:].any()]
    return [f"{', '.join(ended)}: no close in the period, so no portfolio is given; leave it out"] if ended else []


def _restored(comparison: Comparison, request: PortfolioRequest) -> Flags:
    """(r,) the rows of the comparison at whose close the targets are restored; none without a base."""
    days = [day for day in comparison.days if day]
    if not comparison.has_base or len(days) < len(comparison.rows):
        return np.zeros(len(comparison.rows), dtype=np.bool_)
    return np.array(rebalancing_days(days, request.rebalance), dtype=np.bool_)


def _panel_of(comparison: Comparison, series: Mapping[str, _Paths], benchmark: str | None) -> Panel:
    """A panel with the paths as if they were tickers, and the benchmark on the same sessions."""
    panel, rows = comparison.panel, comparison.rows if comparison.has_base else comparison.rows[1:]
    days = panel.axis[rows]
    bars = {}
    for name, paths in series.items():
        values = np.full((len(VALUES), len(comparison.rows)), NAN)
        values[VALUES.index("close")] = paths["split"].values
        values[VALUES.index("total_return_index")] = paths["total"].values
        bars[name] = TickerBars(days, values[:, len(comparison.rows) - len(days) :])
    if benchmark is not None:
        column = panel.column(benchmark)
        held = panel.held[rows, column]
        grid = np.array([panel.values[name][rows, column] for name in VALUES])
        bars[benchmark] = TickerBars(days[held], grid[:, held])
    return replace(panel_of(panel.published, panel.window, tuple(bars), bars), interval=panel.interval)


def _value_rows(panel: Panel, name: str, basis: Basis) -> Rows[PortfolioRow]:
    comparison = compare(panel, (name,), basis)
    if not comparison.taking_part:
        return in_time_order(PortfolioRow, ())
    start = 0 if comparison.has_base else 1
    column = panel.column(name)
    closes = comparison.closes[:, column]
    series = {
        "close": closes,
        "value": quotient(closes, np.full_like(closes, closes[0])),
        "drawdown": drawdowns(closes),
    }
    columns = {key: values[start:] for key, values in series.items()}
    return period_rows(PortfolioRow, panel, name, comparison.rows[start:], columns)
