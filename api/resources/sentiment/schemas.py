"""The response model of `/sentiment`."""

from pydantic import Field

from api.http.schemas import TICKER, WARNINGS, CoverageMeta, Model, SessionRow, WindowedMeta


class SentimentMeta(WindowedMeta):
    """What the answer was made from, and on how many sessions there was news."""

    coverage: list[CoverageMeta] = Field(description="One entry a ticker: sessions with news among those expected")


class SentimentRow(SessionRow):
    """One session of one ticker; a session without news has no row."""

    score: float = Field(
        description="Mean sentiment of the news that came before the session's close and after the one before, "
        "weighted by relevance, from −1 (bearish) to 1 (bullish)"
    )
    articles: int = Field(description="Number of articles it is computed from, at least one")


class SentimentSummary(Model):
    """One ticker over the window."""

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window with news")
    articles: int = Field(description="Articles in the window")
    average_score: float | None = Field(
        description="Mean of the sessions' scores, each session weighted alike, from −1 to 1; null without news"
    )


class SentimentResponse(Model):
    """Daily sentiment of news, ascending in time, then ticker."""

    meta: SentimentMeta
    summary: list[SentimentSummary]
    rows: list[SentimentRow]
    warnings: list[str] = WARNINGS
