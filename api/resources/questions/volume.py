"""1. What was the daily trading volume in the past week, or two? Figures of `/prices`."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta

import numpy as np

from api.formatting import compared, counted, in_days, listed, period, shares, shown_shares
from api.panel.window import Between, months_before
from api.resources.prices.schemas import PricesResponse
from api.resources.questions.key_figures import Figures, few
from api.resources.questions.links import link
from api.resources.questions.phrases import FEW, Answer, no_answer, reasons_of, sentences
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import KeyFigure, Unit, VolumeAnswer, VolumeRow, VolumeSummary

_USUAL_MONTHS, _MIN_SESSIONS_FOR_USUAL = 3, 20
_PROVISIONAL = "the newest session's volume is provisional: the vendor may still correct it"


def usual_span(two_weeks: date) -> Between:
    """The three months before `two_weeks`, the first day of the two weeks."""
    # It ends before the two weeks, which would otherwise be compared with themselves.
    last = two_weeks - timedelta(days=1)
    return Between(months_before(last, _USUAL_MONTHS) + timedelta(days=1), last)


def volume_answer(week: PricesResponse, two_weeks: PricesResponse, usual: PricesResponse) -> VolumeAnswer:
    """The answer from the bars of the past week, of two, and of the three months before those."""
    tickers = [one.ticker for one in two_weeks.summary]
    volumes = {ticker: [_volumes(bars, ticker) for bars in (week, two_weeks, usual)] for ticker in tickers}
    summary = [_summary(ticker, *volumes[ticker]) for ticker in tickers]
    known = [one for one in summary if one.week_average is not None]
    lacking = [one.ticker for one in summary if one not in known]
    reasons = reasons_of(two_weeks.meta, lacking, two_weeks.warnings, "no volume of the past week is known")
    described = [part for one in known for part in _details(one, *volumes[one.ticker], alone=len(known) <= FEW)]
    answer = Answer(_headline(known), _key_figures(known), sentences((*described, *reasons))) if known else None
    window = usual.meta.window
    return VolumeAnswer(
        meta=two_weeks.meta,
        name="volume",
        question=QUESTIONS["volume"].of(tickers),
        **(answer.fields() if answer else no_answer(reasons)),
        summary=summary,
        rows=two_weeks.rows.narrow(VolumeRow),
        links=[
            link("prices", tickers=tickers, range="1w"),
            link("prices", tickers=tickers, range="2w"),
            link("prices", tickers=tickers, from_=window.first, to=window.to),
        ],
        warnings=two_weeks.warnings + ([_PROVISIONAL] if two_weeks.meta.origin == "live" else []),
    )


def _volumes(bars: PricesResponse, ticker: str) -> dict[date, float]:
    """The known volumes of a ticker, ascending in time."""
    days, tickers, volumes = (bars.rows.columns[name] for name in ("time", "ticker", "volume"))
    known = (tickers == ticker) & np.isfinite(volumes)
    return dict(zip(days[known].tolist(), volumes[known].tolist(), strict=True))


def _summary(
    ticker: str, week: dict[date, float], two_weeks: dict[date, float], months: dict[date, float]
) -> VolumeSummary:
    week_average, two_weeks_average = (
        float(np.mean(list(volumes.values()))) if volumes else None for volumes in (week, two_weeks)
    )
    # The median: a day of index rebalancing or earnings may have several times the usual volume.
    usual = float(np.median(list(months.values()))) if len(months) >= _MIN_SESSIONS_FOR_USUAL else None
    highest, lowest = (pick(two_weeks, key=two_weeks.__getitem__) if two_weeks else None for pick in (max, min))
    return VolumeSummary(
        ticker=ticker,
        week_sessions=len(week),
        week_average=week_average,
        two_weeks_sessions=len(two_weeks),
        two_weeks_average=two_weeks_average,
        highest_volume=round(two_weeks[highest]) if highest else None,
        highest_day=highest,
        lowest_volume=round(two_weeks[lowest]) if lowest else None,
        lowest_day=lowest,
        usual_sessions=len(months),
        usual_volume=usual,
        week_to_two_weeks=_relative(week_average, two_weeks_average),
        week_to_usual=_relative(week_average, usual),
    )


def _relative(value: float | None, other: float | None) -> float | None:
    return value / other - 1 if value is not None and other else None


def _headline(known: Sequence[VolumeSummary]) -> str:
    """What was traded a day in the past week, against what is usual; of many tickers the most and the least."""
    if len(known) > FEW:
        most, least = (pick(known, key=lambda one: one.week_average or 0.0) for pick in (max, min))
        return (
            f"In the past week {most.ticker} traded the most, {shares(most.week_average or 0.0)} a day on average, and "
            f"{least.ticker} the least, {shares(least.week_average or 0.0)}."
        )
    traded = [f"{one.ticker} traded {shares(one.week_average or 0.0)} a day" for one in known]
    against = [_describe_week(one) for one in known]
    if len(known) == 1:
        return f"{traded[0]} on average in the past week{f', {against[0]} usual' if against[0] else ''}."
    parts = [f"{one} ({words} usual)" if words else one for one, words in zip(traded, against, strict=True)]
    return f"In the past week {listed(parts)}, on average."


def _key_figures(known: Sequence[VolumeSummary]) -> list[KeyFigure]:
    columns: tuple[tuple[str, Unit, Callable[[VolumeSummary], float | None]], ...] = (
        ("Daily average, past week", "shares", lambda one: one.week_average),
        ("Past week vs usual", "signed_ratio", _to_usual),
        ("Daily average, two weeks", "shares", lambda one: one.two_weeks_average),
        ("Highest day, two weeks", "shares", lambda one: one.highest_volume),
        ("Lowest day, two weeks", "shares", lambda one: one.lowest_volume),
    )
    return few([Figures(label, unit, {one.ticker: of(one) for one in known}) for label, unit, of in columns])


def _to_usual(one: VolumeSummary) -> float | None:
    """The week's average against the usual volume, of the two as they are shown."""
    if one.week_average is None or one.usual_volume is None:
        return None
    return _relative(shown_shares(one.week_average), shown_shares(one.usual_volume))


def _describe_week(one: VolumeSummary) -> str:
    """20.0 % more than, or about as much as; empty without a usual volume."""
    ratio = _to_usual(one)
    return "" if ratio is None else compared(ratio, "more", "less", "about as much as")


def _details(
    one: VolumeSummary, week: Collection[date], two_weeks: Collection[date], usual: Collection[date], *, alone: bool
) -> list[str]:
    """What the headline leaves out of one ticker. `alone`: whether the headline has its week."""
    week_words, own = _describe_week(one), ""
    if not alone:
        own = f"{one.ticker} traded {shares(one.week_average or 0.0)} a day in the past week"
    two_weeks_words = (
        f"In the past two weeks ({_describe_sessions(two_weeks)}) {one.ticker} traded "
        f"{shares(one.two_weeks_average or 0.0)} a day on average{_describe_extremes(one)}; the past week is "
        f"{_describe_sessions(week)}"
    )
    usual_words = "" if _to_usual(one) is None else _describe_usual(one, usual)
    return [f"{own}, {week_words} usual" if own and week_words else own, two_weeks_words, usual_words]


def _describe_sessions(days: Collection[date]) -> str:
    """5 sessions, from 16 to 20 November 2026."""
    return f"{counted(len(days), 'session')}, {period(min(days), max(days))}"


def _describe_extremes(one: VolumeSummary) -> str:
    high, low, on, off = one.highest_volume, one.lowest_volume, one.highest_day, one.lowest_day
    if high is None or low is None or on is None or off is None or high == low:
        return ""
    return f", from {shares(low)} on {in_days(off, year=False)} to {shares(high)} on {in_days(on, year=False)}"


def _describe_usual(one: VolumeSummary, days: Collection[date]) -> str:
    return (
        f"Usual for {one.ticker} is {shares(one.usual_volume or 0.0)} a day, the median of the three months before "
        f"({_describe_sessions(days)})"
    )
