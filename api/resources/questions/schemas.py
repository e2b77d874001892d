"""The response models of `/questions` and of the five questions."""

from datetime import date
from typing import Any

from pydantic import Field

from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, SessionRow, SnapshotMeta
from api.resources.compare.schemas import CompareRow, CompareSummary, Diversification
from api.resources.outlook.schemas import OutlookRow, OutlookSummary
from api.resources.volatility.schemas import AssociationRow, VolatilityRow, VolatilitySummary

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

    questions: int = Field(description="Number of questions asked")
    answered: int = Field(description="How many of them have an answer")


class QuestionsResponse(Model):
    """The five questions and their answers."""

    meta: SnapshotMeta
    summary: list[QuestionSummary] = Field(description="One entry")
    rows: list[QuestionRow]
    warnings: list[str] = WARNINGS


class QuestionAnswer(Model):
    """The fields that the five answers share."""

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
    highest_volume: int | None = Field(description="Highest daily volume of the past two weeks, shares; null as above")
    highest_day: date | None = Field(description="Its session; null as above")
    lowest_volume: int | None = Field(description="Lowest daily volume of the past two weeks, shares; null as above")
    lowest_day: date | None = Field(description="Its session; null as above")
    usual_sessions: int = Field(description="Sessions with a known volume in the three months before those two weeks")
    usual_volume: float | None = Field(description="Median daily volume of those, shares; null below 20 sessions")
    week_to_two_weeks: float | None = Field(
        description="week_average ÷ two_weeks_average − 1, a fraction; null without a session"
    )
    week_to_usual: float | None = Field(description="week_average ÷ usual_volume − 1, a fraction; null as the two are")


class VolumeRow(SessionRow):
    """The volume of one session."""

    volume: int | None = Field(description="Shares traded, adjusted for later splits; null where unknown")


class VolumeAnswer(QuestionAnswer):
    """1. What was the daily trading volume in the past week, or two?"""

    summary: list[VolumeSummary] = Field(description="One entry a ticker")
    rows: Rows[VolumeRow] = Field(description="The past two weeks, ascending in time, then ticker")


class ComparisonAnswer(QuestionAnswer):
    """2. How have tickers changed, and how do their daily fluctuations and trends compare?"""

    summary: list[CompareSummary] = Field(description="One entry a ticker, on the split-adjusted basis")
    rows: Rows[CompareRow]


class DiversificationAnswer(QuestionAnswer):
    """3. How much more have tickers gained than the benchmark, and what does that say about diversifying?"""

    summary: list[CompareSummary] = Field(description="One entry a ticker, the benchmark's last; the total basis")
    diversification: Diversification = Field(description="Their equal mix, the benchmark in it, against its parts")
    rows: Rows[CompareRow] = Field(
        description="Tickers and benchmark on the total basis, ascending in time, then ticker"
    )


class OutlookAnswer(QuestionAnswer):
    """4. Which of two baskets is likelier to return more? On the total basis; not advice."""

    summary: list[OutlookSummary] = Field(description="One entry; empty without an answer")
    rows: list[OutlookRow] = Field(description="Growth of the baskets in the past window; empty without an answer")


class PatternsAnswer(QuestionAnswer):
    """5. What are the volatility patterns, how do they go with volume and sentiment, and what does that mean?"""

    summary: list[VolatilitySummary] = Field(description="One entry a ticker, on the split-adjusted basis")
    associations: list[AssociationRow] = Field(
        description="Rank correlations of daily moves with volume and with sentiment, or its market proxies, each with "
        "an interval"
    )
    rows: Rows[VolatilityRow]
