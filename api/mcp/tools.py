"""The tools: each asks what a path asks, through the same functions, and gives the summary and the key figures."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from api.formatting import counted, percent
from api.http.parameters import parse_benchmark, parse_tickers
from api.mcp import schemas
from api.mcp.answers import Answer, answer_of, lines_of, newest, table, window_of
from api.mcp.arguments import (
    MOST_ROWS,
    Arguments,
    CompareArguments,
    ListTickersArguments,
    OutlookArguments,
    PortfolioArguments,
    PricesArguments,
    QuestionArguments,
    RowsArguments,
    VolatilityArguments,
    parse,
)
from api.mcp.questions import ask, question_schema
from api.mcp.schemas import Schema
from api.panel.intervals import INTERVALS, Interval
from api.panel.loader import resolve_window
from api.panel.row_count import RowsAsked, RowsRequest, count_rows
from api.panel.window import Span
from api.resources.compare.routes import read_compare
from api.resources.compare.schemas import CompareRow, CompareSummary, CorrelationPair, Diversification
from api.resources.outlook.routes import read_outlook
from api.resources.outlook.schemas import BasketOutlook, OutlookSummary
from api.resources.portfolio.request import PortfolioRequest, parse_weights
from api.resources.portfolio.routes import read_portfolio
from api.resources.portfolio.schemas import Holding, PortfolioDiversification, PortfolioRow, PortfolioSummary
from api.resources.prices.routes import read_prices
from api.resources.prices.schemas import PriceRow, PriceSummary
from api.resources.returns.routes import read_returns
from api.resources.returns.schemas import ReturnsRow, ReturnsSummary
from api.resources.tickers.routes import read_tickers
from api.resources.tickers.schemas import TickerRow
from api.resources.volatility.routes import read_volatility
from api.resources.volatility.schemas import AssociationRow, VolatilityRow, VolatilitySummary
from api.store.protocol import Snapshot

_COARSEST = INTERVALS[-1]
_MOST_PAIRS = 45  # ten tickers
_MOST_ASSOCIATIONS = 24

_TICKER = ("value", "name", "kind", "sector", "tracks", "first", "last", "sessions", "reason")
_PRICE = ("ticker", "sessions", "last_session", "last_close", "average_volume", "average_range_ratio")
_PRICE_ROW = ("time", "ticker", "open", "high", "low", "close", "volume", "change_ratio")
_COMPARE = (
    *("ticker", "sessions", "cumulative_return", "cumulative_total_return", "excess_return", "average_daily_return"),
    *("volatility", "max_drawdown", "best_day", "worst_day", "trend_slope", "trend_r_squared", "beta"),
    "correlation_to_benchmark",
)
_COMPARE_ROW = ("time", "ticker", "close", "daily_return", "growth", "drawdown")
_PAIR = ("ticker", "other", "correlation", "sessions")
_MIX = ("tickers", "mix_volatility", "mean_volatility", "ratio")
_RETURNS = (
    *("ticker", "sessions", "cumulative_return", "cumulative_total_return", "cagr", "average_daily_return"),
    *("volatility", "sharpe", "sortino", "max_drawdown", "drawdown_peak", "drawdown_trough", "drawdown_recovery"),
    *("best_day", "best_day_on", "worst_day", "worst_day_on", "value_at_risk", "excess_return", "beta"),
)
_RETURNS_ROW = ("time", "ticker", "close", "daily_return", "growth", "benchmark_growth", "drawdown")
_VOLATILITY = (
    *("ticker", "sessions", "volatility", "yang_zhang", "ewma_volatility", "regime", "regime_percentile"),
    *(
        "expected_range_1d_low",
        "expected_range_1d_high",
        "expected_range_5d_low",
        "expected_range_5d_high",
        "atr_ratio",
    ),
)
_VOLATILITY_ROW = ("time", "ticker", "daily_return", "log_range", "volume", "rolling_volatility", "ewma_volatility")
_ASSOCIATION = ("ticker", "move", "with", "lag", "rho", "low", "high", "n")
_PORTFOLIO = (
    *("ticker", "cumulative_return", "cumulative_total_return", "cagr", "volatility", "sharpe", "max_drawdown"),
    *("best_day", "worst_day", "excess_return", "beta", "correlation_to_benchmark"),
)
_HOLDING = (
    "ticker",
    "target_weight",
    "end_weight",
    "cumulative_return",
    "contribution_to_return",
    "contribution_to_risk",
)
_SPREAD = ("ratio", "volatility_saved", "effective_holdings")
_PORTFOLIO_ROW = ("time", "ticker", "value", "daily_return", "drawdown")
_OUTLOOK = (
    *("a", "b", "p_a_beats_b", "p_low", "p_high", "verdict", "weight_on_history", "horizon_sessions"),
    *("spread_05", "spread_50", "spread_95"),
)
_BASKET = ("name", "past_return", "past_volatility", "return_05", "return_50", "return_95")


class Tool(NamedTuple):
    """One tool. `read` answers parsed arguments from a snapshot; `output` builds the schema of what it gives."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    output: Callable[[], Schema]
    read: Callable[[Snapshot, Any], Awaitable[Answer]]

    async def call(self, snapshot: Snapshot, given: Mapping[str, Any]) -> Answer:
        """The answer to a call; ApiError where there is none."""
        return await self.read(snapshot, parse(self.arguments, given))


async def _list_tickers(snapshot: Snapshot, asked: ListTickersArguments) -> Answer:
    answer = await read_tickers(snapshot, search=asked.search, kind=asked.kind, sector=asked.sector)
    given = [
        {"ticker" if name == "value" else name: one for name, one in row.items()}
        for row in table(answer.rows[:MOST_ROWS], _TICKER)
    ]
    cut = (
        [f"only {MOST_ROWS} of {answer.total} tickers are given; search for a part of the name, or name a sector"]
        if answer.total > MOST_ROWS
        else []
    )
    lines = [f"{row.text}: {f'{row.first} to {row.last}' if row.published else 'not published'}" for row in answer.rows]
    return answer_of(
        answer.meta,
        [*answer.warnings, *cut],
        lines or ["No ticker is found."],
        found=answer.total,
        tickers=given,
    )


async def _get_prices(snapshot: Snapshot, asked: PricesArguments) -> Answer:
    tickers, span = parse_tickers(asked.tickers), asked.span(snapshot.published, "3m")
    interval = _interval(snapshot, asked, tickers, span, shape=RowsAsked(None))
    answer = await read_prices(tickers, span, asked.basis, RowsRequest(interval), snapshot)
    return _answer(answer, asked, _PRICE, _PRICE_ROW)


async def _compare(snapshot: Snapshot, asked: CompareArguments) -> Answer:
    tickers, span, benchmark = (
        parse_tickers(asked.tickers),
        asked.span(snapshot.published, "3m"),
        parse_benchmark(asked.benchmark),
    )
    interval = _interval(
        snapshot, asked, tickers, span, shape=RowsAsked(None, shared=True, base=True), benchmark=benchmark
    )
    answer = await read_compare(
        tickers, span, asked.basis, benchmark=benchmark, rf=asked.rf, rows=RowsRequest(interval), snapshot=snapshot
    )
    pairs = table(answer.correlation, _PAIR)
    many = (
        [f"correlation: left out, there are {len(pairs):,} pairs; compare ten tickers at most"]
        if len(pairs) > _MOST_PAIRS
        else []
    )
    lines = [
        f"{one['ticker']} and {one['other']}: correlation {one['correlation']:.2f}"
        for one in pairs
        if one["correlation"] is not None
    ]
    return _answer(
        answer,
        asked,
        _COMPARE,
        _COMPARE_ROW,
        warnings=many,
        lines=lines if not many else [],
        correlation=[] if many else pairs,
        diversification=table([answer.diversification], _MIX)[0],
    )


async def _returns(snapshot: Snapshot, asked: CompareArguments) -> Answer:
    tickers, span, benchmark = (
        parse_tickers(asked.tickers),
        asked.span(snapshot.published, "3m"),
        parse_benchmark(asked.benchmark),
    )
    interval = _interval(snapshot, asked, tickers, span, shape=RowsAsked(None, base=True), benchmark=benchmark)
    answer = await read_returns(
        tickers, span, asked.basis, benchmark=benchmark, rf=asked.rf, rows=RowsRequest(interval), snapshot=snapshot
    )
    return _answer(answer, asked, _RETURNS, _RETURNS_ROW)


async def _volatility(snapshot: Snapshot, asked: VolatilityArguments) -> Answer:
    tickers, span = parse_tickers(asked.tickers), asked.span(snapshot.published, "3m")
    interval = _interval(snapshot, asked, tickers, span, shape=RowsAsked(None))
    answer = await read_volatility(tickers, span, asked.basis, RowsRequest(interval), snapshot)
    clear = [
        one for one in answer.associations if one.low is not None and one.high is not None and one.low * one.high > 0
    ]
    names = tuple("other" if name == "with" else name for name in _ASSOCIATION)
    known = [{"with" if name == "other" else name: value for name, value in one.items()} for one in table(clear, names)]
    return _answer(answer, asked, _VOLATILITY, _VOLATILITY_ROW, associations=known[:_MOST_ASSOCIATIONS])


async def _portfolio(snapshot: Snapshot, asked: PortfolioArguments) -> Answer:
    request = PortfolioRequest(parse_weights(asked.weights), asked.rebalance, asked.cost_bps)
    span, benchmark = asked.span(snapshot.published, "1y"), parse_benchmark(asked.benchmark)
    shape = RowsAsked(None, shared=True, base=True, series=3)
    interval = _interval(snapshot, asked, request.tickers, span, shape=shape, benchmark=benchmark)
    answer = await read_portfolio(
        request, span, asked.basis, benchmark=benchmark, rf=asked.rf, rows=RowsRequest(interval), snapshot=snapshot
    )
    holdings = table(answer.holdings, _HOLDING)
    return _answer(
        answer,
        asked,
        _PORTFOLIO,
        _PORTFOLIO_ROW,
        lines=lines_of(holdings),
        holdings=holdings,
        diversification=table([answer.diversification], _SPREAD)[0],
        turnover=answer.turnover,
        cost_paid=answer.cost_paid,
        rebalances=len(answer.rebalances),
    )


async def _outlook(snapshot: Snapshot, asked: OutlookArguments) -> Answer:
    answer = await read_outlook(asked.request(), asked.span(snapshot.published, "6m"), snapshot)
    summary, baskets = table(answer.summary, _OUTLOOK), table(answer.baskets, _BASKET)
    (found,) = answer.summary
    chance = (
        f"{found.a} returns more than {found.b} over {found.horizon_sessions} sessions with a probability of "
        f"{percent(found.p_a_beats_b, 0)} ({percent(found.p_low, 0)} to {percent(found.p_high, 0)}): {found.verdict}."
    )
    lines = [chance, *lines_of(baskets, "name"), answer.power, "This is not advice."]
    return answer_of(
        answer.meta,
        answer.warnings,
        lines,
        window=window_of(answer.meta.window),
        summary=summary,
        baskets=baskets,
        power=answer.power,
        advice=answer.advice,
    )


def _answer(
    answer: Any,
    asked: RowsArguments,
    figures: Sequence[str],
    columns: Sequence[str],
    *,
    warnings: Sequence[str] = (),
    lines: Sequence[str] = (),
    **parts: Any,
) -> Answer:
    """The answer of a path with a summary a ticker, and the rows where they are asked for."""
    summary = table(answer.summary, figures)
    rows, cut = newest(answer.rows, columns) if asked.rows else (None, [])
    known = answer.warnings if asked.rows else [one for one in answer.warnings if not one.startswith("interval=")]
    return answer_of(
        answer.meta,
        [*known, *warnings, *cut],
        [*_window_line(answer), *lines_of(summary), *lines, *_rows_line(answer, rows)],
        window=window_of(answer.meta.window),
        summary=summary,
        **parts,
        interval=answer.meta.interval if asked.rows else None,
        rows=rows,
    )


def _rows_line(answer: Any, rows: Sequence[Any] | None) -> list[str]:
    return [] if rows is None else [f"{counted(len(rows), 'row')} of {answer.meta.interval} in the structured answer."]


def _window_line(answer: Any) -> list[str]:
    window = answer.meta.window
    return [f"{window.first} to {window.to}, {window.sessions} sessions:"]


def _interval(
    snapshot: Snapshot,
    asked: RowsArguments,
    tickers: Sequence[str],
    span: Span,
    *,
    shape: RowsAsked,
    benchmark: str | None = None,
) -> Interval | None:
    """The interval of the rows: the one asked for, or the finest of at most MOST_ROWS; any that fits without rows."""
    if not asked.rows:
        return None
    if asked.interval != "auto":
        return asked.interval
    published = snapshot.published
    window = resolve_window(published, tickers, span, benchmark, shared=shape.base)
    counts = ((one, count_rows(published.manifest, tickers, window, shape, one)) for one in INTERVALS)
    return next((one for one, count in counts if count <= MOST_ROWS), _COARSEST)


def _with_rows(
    summary: type[Any], figures: Sequence[str], row: type[Any], columns: Sequence[str], **parts: Schema
) -> Schema:
    return schemas.output_schema(
        {
            "window": schemas.WINDOW,
            "summary": schemas.table(summary, figures, "One entry a ticker"),
            **parts,
            "interval": schemas.INTERVAL,
            "rows": schemas.rows(row, columns),
        },
        ("window", "summary"),
    )


def _tickers_schema() -> Schema:
    tickers = schemas.table(TickerRow, _TICKER, "What can be asked for, and what the lake has of it")
    items = tickers["items"]
    items["properties"] = {"ticker" if name == "value" else name: one for name, one in items["properties"].items()}
    found = {"type": "integer", "description": "How many tickers match"}
    return schemas.output_schema({"found": found, "tickers": tickers}, ("found", "tickers"))


def _compare_schema() -> Schema:
    return _with_rows(
        CompareSummary,
        _COMPARE,
        CompareRow,
        _COMPARE_ROW,
        correlation=schemas.table(CorrelationPair, _PAIR, "Each pair of tickers once"),
        diversification=schemas.entry(Diversification, _MIX, "The equal mix: a ratio of 1 lowers no volatility"),
    )


def _volatility_schema() -> Schema:
    associations = schemas.table(
        AssociationRow, _ASSOCIATION, "Rank correlations of moves with volume and sentiment whose interval excludes 0"
    )
    return _with_rows(VolatilitySummary, _VOLATILITY, VolatilityRow, _VOLATILITY_ROW, associations=associations)


def _portfolio_schema() -> Schema:
    number: Schema = {"type": ["number", "null"]}
    return _with_rows(
        PortfolioSummary,
        _PORTFOLIO,
        PortfolioRow,
        _PORTFOLIO_ROW,
        holdings=schemas.table(Holding, _HOLDING, "What each holding added to return and to risk"),
        diversification=schemas.entry(PortfolioDiversification, _SPREAD, "What mixing does to volatility"),
        turnover=number | {"description": "A year, a fraction of the value"},
        cost_paid=number | {"description": "A fraction of the first value"},
        rebalances={"type": "integer", "description": "How often the weights were restored"},
    )


def _outlook_schema() -> Schema:
    text: Schema = {"type": "string"}
    parts = {
        "window": schemas.WINDOW,
        "summary": schemas.table(OutlookSummary, _OUTLOOK, "One entry: the answer"),
        "baskets": schemas.table(BasketOutlook, _BASKET, "A, then B: the past window, and quantiles of the outlook"),
        "power": text | {"description": "How much history it would take to know"},
        "advice": text,
    }
    return schemas.output_schema(parts, parts)


_FRACTIONS = "Ratios are fractions."
_TOOLS = (
    Tool(
        "answer_question",
        "Answer one of five questions",
        "Answers one of five prepared questions about any tickers in a headline, key figures and details. Use it first "
        "when the user asks about trading volume (volume), how tickers changed and compare (comparison), gains against "
        "a benchmark and diversifying (diversification), which of two baskets is likelier ahead (outlook), or "
        "volatility patterns (patterns).",
        QuestionArguments,
        question_schema,
        ask,
    ),
    Tool(
        "list_tickers",
        "List the tickers",
        "Which tickers can be asked for, with name, sector, index and the sessions that the lake holds. Use it to find "
        "a symbol by name, the tickers of a sector, or why a ticker is missing.",
        ListTickersArguments,
        _tickers_schema,
        _list_tickers,
    ),
    Tool(
        "get_prices",
        "Daily prices",
        "Last close, volume and daily range of each ticker over a window; with rows, its bars by day, week, month or "
        f"quarter. Use it for prices themselves; compare, returns and volatility have the analysis. {_FRACTIONS}",
        PricesArguments,
        lambda: _with_rows(PriceSummary, _PRICE, PriceRow, _PRICE_ROW),
        _get_prices,
    ),
    Tool(
        "compare",
        "Compare tickers",
        "Tickers side by side on the sessions that all of them have: change, volatility, trend, drawdown, beta, "
        f"correlation of each pair, and what an equal mix does to volatility. {_FRACTIONS}",
        CompareArguments,
        _compare_schema,
        _compare,
    ),
    Tool(
        "returns",
        "Returns and risk",
        "Each ticker on its own sessions: cumulative, annual and average return, Sharpe and Sortino ratio, value at "
        f"risk, deepest drawdown with its dates, best and worst day, beta. {_FRACTIONS}",
        CompareArguments,
        lambda: _with_rows(ReturnsSummary, _RETURNS, ReturnsRow, _RETURNS_ROW),
        _returns,
    ),
    Tool(
        "volatility",
        "Volatility and expected range",
        "How much each ticker moves by several estimators, whether that is calm or stressed for it, the price range to "
        f"expect over one and five sessions, and what its moves go with. {_FRACTIONS}",
        VolatilityArguments,
        _volatility_schema,
        _volatility,
    ),
    Tool(
        "portfolio",
        "A portfolio's past",
        "What a long-only portfolio of given weights returned, at what risk, what each holding added to return and to "
        f"risk, turnover and cost; beside equal weights and a benchmark. {_FRACTIONS}",
        PortfolioArguments,
        _portfolio_schema,
        _portfolio,
    ),
    Tool(
        "outlook",
        "Which basket is likelier ahead",
        "The probability that basket A returns more than basket B over the next weeks or months, with its range and "
        f"how little is known. Never advice: pass on the uncertainty and the power sentence. {_FRACTIONS}",
        OutlookArguments,
        _outlook_schema,
        _outlook,
    ),
)
TOOLS: Mapping[str, Tool] = MappingProxyType({tool.name: tool for tool in _TOOLS})
