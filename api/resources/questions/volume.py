"""1. What was the daily trading volume in the past week, or two? Figures of `/prices`."""

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np

from api.formatting import compared, counted, in_days, period, shares
from api.panel.window import Between, months_before
from api.resources.prices.schemas import PricesResponse
from api.resources.questions.links import link
from api.resources.questions.phrases import answer_or_reason
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import VolumeAnswer, VolumeRow, VolumeSummary

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
    described = {ticker: _sentences(one, *volumes[ticker]) for ticker, one in zip(tickers, summary, strict=True)}
    sentences = {ticker: text for ticker, text in described.items() if text}
    unknown = "no volume of the past week is known"
    answer, reason = answer_or_reason(two_weeks.meta, tickers, sentences, two_weeks.warnings, unknown)
    window = usual.meta.window
    return VolumeAnswer(
        meta=two_weeks.meta,
        name="volume",
        question=QUESTIONS["volume"].of(tickers),
        answer=answer,
        reason=reason,
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


def _sentences(one: VolumeSummary, week: Collection[date], two_weeks: Collection[date], usual: Collection[date]) -> str:
    """The volume of the week, of the two weeks and of a usual day; empty without a volume in the week."""
    if one.week_average is None or one.two_weeks_average is None:
        return ""
    return (
        f"{one.ticker} traded {shares(one.week_average)} a day on average in the past week "
        f"({_describe_sessions(week)}) and {shares(one.two_weeks_average)} a day in the past two "
        f"({_describe_sessions(two_weeks)}).{_describe_extremes(one)}{_describe_usual(one, usual)}"
    )


def _describe_sessions(days: Collection[date]) -> str:
    """5 sessions, from 16 to 20 November 2026."""
    return f"{counted(len(days), 'session')}, {period(min(days), max(days))}"


def _describe_extremes(one: VolumeSummary) -> str:
    high, low, on, off = one.highest_volume, one.lowest_volume, one.highest_day, one.lowest_day
    if high is None or low is None or on is None or off is None or high == low:
        return ""
    return (
        f" Its highest volume of the two weeks was {shares(high)}, on {in_days(on, year=False)}, and its lowest "
        f"{shares(low)}, on {in_days(off, year=False)}."
    )


def _describe_usual(one: VolumeSummary, days: Collection[date]) -> str:
    if one.week_to_usual is None or one.usual_volume is None:
        return ""
    return (
        f" The past week was {compared(one.week_to_usual, 'busier', 'quieter', 'about as busy as')} usual: the median "
        f"day of the three months before ({_describe_sessions(days)}) had {shares(one.usual_volume)}."
    )
