"""3. How much more have tickers gained than the benchmark, and what does that say about diversifying?

Figures of `/compare` on the total basis: of the tickers, of the benchmark, and of their equal mix.
"""

from api.formatting import decimal, listed, percent, period, points
from api.panel.window import Span
from api.resources.compare.schemas import CompareResponse, CompareSummary, Diversification
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import (
    describe_closes,
    describe_holes,
    describe_span,
    describe_too_few,
    reasons_of,
)
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import DiversificationAnswer

# Volatility of the mix ÷ mean volatility of its parts: above 0.95 mixing diversified little, above 0.85 somewhat.
_LITTLE, _SOMEWHAT = 0.95, 0.85
_FEWEST = 2  # returns for a volatility
_NO_RETURN = "no total return in the window is known"


def diversification_answer(compared: CompareResponse, span: Span) -> DiversificationAnswer:
    """The answer from a comparison on the total basis, whose last ticker is its benchmark."""
    *tickers, benchmark = [one.ticker for one in compared.summary]
    known = {one.ticker: one for one in compared.summary if one.returns or one.cumulative_return is not None}
    unknown = [one.ticker for one in compared.summary if one.ticker not in known]
    missing = reasons_of(compared.meta, unknown, compared.warnings, _NO_RETURN)
    mix = compared.diversification
    answerable = benchmark in known and len(known) > 1
    parts = (
        _describe_gains(known, benchmark, compared),
        _describe_averages(known),
        _describe_diversification(known, benchmark, mix),
        describe_holes(compared.meta, [*tickers, benchmark]),
    )
    return DiversificationAnswer(
        meta=compared.meta,
        name="diversification",
        question=QUESTIONS["diversification"].of(tickers, benchmark=benchmark, span=describe_span(span)),
        answer=" ".join(f"{part}." for part in (*parts, *missing) if part) if answerable else None,
        reason=None if answerable else "; ".join(missing),
        summary=compared.summary,
        diversification=mix,
        rows=compared.rows,
        links=[
            link("compare", tickers=[*tickers, benchmark], **span_parameters(span), basis="total", benchmark=benchmark)
        ],
        warnings=compared.warnings,
    )


def _describe_gains(known: dict[str, CompareSummary], benchmark: str, compared: CompareResponse) -> str:
    """The cumulative return of each, dividends included, and its difference to the benchmark's."""
    gains = {ticker: one.cumulative_return for ticker, one in known.items() if one.cumulative_return is not None}
    one = known.get(benchmark)
    if one is None:
        return ""
    if benchmark not in gains:
        first, last = one.first_session, one.last_session
        span = f"; the figures are of the sessions {period(first, last)}" if first and last else ""
        return f"Without a close before the window that all have, no cumulative return is known{span}"
    reference = gains.pop(benchmark)
    others = [f"{ticker} {percent(gain)}, {_describe_difference(gain - reference)}" for ticker, gain in gains.items()]
    return (
        f"{describe_closes(compared.meta, one.last_session)}, dividends included, {benchmark} returned "
        f"{percent(reference)}; "
        f"{'; '.join(others)}"
    )


def _describe_difference(difference: float) -> str:
    if abs(difference) < 0.0005:
        return "as much"
    return f"{points(difference)} {'more' if difference > 0 else 'less'}"


def _describe_averages(known: dict[str, CompareSummary]) -> str:
    averages = [
        (one.average_daily_return, ticker) for ticker, one in known.items() if one.average_daily_return is not None
    ]
    if not averages:
        return ""
    return f"The average day brought {listed([f'{percent(value, 2)} for {ticker}' for value, ticker in averages])}"


def _describe_diversification(known: dict[str, CompareSummary], benchmark: str, mix: Diversification) -> str:
    """How much less the equal mix fluctuated than its parts."""
    ratio = mix.ratio
    if mix.returns < _FEWEST:
        return f"{describe_too_few(mix.returns, 'volatility')}, so nothing can be said of diversifying"
    if ratio is None or mix.mix_volatility is None or mix.mean_volatility is None:
        return ""
    others = {ticker: one.correlation_to_benchmark for ticker, one in known.items() if ticker != benchmark}
    moves = listed([f"{decimal(value)} ({ticker})" for ticker, value in others.items() if value is not None])
    together = f"with a correlation to {benchmark} of {moves}, " if moves else ""
    how = "little" if ratio >= _LITTLE else "somewhat" if ratio >= _SOMEWHAT else "considerably"
    return (
        f"Gains say nothing of diversifying; moving apart does: {together}an equal mix of {listed(mix.tickers)} "
        f"fluctuated by {percent(mix.mix_volatility)} a year against {percent(mix.mean_volatility)} for its parts on "
        f"average, so holding them together diversified {how}"
    )
