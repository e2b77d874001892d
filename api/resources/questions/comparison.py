"""2. How have tickers changed, and how do their daily fluctuations and trends compare? The figures are `/compare`'s."""

from collections.abc import Sequence

from api.formatting import listed, moved, percent, points
from api.panel.window import Span
from api.resources.compare.schemas import CompareResponse, CompareSummary, CorrelationPair
from api.resources.questions.links import link
from api.resources.questions.missing import reason_of
from api.resources.questions.phrases import span_in_words, span_parameters, window_in_words
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import ComparisonAnswer

_NEAR = 0.05  # volatilities that differ by less, relatively, are called about the same
_CLOSE_TO_A_LINE = 0.5
_NOTHING = "no daily return of the window is known"


def comparison_answer(compared: CompareResponse, span: Span) -> ComparisonAnswer:
    """The answer from a comparison on the split-adjusted basis."""
    tickers = [one.ticker for one in compared.summary]
    known = [one for one in compared.summary if one.volatility is not None]
    missing = [reason_of(one.ticker, compared.warnings, _NOTHING) for one in compared.summary if one not in known]
    parts = (_changes(known, compared), _fluctuations(known), _trends(known), _together(known, compared.correlation))
    sentences = [part for part in (*parts, *missing) if part]
    return ComparisonAnswer(
        meta=compared.meta,
        name="comparison",
        question=QUESTIONS["comparison"].of(tickers, span=span_in_words(span)),
        answer=" ".join(f"{sentence}." for sentence in sentences) if known else None,
        reason=None if known else "; ".join(missing),
        summary=compared.summary,
        rows=compared.rows,
        links=[link("compare", tickers=tickers, **span_parameters(span), benchmark=compared.meta.benchmark)],
        warnings=compared.warnings,
    )


def _changes(known: Sequence[CompareSummary], compared: CompareResponse) -> str:
    """What each did from the base's close to the last, dividends apart, and by how much the two differ."""
    changes = {one.ticker: one.cumulative_return for one in known if one.cumulative_return is not None}
    if not changes:
        return "Without a close before the window no change over the whole of it is known" if known else ""
    said = listed([f"{ticker} {moved(change)}" for ticker, change in changes.items()])
    best, worst = max(changes, key=changes.__getitem__), min(changes, key=changes.__getitem__)
    gap = changes[best] - changes[worst]
    ahead = f", so that {best} did better than {worst} by {points(gap)}" if gap >= 0.0005 else ""
    return f"{window_in_words(compared.meta)}, dividends apart, {said}{ahead}"


def _fluctuations(known: Sequence[CompareSummary]) -> str:
    """Whose daily returns spread more, a year."""
    spread = sorted(((one.volatility or 0.0, one.ticker) for one in known), reverse=True)
    said = listed([f"{percent(value)} a year for {ticker}" for value, ticker in spread])
    if len(spread) < 2:
        return f"The volatility of its daily returns was {said.partition(' for ')[0]}" if spread else ""
    if spread[0][0] - spread[-1][0] <= _NEAR * spread[0][0]:
        return f"Their daily returns fluctuated about as much: a volatility of {said}"
    return f"{spread[0][1]}'s daily returns fluctuated {'more' if len(spread) == 2 else 'most'}: a volatility of {said}"


def _trends(known: Sequence[CompareSummary]) -> str:
    said = [trend for one in known if (trend := _trend(one))]
    return listed(said)


def _trend(one: CompareSummary) -> str:
    """Whether the log price ran along a line; its standard error is a lower bound, so two of them are the least."""
    if one.trend_slope is None or one.trend_standard_error is None or one.trend_r_squared is None:
        return ""
    line = f"{percent(abs(one.trend_slope), 2)} a session, R² {one.trend_r_squared:.2f}"
    if abs(one.trend_slope) <= 2 * one.trend_standard_error:
        return f"{one.ticker} had no clear trend ({line})"
    way = "up" if one.trend_slope > 0 else "down"
    how = "close to a line" if one.trend_r_squared >= _CLOSE_TO_A_LINE else "with much scatter"
    return f"{one.ticker} trended {way}, {how} ({line})"


def _together(known: Sequence[CompareSummary], pairs: Sequence[CorrelationPair]) -> str:
    if len(known) != 2 or len(pairs) != 1 or pairs[0].correlation is None:
        return ""
    return f"Their daily returns had a correlation of {pairs[0].correlation:.2f}".replace("-", "−")
