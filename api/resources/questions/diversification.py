"""3. How much more have tickers gained than the benchmark, and what does that say about diversifying?

Figures of `/compare` on the total basis, and of `/portfolio` for the equal mix of the tickers and the benchmark.
"""

from collections.abc import Mapping, Sequence

from api.formatting import (
    decimal,
    in_month,
    listed,
    percent,
    period,
    points,
    shown_difference,
    shown_parts,
    signed_points,
)
from api.panel.window import Span
from api.resources.calendar_returns.schemas import CalendarSummary
from api.resources.compare.schemas import CompareResponse, CompareSummary, Diversification
from api.resources.portfolio.service import PORTFOLIO
from api.resources.questions.key_figures import Figures, few, figure
from api.resources.questions.links import equal_weights, link, span_parameters
from api.resources.questions.mix import Mix
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
from api.resources.questions.schemas import DiversificationAnswer, KeyFigure

# Volatility of the mix ÷ mean volatility of its parts: above 0.95 mixing diversified little, above 0.85 somewhat.
_LITTLE, _SOMEWHAT = 0.95, 0.85
_FEWEST = 2  # returns for a volatility
_NO_RETURN = "no total return in the window is known"
_Known = Mapping[str, CompareSummary]


def diversification_answer(compared: CompareResponse, mix: Mix | None, span: Span) -> DiversificationAnswer:
    """The answer from a comparison on the total basis, whose last ticker is its benchmark, and the mix of its tickers.

    `mix`: of the tickers of `compared.diversification`; None where they are fewer than two.
    """
    *tickers, benchmark = [one.ticker for one in compared.summary]
    known = {one.ticker: one for one in compared.summary if one.returns or one.cumulative_return is not None}
    unknown = [one.ticker for one in compared.summary if one.ticker not in known]
    missing = reasons_of(compared.meta, unknown, compared.warnings, _NO_RETURN)
    if benchmark in known and len(known) > 1:
        details = _details(known, benchmark, compared, mix)
        headline = _headline(known, benchmark, compared, span)
        said = Answer(headline, _key_figures(known, benchmark, compared, mix), sentences((*details, *missing))).fields()
    else:
        said = no_answer(missing, "tickers= and benchmark=")
    return DiversificationAnswer(
        meta=compared.meta,
        name="diversification",
        question=QUESTIONS["diversification"].of(tickers, benchmark=benchmark, span=describe_span(span)),
        **said,
        summary=compared.summary,
        diversification=compared.diversification,
        mix=mix.summary if mix else None,
        holdings=mix.holdings if mix else [],
        months=mix.months if mix else [],
        rows=compared.rows,
        links=_links([*tickers, benchmark], compared.diversification.tickers, benchmark, span),
        warnings=compared.warnings,
    )


def _links(tickers: Sequence[str], mixed: Sequence[str], benchmark: str, span: Span) -> list[str]:
    over = span_parameters(span)
    found = [link("compare", tickers=tickers, **over, basis="total", benchmark=benchmark)]
    if len(mixed) > 1:
        weights = equal_weights(mixed)
        found.append(link("portfolio", weights=weights, rebalance="daily", **over, benchmark=benchmark))
    return [*found, link("returns/calendar", tickers=tickers, by="month", **over, basis="total")]


def _gains(known: _Known) -> dict[str, float]:
    return {ticker: one.cumulative_return for ticker, one in known.items() if one.cumulative_return is not None}


def _ahead(known: _Known, benchmark: str) -> dict[str, float]:
    """How far each ticker is ahead of the benchmark, of the returns as they are shown."""
    gains = _gains(known)
    if benchmark not in gains:
        return {}
    reference = gains.pop(benchmark)
    return {ticker: shown_difference(gain, reference) for ticker, gain in gains.items()}


def _headline(known: _Known, benchmark: str, compared: CompareResponse, span: Span) -> str:
    """How far each is ahead of the benchmark, or of many the best and the worst, and how much mixing diversified."""
    ahead, how = _ahead(known, benchmark), _how_much(compared.diversification)
    mixing = f"; mixing them diversified {how}" if how else ""
    if not ahead:
        return f"The return over the whole period is unknown{mixing}."
    over = over_span(span, compared.meta, known[benchmark].last_session)
    named, picked = "", list(ahead)
    if len(ahead) > FEW:
        picked = [max(ahead, key=ahead.__getitem__), min(ahead, key=ahead.__getitem__)]
        named = f"Of {len(ahead)} tickers {picked[0]} did best and {picked[1]} worst: "
    first, *others = picked
    gaps = [
        f"{first} returned {_describe_ahead(ahead[first], f' than {benchmark}', f' as {benchmark}')}",
        *(f"{ticker} {_describe_ahead(ahead[ticker])}" for ticker in others),
    ]
    return f"{named}{listed(gaps)} {over}{mixing}."


def _describe_ahead(gap: float, than: str = "", equal: str = "") -> str:
    """4.0 percentage points more than VOO, or as much as VOO."""
    return f"{points(gap)} {'more' if gap > 0 else 'less'}{than}" if gap else f"as much{equal}"


def _how_much(mix: Diversification) -> str:
    """How much the mix diversified, in a word; empty where it is unknown."""
    if mix.ratio is None or mix.returns < _FEWEST:
        return ""
    return "little" if mix.ratio >= _LITTLE else "somewhat" if mix.ratio >= _SOMEWHAT else "considerably"


def _key_figures(known: _Known, benchmark: str, compared: CompareResponse, mix: Mix | None) -> list[KeyFigure]:
    whole = compared.diversification
    ahead = {ticker: None for ticker in known if ticker != benchmark} | _ahead(known, benchmark)
    also = [
        figure("Return, equal mix", mix.summary.cumulative_return if mix else None, "signed_ratio"),
        figure("Volatility (ann.), equal mix", whole.mix_volatility, "ratio"),
        figure("Volatility (ann.), mean of its parts", whole.mean_volatility, "ratio"),
    ]
    return few([Figures(f"Return vs {benchmark}", "signed_ratio", ahead, signed_points)], also)


def _details(known: _Known, benchmark: str, compared: CompareResponse, mix: Mix | None) -> list[str]:
    return [
        _describe_gains(known, benchmark, compared, mix),
        _describe_averages(known),
        _describe_diversification(known, benchmark, compared.diversification),
        _describe_contributions(mix),
        _describe_months(mix),
        describe_holes(compared.meta, [one.ticker for one in compared.summary]),
    ]


def _describe_gains(known: _Known, benchmark: str, compared: CompareResponse, mix: Mix | None) -> str:
    """The cumulative return of each and of the mix, dividends included, and between which closes."""
    gains, one = _gains(known), known[benchmark]
    if benchmark not in gains:
        first, last = one.first_session, one.last_session
        span = f"; the other figures are of the sessions {period(first, last)}" if first and last else ""
        return f"No close before the period that all tickers share is known, so no cumulative return is given{span}"
    returned = [f"{percent(gain)} for {ticker}" for ticker, gain in gains.items()]
    if mix and mix.summary.cumulative_return is not None:
        returned.append(f"{percent(mix.summary.cumulative_return)} for an equal mix of {listed(_parts(mix))}")
    closes = describe_closes(compared.meta, one.last_session)
    return f"{closes}, dividends included, the return was {listed(returned)}"


def _parts(mix: Mix) -> list[str]:
    return [one.ticker for one in mix.holdings]


def _describe_averages(known: _Known) -> str:
    averages = [
        f"{percent(one.average_daily_return, 2)} for {ticker}"
        for ticker, one in known.items()
        if one.average_daily_return is not None
    ]
    return f"The average daily return was {listed(averages)}" if averages else ""


def _describe_diversification(known: _Known, benchmark: str, mix: Diversification) -> str:
    """How much less volatile the equal mix was than its parts."""
    if mix.returns < _FEWEST:
        return f"{describe_too_few(mix.returns, 'volatility')}, so it is too early to judge diversification"
    if mix.ratio is None or mix.mix_volatility is None or mix.mean_volatility is None:
        return ""
    others = {ticker: one.correlation_to_benchmark for ticker, one in known.items() if ticker != benchmark}
    moves = listed([f"{decimal(value)} ({ticker})" for ticker, value in others.items() if value is not None])
    return (
        "Higher returns say nothing about diversification; low correlation does: "
        f"{f'with a correlation to {benchmark} of {moves}, ' if moves else ''}an equal mix had a volatility of "
        f"{percent(mix.mix_volatility)} a year against {percent(mix.mean_volatility)} for its parts on average, so "
        f"holding them together diversified {_how_much(mix)}"
    )


def _describe_contributions(mix: Mix | None) -> str:
    """What each part added to the mix's return and to its risk; shown so that they sum to the whole."""
    if mix is None:
        return ""
    gains = [one.contribution_to_return for one in mix.holdings]
    risks = [one.contribution_to_risk for one in mix.holdings]
    known_gains, known_risks = ([one for one in column if one is not None] for column in (gains, risks))
    total = mix.summary.cumulative_return
    if total is None or len(known_gains) < len(gains) or len(known_risks) < len(risks):
        return ""
    shown = zip(_parts(mix), shown_parts(known_gains, 1), shown_parts(known_risks, 0), strict=True)
    parts = [f"{ticker} contributed {percent(gain)} and {percent(risk, 0)}" for ticker, gain, risk in shown]
    return f"Of the mix's return of {percent(total)} and of its risk (100 %), {listed(parts)}"


def _describe_months(mix: Mix | None) -> str:
    """The worst whole month of the mix and of each part."""
    worst = [_describe_month(one) for one in (mix.months if mix else []) if one.worst is not None]
    return f"The worst full month was {listed(worst)}" if worst else ""


def _describe_month(one: CalendarSummary) -> str:
    name = "the mix" if one.ticker == PORTFOLIO else one.ticker
    return f"{percent(one.worst or 0.0)} for {name} ({in_month(one.worst_period or '')})"
