"""2. How have tickers changed, and how do their daily fluctuations and trends compare? Figures of `/compare`."""

from collections.abc import Callable, Mapping, Sequence

from api.formatting import decimal, listed, moved, percent, period, points, shown_difference, signed_percent
from api.panel.window import Span
from api.resources.compare.schemas import CompareResponse, CompareSummary, CorrelationPair
from api.resources.questions.key_figures import Figures, few, figure
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import (
    FEW,
    Answer,
    describe_closes,
    describe_holes,
    describe_span,
    describe_too_few,
    no_answer,
    over_span,
    reasons_of,
    sentences,
)
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import ComparisonAnswer, KeyFigure, Unit

_ABOUT_EQUAL = 0.05  # the largest relative difference of volatilities that are called similar
_CLOSE_TO_A_LINE = 0.5  # R²
_NO_RETURN = "no change of its close in the window is known"


def comparison_answer(compared: CompareResponse, span: Span) -> ComparisonAnswer:
    """The answer from a comparison on the split-adjusted basis."""
    tickers = [one.ticker for one in compared.summary]
    known = [one for one in compared.summary if one.returns or one.cumulative_return is not None]
    unknown = [one.ticker for one in compared.summary if one not in known]
    missing = reasons_of(compared.meta, unknown, compared.warnings, _NO_RETURN)
    answer = Answer(_headline(known, compared, span), _key_figures(known, compared), _details(known, compared, missing))
    return ComparisonAnswer(
        meta=compared.meta,
        name="comparison",
        question=QUESTIONS["comparison"].of(tickers, span=describe_span(span)),
        **(answer.fields() if known else no_answer(missing)),
        summary=compared.summary,
        rows=compared.rows,
        links=[link("compare", tickers=tickers, **span_parameters(span), benchmark=compared.meta.benchmark)],
        warnings=compared.warnings,
    )


def _headline(known: Sequence[CompareSummary], compared: CompareResponse, span: Span) -> str:
    """The change of each, or of many the best and the worst, and which was the most volatile."""
    changes, volatility = _changes(known), _describe_volatility(known)
    if not known or not changes:
        return f"The change over the whole period is unknown{f'; {volatility}' if volatility else ''}."
    over = over_span(span, compared.meta, known[0].last_session)
    if len(changes) > FEW:
        best, worst = _extremes(changes)
        ends = f"{best} did best ({signed_percent(changes[best])}) and {worst} worst ({signed_percent(changes[worst])})"
        return f"Of {len(changes)} tickers {ends} {over}{f'; {volatility}' if volatility else ''}."
    moves = listed([f"{ticker} {moved(change)}" for ticker, change in changes.items()])
    return f"{moves} {over}{f'; {volatility}' if volatility else ''}."


def _key_figures(known: Sequence[CompareSummary], compared: CompareResponse) -> list[KeyFigure]:
    columns: tuple[tuple[str, Unit, Callable[[CompareSummary], float | None]], ...] = (
        ("Price change", "signed_ratio", lambda one: one.cumulative_return),
        ("Volatility (ann.)", "ratio", lambda one: one.volatility),
        ("Trend per day", "small_ratio", lambda one: one.trend_slope),
        ("Max drawdown", "signed_ratio", lambda one: one.max_drawdown),
    )
    pairs = compared.correlation if len(known) == 2 else []
    also = [figure("Correlation of daily returns", pair.correlation, "number") for pair in pairs]
    return few([Figures(label, unit, {one.ticker: of(one) for one in known}) for label, unit, of in columns], also)


def _details(known: Sequence[CompareSummary], compared: CompareResponse, missing: Sequence[str]) -> list[str]:
    parts = (
        _describe_changes(known, compared),
        _describe_volatilities(known),
        _describe_trends(known),
        _describe_correlation(known, compared.correlation),
        describe_holes(compared.meta, [one.ticker for one in compared.summary]),
    )
    return sentences((*parts, *missing))


def _changes(known: Sequence[CompareSummary]) -> dict[str, float]:
    return {one.ticker: one.cumulative_return for one in known if one.cumulative_return is not None}


def _extremes(values: Mapping[str, float]) -> tuple[str, str]:
    return max(values, key=values.__getitem__), min(values, key=values.__getitem__)


def _describe_changes(known: Sequence[CompareSummary], compared: CompareResponse) -> str:
    """Between which closes prices changed, by how much where the headline does not say it, and the difference."""
    changes = _changes(known)
    if not known:
        return ""
    first, last = known[0].first_session, known[0].last_session
    if not changes:
        span = f"; the other figures are of the sessions {period(first, last)}" if first and last else ""
        shared = " that all tickers share" if len(known) > 1 else ""
        return f"No close before the period{shared} is known, so no change over the whole of it is given{span}"
    closes = f"{describe_closes(compared.meta, last)}, without dividends"
    best, worst = _extremes(changes)
    ahead = shown_difference(changes[best], changes[worst])
    moves = [f"{ticker} {moved(change)}" for ticker, change in changes.items()] if len(changes) > FEW else []
    if ahead:
        moves.append(f"{best} did better than {worst} by {points(ahead)}")
    return f"{closes}, {listed(moves)}" if moves else f"The change is measured {closes.replace('From', 'from', 1)}"


def _ranked(known: Sequence[CompareSummary]) -> list[tuple[float, str]]:
    """Volatilities from the highest down, each with its ticker."""
    return sorted(((one.volatility, one.ticker) for one in known if one.volatility is not None), reverse=True)


def _describe_volatility(known: Sequence[CompareSummary]) -> str:
    """Which was the more volatile, as a clause; empty for one ticker."""
    ranked = _ranked(known)
    if len(ranked) < 2:
        return ""
    if ranked[0][0] - ranked[-1][0] <= _ABOUT_EQUAL * ranked[0][0]:
        return "their volatility was similar"
    return f"{ranked[0][1]} was the {'more' if len(ranked) == 2 else 'most'} volatile"


def _describe_volatilities(known: Sequence[CompareSummary]) -> str:
    """The annual volatility of each; why it is withheld, where it is."""
    ranked = _ranked(known)
    if known and not ranked:
        return describe_too_few(known[0].returns, "volatility")
    figures = listed([f"{percent(value)} for {ticker}" for value, ticker in ranked])
    return f"Annual volatility of daily returns was {figures}" if ranked else ""


def _describe_trends(known: Sequence[CompareSummary]) -> str:
    return listed([trend for one in known if (trend := _describe_trend(one))])


def _describe_trend(one: CompareSummary) -> str:
    """The direction of the trend and how closely the log price followed it."""
    if one.trend_slope is None or one.trend_standard_error is None or one.trend_r_squared is None:
        return ""
    # The errors of daily prices are autocorrelated, so two standard errors are the least that a clear trend needs.
    line = f"{signed_percent(one.trend_slope, 2)} a day, R² {one.trend_r_squared:.2f}"
    if abs(one.trend_slope) <= 2 * one.trend_standard_error:
        return f"{one.ticker} had no clear trend ({line})"
    way = "up" if one.trend_slope > 0 else "down"
    how = "steadily" if one.trend_r_squared >= _CLOSE_TO_A_LINE else "with wide swings around the trend"
    return f"{one.ticker} trended {way} {how} ({line})"


def _describe_correlation(known: Sequence[CompareSummary], pairs: Sequence[CorrelationPair]) -> str:
    if len(known) != 2 or len(pairs) != 1 or pairs[0].correlation is None:
        return ""
    return f"The correlation of their daily returns was {decimal(pairs[0].correlation)}"
