"""5. What are the volatility patterns, how do they relate to volume and sentiment, and what does that mean next?

Figures of `/volatility`.
"""

from collections.abc import Callable, Mapping, Sequence

from api.analytics.cone import Regime
from api.formatting import counted, decimal, in_days, listed, ordinal, percent, period
from api.panel.window import Span
from api.resources.questions.key_figures import Figures, few
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import (
    FEW,
    Answer,
    describe_holes,
    describe_span,
    no_answer,
    reasons_of,
    sentences,
)
from api.resources.questions.range_fit import range_fits
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import KeyFigure, PatternsAnswer, Unit
from api.resources.volatility.schemas import AssociationRow, VolatilityResponse, VolatilitySummary

# The associations that the answer describes, by series and lag: the name of the series, and a phrase for more of it.
_PHRASES = {
    ("volume", 0): ("its volume", "higher volume"),
    ("sentiment", -1): ("news sentiment the day before", "better news the day before"),
    ("breadth_above_mean", -1): ("market breadth the day before", "broader market strength the day before"),
    ("market_range", -1): ("VOO's range the day before", "a wider range of VOO the day before"),
}
_REGIMES: Mapping[Regime, str] = {"calm": "low", "usual": "normal", "elevated": "high", "stressed": "very high"}
_NO_RETURN = "no daily return of it is known"


def patterns_answer(volatility: VolatilityResponse, span: Span) -> PatternsAnswer:
    """The answer from the volatility of each ticker on the split-adjusted basis."""
    tickers = [one.ticker for one in volatility.summary]
    # What is expected next is of the whole history, and so known in a window of one session too.
    known = [one for one in volatility.summary if one.volatility is not None or one.ewma_volatility is not None]
    lacking = [one.ticker for one in volatility.summary if one not in known]
    reasons = reasons_of(volatility.meta, lacking, volatility.warnings, _NO_RETURN)
    details = sentences([part for one in known for part in _details(one, volatility)] + reasons)
    answer = Answer(_headline(known), _key_figures(known), details) if known else None
    return PatternsAnswer(
        meta=volatility.meta,
        name="patterns",
        question=QUESTIONS["patterns"].of(tickers, span=describe_span(span)),
        **(answer.fields() if answer else no_answer(reasons)),
        summary=volatility.summary,
        cone=volatility.cone,
        associations=volatility.associations,
        fits=range_fits(volatility.rows, tickers),
        rows=volatility.rows,
        links=[link("volatility", tickers=tickers, **span_parameters(span))],
        warnings=volatility.warnings,
    )


def _headline(known: Sequence[VolatilitySummary]) -> str:
    """How volatile each is for its own history, or of many the two ends, and what range to expect next."""
    placed = [one for one in known if one.regime and one.cone_percentile is not None]
    if len(known) > FEW:
        return _headline_of_many(known, placed)
    ranges = {one.ticker: one.expected_range_1d for one in known if one.expected_range_1d is not None}
    within = [f"±{percent(share)}{f' for {ticker}' if len(known) > 1 else ''}" for ticker, share in ranges.items()]
    next_day = f"two times in three the next day's move should stay within {listed(within)}" if within else ""
    if placed:
        return f"Volatility is {_describe_levels(placed)}{f'; {next_day}' if next_day else ''}."
    if next_day:
        return f"If volatility stays as it is, {next_day}."
    measured = [f"{percent(one.volatility)} a year for {one.ticker}" for one in known if one.volatility is not None]
    return f"Volatility was {listed(measured)}." if measured else "Too few sessions are known to judge volatility."


def _describe_levels(placed: Sequence[VolatilitySummary]) -> str:
    """Normal for TSLA (50th percentile of its history) and high for MSFT (81st)."""
    of_its_history = (" percentile of its history", *("" for _ in placed[1:]))
    return listed(
        [
            f"{_REGIMES[one.regime]} for {one.ticker} ({ordinal(one.cone_percentile or 0.0)}{more})"
            for one, more in zip(placed, of_its_history, strict=True)
            if one.regime
        ]
    )


def _headline_of_many(known: Sequence[VolatilitySummary], placed: Sequence[VolatilitySummary]) -> str:
    if len(placed) > 1:
        top, low = (pick(placed, key=lambda one: one.cone_percentile or 0.0) for pick in (max, min))
        return (
            f"Against its own history {top.ticker} is the most volatile of {len(placed)} tickers "
            f"({ordinal(top.cone_percentile or 0.0)} percentile) and {low.ticker} the least "
            f"({ordinal(low.cone_percentile or 0.0)})."
        )
    measured = [one for one in known if one.volatility is not None]
    if len(measured) < 2:
        return "Too few sessions are known to compare volatility."
    top, low = (pick(measured, key=lambda one: one.volatility or 0.0) for pick in (max, min))
    return (
        f"{top.ticker} was the most volatile ({percent(top.volatility or 0.0)} a year) and {low.ticker} the least "
        f"({percent(low.volatility or 0.0)}) of {len(measured)} tickers."
    )


def _key_figures(known: Sequence[VolatilitySummary]) -> list[KeyFigure]:
    columns: tuple[
        tuple[str, Unit, Callable[[VolatilitySummary], float | None], Callable[[float], str] | None], ...
    ] = (
        ("Volatility (ann.)", "ratio", lambda one: one.volatility, None),
        ("Expected range, next day", "ratio", lambda one: one.expected_range_1d, _either_way),
        ("Volatility vs own history", "ratio", lambda one: one.cone_percentile, _percentile),
        ("Expected range, next five days", "ratio", lambda one: one.expected_range_5d, _either_way),
    )
    return few(
        [Figures(label, unit, {one.ticker: of(one) for one in known}, text) for label, unit, of, text in columns]
    )


def _either_way(share: float) -> str:
    return f"±{percent(share)}"


def _percentile(share: float) -> str:
    return f"{ordinal(share)} percentile"


def _describe_place(one: VolatilitySummary) -> str:
    return f"{ordinal(one.cone_percentile or 0.0)} percentile of its history"


def _details(one: VolatilitySummary, volatility: VolatilityResponse) -> list[str]:
    ranges = [row for row in volatility.associations if row.ticker == one.ticker and row.move == "range"]
    return [
        _describe_level(one),
        _describe_associations(one.ticker, ranges),
        _describe_proxies(one.ticker, ranges),
        _describe_expected_range(one),
        describe_holes(volatility.meta, [one.ticker]),
    ]


def _describe_level(one: VolatilitySummary) -> str:
    """Its volatility, from closes and from daily ranges, over which sessions, and how that compares to its history."""
    span = f" {period(one.first_session, one.last_session)}" if one.first_session and one.last_session else ""
    if one.volatility is None:
        returns = "only one daily return" if one.returns else "no daily return"
        level = f"{one.ticker} has {returns}{f',{span}' if span else ''}, and volatility needs at least two"
    else:
        days = "" if one.yang_zhang is None else f" and {percent(one.yang_zhang)} from daily ranges (Yang-Zhang)"
        level = (
            f"{one.ticker}'s volatility was {percent(one.volatility)} a year from closes{days}{span} "
            f"({counted(one.returns, 'daily return')})"
        )
    return f"{level}; {_describe_regime(one)}"


def _describe_regime(one: VolatilitySummary) -> str:
    if one.regime is None:  # a percentile in so short a history would contradict the sentence
        return "its history is too short to say what is normal for it"
    place = f" ({_describe_place(one)})" if one.cone_percentile is not None else ""
    return f"its latest volatility is {_REGIMES[one.regime]} for {one.ticker}{place}"


def _describe_associations(ticker: str, ranges: Sequence[AssociationRow]) -> str:
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
        return f"Too few sessions are known to say what {ticker}'s daily range depends on"
    return f"Its daily range {listed(parts)}; in brackets the rank correlation and its 95 % interval"


def _figures(row: AssociationRow) -> str:
    return f"({decimal(row.rho or 0.0)}, {decimal(row.low or 0.0)} to {decimal(row.high or 0.0)})"


def _describe_proxies(ticker: str, ranges: Sequence[AssociationRow]) -> str:
    """A sentence where market proxies take the place of sentiment."""
    others = {row.other for row in ranges}
    if "sentiment" in others or "breadth_above_mean" not in others:
        return ""
    return f"There is too little news sentiment for {ticker}; market breadth and VOO's range are used instead"


def _describe_expected_range(one: VolatilitySummary) -> str:
    """The ranges to expect next, if volatility stays as it is."""
    if one.expected_range_1d is None or one.expected_range_5d is None:
        return ""
    after = f" after the close of {in_days(one.last_session)}" if one.last_session else ""
    return (
        f"If volatility stays as it is{after}, {one.ticker} should move by less than ±{percent(one.expected_range_1d)} "
        f"on the next day and ±{percent(one.expected_range_5d)} over the next five, about two times in three"
    )
