"""2. How have tickers changed, and how do their daily fluctuations and trends compare? Figures of `/compare`."""

from collections.abc import Sequence

from api.formatting import decimal, listed, moved, percent, period, points
from api.panel.window import Span
from api.resources.compare.schemas import CompareResponse, CompareSummary, CorrelationPair
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import (
    describe_closes,
    describe_holes,
    describe_span,
    describe_too_few,
    reasons_of,
)
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import ComparisonAnswer

_ABOUT_EQUAL = 0.05  # the largest relative difference of volatilities that are called about the same
_CLOSE_TO_A_LINE = 0.5  # R²
_NO_RETURN = "no change of its close in the window is known"


def comparison_answer(compared: CompareResponse, span: Span) -> ComparisonAnswer:
    """The answer from a comparison on the split-adjusted basis."""
    tickers = [one.ticker for one in compared.summary]
    known = [one for one in compared.summary if one.returns or one.cumulative_return is not None]
    unknown = [one.ticker for one in compared.summary if one not in known]
    missing = reasons_of(compared.meta, unknown, compared.warnings, _NO_RETURN)
    parts = (
        _describe_changes(known, compared),
        _describe_fluctuations(known),
        _describe_trends(known),
        _describe_correlation(known, compared.correlation),
        describe_holes(compared.meta, tickers),
    )
    sentences = [part for part in (*parts, *missing) if part]
    return ComparisonAnswer(
        meta=compared.meta,
        name="comparison",
        question=QUESTIONS["comparison"].of(tickers, span=describe_span(span)),
        answer=" ".join(f"{sentence}." for sentence in sentences) if known else None,
        reason=None if known else "; ".join(missing),
        summary=compared.summary,
        rows=compared.rows,
        links=[link("compare", tickers=tickers, **span_parameters(span), benchmark=compared.meta.benchmark)],
        warnings=compared.warnings,
    )


def _describe_changes(known: Sequence[CompareSummary], compared: CompareResponse) -> str:
    """The change of each over the window, dividends apart, and the difference of the best and the worst."""
    changes = {one.ticker: one.cumulative_return for one in known if one.cumulative_return is not None}
    if not known:
        return ""
    first, last = known[0].first_session, known[0].last_session
    if not changes:
        span = f"; the figures are of the sessions {period(first, last)}" if first and last else ""
        shared = " that all have" if len(known) > 1 else ""
        return f"Without a close before the window{shared}, no change over the whole of it is known{span}"
    moves = listed([f"{ticker} {moved(change)}" for ticker, change in changes.items()])
    best, worst = max(changes, key=changes.__getitem__), min(changes, key=changes.__getitem__)
    difference = changes[best] - changes[worst]
    ahead = f", so that {best} did better than {worst} by {points(difference)}" if difference >= 0.0005 else ""
    return f"{describe_closes(compared.meta, last)}, dividends apart, {moves}{ahead}"


def _describe_fluctuations(known: Sequence[CompareSummary]) -> str:
    """The annual volatility of each, and whose is higher; why it is withheld, where it is."""
    ranked = sorted(((one.volatility, one.ticker) for one in known if one.volatility is not None), reverse=True)
    if known and not ranked:
        return describe_too_few(known[0].returns, "volatility")
    figures = listed([f"{percent(value)} a year for {ticker}" for value, ticker in ranked])
    if len(ranked) < 2:
        # One ticker was already named: the figure alone is left of "21.3 % a year for NVDA".
        return f"The volatility of its daily returns was {figures.partition(' for ')[0]}" if ranked else ""
    if ranked[0][0] - ranked[-1][0] <= _ABOUT_EQUAL * ranked[0][0]:
        return f"Their daily returns fluctuated about as much: a volatility of {figures}"
    more = "more" if len(ranked) == 2 else "most"
    return f"{ranked[0][1]}'s daily returns fluctuated {more}: a volatility of {figures}"


def _describe_trends(known: Sequence[CompareSummary]) -> str:
    return listed([trend for one in known if (trend := _describe_trend(one))])


def _describe_trend(one: CompareSummary) -> str:
    """The direction of the trend and how closely the log price followed it."""
    if one.trend_slope is None or one.trend_standard_error is None or one.trend_r_squared is None:
        return ""
    # The errors of daily prices are autocorrelated, so two standard errors are the least that a clear trend needs.
    line = f"{percent(one.trend_slope, 2)} a session, R² {one.trend_r_squared:.2f}"
    if abs(one.trend_slope) <= 2 * one.trend_standard_error:
        return f"{one.ticker} had no clear trend ({line})"
    way = "up" if one.trend_slope > 0 else "down"
    how = "close to a line" if one.trend_r_squared >= _CLOSE_TO_A_LINE else "with much scatter"
    return f"{one.ticker} trended {way}, {how} ({line})"


def _describe_correlation(known: Sequence[CompareSummary], pairs: Sequence[CorrelationPair]) -> str:
    if len(known) != 2 or len(pairs) != 1 or pairs[0].correlation is None:
        return ""
    return f"Their daily returns had a correlation of {decimal(pairs[0].correlation)}"
