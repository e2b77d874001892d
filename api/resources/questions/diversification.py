"""3. How much more have tickers gained than the benchmark, and what does that say about diversifying?

Figures of `/compare` on the total basis: of the tickers, of the benchmark, and of their equal mix.
"""

from api.formatting import listed, percent, points
from api.panel.window import Span
from api.resources.compare.schemas import CompareResponse, CompareSummary, Diversification
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import describe_span, describe_window, reason_of
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import DiversificationAnswer

# Volatility of the mix ÷ mean volatility of its parts: above 0.95 mixing diversified little, above 0.85 somewhat.
_LITTLE, _SOMEWHAT = 0.95, 0.85
_NO_RETURN = "no daily total return of the window is known"


def diversification_answer(compared: CompareResponse, span: Span) -> DiversificationAnswer:
    """The answer from a comparison on the total basis, whose last ticker is its benchmark."""
    *tickers, benchmark = [one.ticker for one in compared.summary]
    known = {one.ticker: one for one in compared.summary if one.volatility is not None}
    missing = [
        reason_of(one.ticker, compared.warnings, _NO_RETURN) for one in compared.summary if one.ticker not in known
    ]
    mix = compared.diversification
    answerable = benchmark in known and len(known) > 1
    parts = (
        _describe_gains(known, benchmark, compared),
        _describe_averages(known),
        _describe_diversification(known, benchmark, mix),
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
    if benchmark not in gains:
        return "Without a close before the window no cumulative return is known"
    reference = gains.pop(benchmark)
    others = [f"{ticker} {percent(gain)}, {_describe_difference(gain - reference)}" for ticker, gain in gains.items()]
    return (
        f"{describe_window(compared.meta)}, dividends included, {benchmark} returned {percent(reference)}; "
        f"{'; '.join(others)}"
    )


def _describe_difference(difference: float) -> str:
    if abs(difference) < 0.0005:
        return "as much"
    return f"{points(difference)} {'more' if difference > 0 else 'less'}"


def _describe_averages(known: dict[str, CompareSummary]) -> str:
    averages = [(one.average_daily_return or 0.0, ticker) for ticker, one in known.items()]
    return f"The average day brought {listed([f'{percent(value, 2)} for {ticker}' for value, ticker in averages])}"


def _describe_diversification(known: dict[str, CompareSummary], benchmark: str, mix: Diversification) -> str:
    """How much less the equal mix fluctuated than its parts."""
    ratio = mix.ratio
    if ratio is None or mix.mix_volatility is None or mix.mean_volatility is None:
        return ""
    others = [one for ticker, one in known.items() if ticker != benchmark and one.correlation_to_benchmark is not None]
    moves = listed([f"{one.correlation_to_benchmark:.2f} ({one.ticker})".replace("-", "−") for one in others])
    how = "little" if ratio >= _LITTLE else "somewhat" if ratio >= _SOMEWHAT else "considerably"
    return (
        f"Gains say nothing of diversifying; moving apart does: with a correlation to {benchmark} of {moves}, an "
        f"equal mix of {listed(mix.tickers)} fluctuated by {percent(mix.mix_volatility)} a year against "
        f"{percent(mix.mean_volatility)} for its parts on average, so holding them together diversified {how}"
    )
