"""5. What are the volatility patterns, how do they go with volume and sentiment, and what does that mean short-term?

Figures of `/volatility`.
"""

from collections.abc import Sequence

from api.formatting import counted, decimal, in_days, listed, ordinal, percent, period
from api.panel.window import Span
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import answer_or_reason, describe_holes, describe_span
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import PatternsAnswer
from api.resources.volatility.schemas import AssociationRow, VolatilityResponse, VolatilitySummary

# The associations that the answer describes, by series and lag: the name of the series, and a phrase for more of it.
_PHRASES = {
    ("volume", 0): ("its volume", "higher volume"),
    ("sentiment", -1): ("the sentiment of its news the day before", "better news the day before"),
    ("breadth_above_mean", -1): ("the market's breadth the day before", "a broader market the day before"),
    ("market_range", -1): ("VOO's range the day before", "a wider range of VOO the day before"),
}
_NO_RETURN = "no daily return of it is known"


def patterns_answer(volatility: VolatilityResponse, span: Span) -> PatternsAnswer:
    """The answer from the volatility of each ticker on the split-adjusted basis."""
    tickers = [one.ticker for one in volatility.summary]
    # What is expected next is of the whole history, and so known in a window of one session too.
    known = [one for one in volatility.summary if one.volatility is not None or one.ewma_volatility is not None]
    sentences = {one.ticker: _sentences(one, volatility) for one in known}
    answer, reason = answer_or_reason(volatility.meta, tickers, sentences, volatility.warnings, _NO_RETURN)
    return PatternsAnswer(
        meta=volatility.meta,
        name="patterns",
        question=QUESTIONS["patterns"].of(tickers, span=describe_span(span)),
        answer=answer,
        reason=reason,
        summary=volatility.summary,
        associations=volatility.associations,
        rows=volatility.rows,
        links=[link("volatility", tickers=tickers, **span_parameters(span))],
        warnings=volatility.warnings,
    )


def _sentences(one: VolatilitySummary, volatility: VolatilityResponse) -> str:
    ranges = [row for row in volatility.associations if row.ticker == one.ticker and row.move == "range"]
    parts = (
        _describe_level(one),
        _describe_associations(ranges),
        _describe_proxies(ranges),
        _describe_expected_range(one),
        describe_holes(volatility.meta, [one.ticker]),
    )
    return " ".join(f"{part}." for part in parts if part)


def _describe_level(one: VolatilitySummary) -> str:
    """Its volatility, from closes and from whole days, over which sessions, and its regime."""
    days = "" if one.yang_zhang is None else f" and {percent(one.yang_zhang)} by its whole days (Yang and Zhang)"
    span = f" {period(one.first_session, one.last_session)}" if one.first_session and one.last_session else ""
    if one.volatility is None:
        returns = "only one daily return" if one.returns else "no daily return"
        level = f"{one.ticker} has {returns}{f',{span}' if span else ''}, and a volatility takes at least two"
    else:
        level = (
            f"{one.ticker} fluctuated by {percent(one.volatility)} a year by its closes{days}{span} "
            f"({counted(one.returns, 'daily return')})"
        )
    regime = (
        f"its regime is {one.regime}" if one.regime else "its history is too short to call it calm, usual or stressed"
    )
    return f"{level}; {regime}"


def _describe_associations(ranges: Sequence[AssociationRow]) -> str:
    """What the daily range is associated with: a link is claimed only where its interval excludes 0."""
    up: list[str] = []
    down: list[str] = []
    none: list[str] = []
    # An interval that includes 0 is no reliable link, however large ρ is.
    for row in ranges:
        name, more = _PHRASES.get((row.other, row.lag), ("", ""))
        if not name or row.low is None or row.high is None:
            continue
        if row.low <= 0 <= row.high:
            none.append(f"{name} {_figures(row)}")
        else:
            (up if row.low > 0 else down).append(f"{more} {_figures(row)}")
    kinds = (("was wider with", up), ("was narrower with", down), ("showed no reliable link with", none))
    parts = [f"{phrase} {listed(others)}" for phrase, others in kinds if others]
    if not parts:
        return "Too few sessions are known to say what its daily range goes with"
    return f"Its daily range {listed(parts)}; in brackets the rank correlation and its 95 % interval"


def _figures(row: AssociationRow) -> str:
    return f"({decimal(row.rho or 0.0)}, {decimal(row.low or 0.0)} to {decimal(row.high or 0.0)})"


def _describe_proxies(ranges: Sequence[AssociationRow]) -> str:
    """A sentence where market proxies take the place of sentiment."""
    others = {row.other for row in ranges}
    if "sentiment" in others or "breadth_above_mean" not in others:
        return ""
    return "The lake has too little sentiment of it, so that the market's breadth and VOO's range stand in for it"


def _describe_expected_range(one: VolatilitySummary) -> str:
    """The ranges to expect next, if volatility stays as it is, and the rank of that volatility."""
    if one.expected_range_1d is None or one.expected_range_5d is None:
        return ""
    after = f" after the close of {in_days(one.last_session)}" if one.last_session else ""
    place = ""
    if one.cone_percentile is not None:
        place = f"; its current volatility is at the {ordinal(one.cone_percentile)} percentile of its cone"
    return (
        f"If its volatility stays as it is{after}, about two outcomes of three lie within "
        f"±{percent(one.expected_range_1d)} over the next session and ±{percent(one.expected_range_5d)} over the next "
        f"five{place}"
    )
