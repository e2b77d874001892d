"""5. What are the volatility patterns, how do they go with volume and sentiment, and what does that mean short-term?

The figures are those of `/volatility`.
"""

from collections.abc import Sequence

from api.formatting import listed, ordinal, percent
from api.panel.window import Span
from api.resources.questions.links import link
from api.resources.questions.missing import answered
from api.resources.questions.phrases import span_in_words, span_parameters
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import PatternsAnswer
from api.resources.volatility.schemas import AssociationRow, VolatilityResponse, VolatilitySummary

# What the answer tells of, at which lag: as a thing, and as more of it.
_OTHERS = {
    ("volume", 0): ("its volume", "higher volume"),
    ("sentiment", -1): ("the sentiment of its news the day before", "better news the day before"),
    ("breadth_above_mean", -1): ("the market's breadth the day before", "a broader market the day before"),
    ("market_range", -1): ("VOO's range the day before", "a wider range of VOO the day before"),
}
_NOTHING = "no daily return of the window is known"


def patterns_answer(moves: VolatilityResponse, span: Span) -> PatternsAnswer:
    """The answer from the volatility of each ticker on the split-adjusted basis."""
    tickers = [one.ticker for one in moves.summary]
    said = {one.ticker: _sentences(one, moves.associations) for one in moves.summary if one.volatility is not None}
    answer, reason = answered(tickers, said, moves.warnings, _NOTHING)
    return PatternsAnswer(
        meta=moves.meta,
        name="patterns",
        question=QUESTIONS["patterns"].of(tickers, span=span_in_words(span)),
        answer=answer,
        reason=reason,
        summary=moves.summary,
        associations=moves.associations,
        rows=moves.rows,
        links=[link("volatility", tickers=tickers, **span_parameters(span))],
        warnings=moves.warnings,
    )


def _sentences(one: VolatilitySummary, associations: Sequence[AssociationRow]) -> str:
    ranges = [row for row in associations if row.ticker == one.ticker and row.move == "range"]
    parts = (_level(one), _associations(ranges), _stand_ins(ranges), _expected(one))
    return " ".join(f"{part}." for part in parts if part)


def _level(one: VolatilitySummary) -> str:
    """How much it fluctuated, by closes alone and by whole days, and whether that is usual for it."""
    closes = "" if one.volatility is None else f"{percent(one.volatility)} a year by its closes"
    days = "" if one.yang_zhang is None else f"{percent(one.yang_zhang)} by its whole days (Yang and Zhang)"
    regime = (
        f"its regime is {one.regime}" if one.regime else "its history is too short to call it calm, usual or stressed"
    )
    return f"{one.ticker} fluctuated by {listed([part for part in (closes, days) if part])}; {regime}"


def _associations(ranges: Sequence[AssociationRow]) -> str:
    """What the day's range goes with: a link is named only where its interval leaves out 0."""
    up: list[str] = []
    down: list[str] = []
    none: list[str] = []
    for row in ranges:
        thing, more = _OTHERS.get((row.other, row.lag), ("", ""))
        if not thing or row.low is None or row.high is None:
            continue
        if row.low <= 0 <= row.high:
            none.append(f"{thing} {_figures(row)}")
        else:
            (up if row.low > 0 else down).append(f"{more} {_figures(row)}")
    kinds = (("was wider with", up), ("was narrower with", down), ("showed no reliable link with", none))
    said = [f"{words} {listed(others)}" for words, others in kinds if others]
    if not said:
        return "Too few sessions are known to say what its daily range goes with"
    return f"Its daily range {listed(said)}; in brackets the rank correlation and its 95 % interval"


def _figures(row: AssociationRow) -> str:
    return f"({row.rho:.2f}, {row.low:.2f} to {row.high:.2f})".replace("-", "−")


def _stand_ins(ranges: Sequence[AssociationRow]) -> str:
    """That breadth and VOO take the place of sentiment."""
    others = {row.other for row in ranges}
    if "sentiment" in others or "breadth_above_mean" not in others:
        return ""
    return "The lake has too little sentiment of it, so that the market's breadth and VOO's range stand in for it"


def _expected(one: VolatilitySummary) -> str:
    """What to expect next, if volatility stays as it is."""
    if one.expected_range_1d is None or one.expected_range_5d is None:
        return ""
    place = ""
    if one.cone_percentile is not None:
        place = f"; its current volatility is at the {ordinal(one.cone_percentile)} percentile of its cone"
    return (
        f"If that stays as it is, about two outcomes of three lie within ±{percent(one.expected_range_1d)} over the "
        f"next session and ±{percent(one.expected_range_5d)} over the next five{place}"
    )
