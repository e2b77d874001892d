"""The shapes of `/questions` and of the five questions."""

from datetime import date
from typing import Any

from pydantic import Field

from api.models.base import NO_DIVIDENDS, TICKER, TIME, WARNINGS, Meta, Model, SnapshotMeta
from api.models.compare import CompareRow, CompareSummary
from api.models.outlook import OutlookRow, OutlookSummary

ANSWER: Any = Field(description="The answer in a sentence or a few; null where it cannot be given")
REASON: Any = Field(description="Why there is no answer, in words; null where there is one")


class QuestionRow(Model):
    """One question and its answer, without its figures."""

    name: str = Field(description="Its name", examples=["volume"])
    question: str = Field(description="The question as a person asks it")
    answer: str | None = ANSWER
    reason: str | None = REASON
    link: str = Field(
        description="Where its figures are, relative to this path's folder", examples=["questions/volume"]
    )


class QuestionSummary(Model):
    """How many of the questions have an answer."""

    questions: int = Field(description="Questions asked")
    answered: int = Field(description="How many of them have an answer")


class QuestionsResponse(Model):
    """The five questions and their answers."""

    meta: SnapshotMeta
    summary: list[QuestionSummary] = Field(description="One entry")
    rows: list[QuestionRow]
    warnings: list[str] = WARNINGS


class QuestionAnswer(Model):
    """What the answers to the questions share."""

    meta: Meta
    name: str = Field(description="The question's name")
    question: str = Field(description="The question as a person asks it")
    answer: str | None = ANSWER
    reason: str | None = REASON
    links: list[str] = Field(description="The endpoints whose figures it uses, relative to the root of the service")
    warnings: list[str] = WARNINGS


class VolumeSummary(Model):
    """The trading volume of one ticker."""

    ticker: str = TICKER
    week_sessions: int = Field(description="Sessions of the past week with a known volume")
    week_average: float | None = Field(description="Mean daily volume of the past week, shares; null without a session")
    two_weeks_sessions: int = Field(description="Sessions of the past two weeks with a known volume")
    two_weeks_average: float | None = Field(
        description="Mean daily volume of the past two weeks, shares; null as above"
    )
    highest_volume: float | None = Field(
        description="Highest daily volume of the past two weeks, shares; null as above"
    )
    highest_day: date | None = Field(description="Its session; null as above")
    lowest_volume: float | None = Field(description="Lowest daily volume of the past two weeks, shares; null as above")
    lowest_day: date | None = Field(description="Its session; null as above")
    usual_sessions: int = Field(description="Sessions with a known volume in the three months before those two weeks")
    usual_volume: float | None = Field(description="Median daily volume of those, shares; null below 20 sessions")
    week_to_two_weeks: float | None = Field(description="week_average ÷ two_weeks_average − 1, a fraction")
    week_to_usual: float | None = Field(description="week_average ÷ usual_volume − 1, a fraction; null as the two are")


class VolumeRow(Model):
    """The volume of one session."""

    time: str = TIME
    ticker: str = TICKER
    volume: float | None = Field(description="Shares traded, of today's number of shares; null where unknown")


class VolumeAnswer(QuestionAnswer):
    """1. What was the daily trading volume in the past week, or two?"""

    summary: list[VolumeSummary] = Field(description="One entry a ticker")
    rows: list[VolumeRow] = Field(description="The past two weeks, ascending in time, then ticker")


class ComparisonAnswer(QuestionAnswer):
    """2. How have tickers changed, and how do their daily fluctuations and trends compare?"""

    summary: list[CompareSummary] = Field(description="One entry a ticker, on the split-adjusted basis")
    rows: list[CompareRow]


class GainSummary(Model):
    """One ticker against the benchmark, dividends included."""

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window that the figures use, n")
    cumulative_return: float | None = Field(
        description=f"Total return over the window, a fraction; null without the base's close, {NO_DIVIDENDS}"
    )
    average_daily_return: float | None = Field(
        description="Arithmetic mean of the daily total returns, a fraction; null without two sessions"
    )
    volatility: float | None = Field(
        description="Standard deviation of the daily total returns, ddof 1, × √252, a fraction; null below two"
    )
    excess_return: float | None = Field(
        description="cumulative_return less the benchmark's, in points: a difference of fractions; 0 for the benchmark"
    )
    beta: float | None = Field(description="Beta of the daily total returns to the benchmark's; null below two shared")
    correlation_to_benchmark: float | None = Field(
        description="Pearson correlation of the daily total returns to the benchmark's; null below three shared"
    )


class MixFigures(Model):
    """The equal mix, rebalanced daily, of the tickers and the benchmark."""

    tickers: list[str] = Field(description="What is mixed")
    volatility: float | None = Field(description="Volatility of the mix, a fraction a year; null below two sessions")
    mean_volatility: float | None = Field(description="Mean volatility of its parts, a fraction a year; null as above")
    diversification_ratio: float | None = Field(
        description="volatility ÷ mean_volatility: 1 where mixing takes nothing away; null as above"
    )


class DiversificationAnswer(QuestionAnswer):
    """3. How much more have tickers gained than the benchmark, and what does that say about diversifying?"""

    summary: list[GainSummary] = Field(description="One entry a ticker, the benchmark's last; the total basis")
    mix: MixFigures = Field(description="What mixing them does to volatility")
    rows: list[CompareRow] = Field(
        description="Tickers and benchmark on the total basis, ascending in time, then ticker"
    )


class OutlookAnswer(QuestionAnswer):
    """4. Which of two baskets is likelier to return more? On the total basis; not advice."""

    summary: list[OutlookSummary] = Field(description="One entry; empty without an answer")
    rows: list[OutlookRow] = Field(description="Growth of the baskets in the past window; empty without an answer")


class PatternSummary(Model):
    """How one ticker has moved, how that goes with other things, and what range to expect."""

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window that the figures use")
    volatility: float | None = Field(description="Close to close, ddof 1, × √252, a fraction; null below two returns")
    yang_zhang: float | None = Field(description="Yang and Zhang's, from open, high, low and close, a fraction a year")
    average_change: float | None = Field(description="Mean absolute daily return, a fraction; null without one")
    average_range: float | None = Field(description="Mean of (high − low) ÷ open, a fraction; null without one")
    regime: str | None = Field(description="calm, usual, elevated or stressed; null below 252 sessions of history")
    regime_percentile: float | None = Field(
        description="Share of the ticker's own history with a lower 20-session volatility, a fraction; null as regime"
    )
    expected_range_1d: float | None = Field(description="EWMA standard deviation of the next session, a fraction")
    expected_range_5d: float | None = Field(description="√5 times that: of the next five sessions, a fraction")
    cone_percentile: float | None = Field(
        description="Place of the current rolling volatility among those of the window, a fraction; null if unknown"
    )


class AssociationRow(Model):
    """How a ticker's movement goes with something else: Spearman's rank correlation."""

    ticker: str = TICKER
    move: str = Field(description="change (absolute daily return) or range (ln high ÷ low)")
    with_: str = Field(serialization_alias="with", description="volume, sentiment, breadth or market_range")
    lag: int = Field(description="Sessions by which the other comes before the movement")
    rho: float | None = Field(description="The correlation, −1 to 1; null where one of the two does not move")
    low: float | None = Field(description="Lower end of its 95 % block-bootstrap interval; null as rho")
    high: float | None = Field(description="Upper end of it; null as rho")
    n: int = Field(description="Pairs of sessions")


class PatternRow(Model):
    """One session of one ticker."""

    time: str = TIME
    ticker: str = TICKER
    daily_return: float | None = Field(
        description="Simple return on the split basis, a fraction; null without the close before"
    )
    range_ratio: float | None = Field(description="(high − low) ÷ open, a fraction")
    volume: float | None = Field(description="Shares traded, of today's number of shares; null where unknown")
    rolling_volatility: float | None = Field(description="Of the last 20 sessions, a fraction a year; null before")


class PatternsAnswer(QuestionAnswer):
    """5. What are the volatility patterns, how do they go with volume and sentiment, and what does that mean?"""

    summary: list[PatternSummary] = Field(description="One entry a ticker")
    associations: list[AssociationRow] = Field(
        description="Movement with volume and sentiment, or what stands in for it"
    )
    rows: list[PatternRow] = Field(description="Ascending in time, then ticker")
