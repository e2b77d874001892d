"""The response models of `/questions` and of the five questions."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, SessionRow, SnapshotMeta
from api.resources.calendar_returns.schemas import CalendarSummary
from api.resources.compare.schemas import CompareRow, CompareSummary, Diversification
from api.resources.outlook.schemas import OutlookRow, OutlookSummary
from api.resources.portfolio.schemas import Holding, PortfolioSummary
from api.resources.volatility.schemas import AssociationRow, ConeSlice, VolatilityRow, VolatilitySummary

Unit = Literal["usd", "shares", "ratio", "signed_ratio", "small_ratio", "number", "count"]
_HEADLINE = "The answer in one sentence; null where there is none, for the reason that `reason` gives"


class KeyFigure(Model):
    """One figure that the headline rests on."""

    label: str = Field(description="What it is", examples=["Change"])
    ticker: str | None = Field(description="Whose it is; null for a figure of several tickers together")
    value: float | None = Field(description="The figure, ratios as fractions; null where unknown")
    unit: Unit = Field(
        description="ratio: a fraction shown in percent; signed_ratio: with its sign; small_ratio: with two decimals"
    )
    text: str = Field(description="The figure as it is shown", examples=["+8.4 %"])


class Answered(Model):
    """A question and its answer in words."""

    name: str = Field(description="Its name", examples=["volume"])
    question: str = Field(description="The question as a person asks it")
    headline: str | None = Field(description=_HEADLINE)
    key_figures: list[KeyFigure] = Field(description="At most five figures; empty without an answer")
    details: list[str] = Field(description="The rest of the answer, a sentence or two each; empty without an answer")
    answer: str | None = Field(description="Headline and details in one text; null without an answer")
    reason: str | None = Field(description="Why there is no answer, in words; null where there is one")


class QuestionRow(Answered):
    """One question and its answer, without its figures."""

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


class _OfWindow(Model):
    """First among the bases below it, so that `meta` comes first in the answer."""

    meta: Meta


class QuestionAnswer(Answered, _OfWindow):
    """The fields that the five answers share."""

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
    mix: PortfolioSummary | None = Field(
        description="That equal mix as a portfolio, rebalanced daily; null with fewer than two tickers in it"
    )
    holdings: list[Holding] = Field(description="What each part contributes to the mix's return and to its risk")
    months: list[CalendarSummary] = Field(
        description="Best and worst of the calendar months that lie whole in the window: of the mix, called "
        "`portfolio`, then of its parts"
    )
    rows: Rows[CompareRow] = Field(
        description="Tickers and benchmark on the total basis, ascending in time, then ticker"
    )


class OutlookAnswer(QuestionAnswer):
    """4. Which of two baskets is likelier to return more? On the total basis; not advice."""

    summary: list[OutlookSummary] = Field(description="One entry; empty without an answer")
    rows: list[OutlookRow] = Field(description="Growth of the baskets in the past window; empty without an answer")


class RangeFit(Model):
    """The least-squares line through the rows' volume and log_range of one ticker, with its two ends."""

    ticker: str = TICKER
    sessions: int = Field(description="Number of rows with both, n: at least three")
    slope: float = Field(description="Change of log_range, a fraction, per share of volume")
    intercept: float = Field(description="log_range of the line at no volume, a fraction: an extrapolation")
    r_squared: float = Field(description="Share of the variance of log_range that the line explains, a fraction")
    volume_from: float = Field(description="Lowest volume of the rows, shares: where the line begins")
    range_from: float = Field(description="log_range of the line there, a fraction")
    volume_to: float = Field(description="Highest volume of the rows, shares: where the line ends")
    range_to: float = Field(description="log_range of the line there, a fraction")


class PatternsAnswer(QuestionAnswer):
    """5. What are the volatility patterns, how do they relate to volume and sentiment, and what does that mean?"""

    summary: list[VolatilitySummary] = Field(description="One entry a ticker, on the split-adjusted basis")
    cone: list[ConeSlice] = Field(description="Its volatility in its own history, four windows a ticker")
    associations: list[AssociationRow] = Field(
        description="Rank correlations of daily moves with volume and with sentiment, or its market proxies, each with "
        "an interval"
    )
    fits: list[RangeFit] = Field(description="The line of range on volume, for tickers with three such sessions")
    rows: Rows[VolatilityRow]
