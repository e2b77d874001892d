"""The response model of `/seasonality`."""

from pydantic import Field

from api.http.schemas import TICKER, WARNINGS, Meta, Model


class WeekdayRow(Model):
    """One weekday of one ticker."""

    ticker: str = TICKER
    weekday: int = Field(description="1 for Monday to 5 for Friday")
    name: str = Field(description="Its name", examples=["Monday"])
    sessions: int = Field(description="Sessions of the window with a daily return on it")
    mean_return: float | None = Field(
        description="Arithmetic mean of their daily returns, a fraction; null without one"
    )
    low: float | None = Field(
        description="Low end of mean_return's 95 % interval by Student's t, a fraction; null with fewer than two"
    )
    high: float | None = Field(description="High end of it, a fraction; null as low is")
    share_positive: float | None = Field(description="Share of them above zero, a fraction; null without one")
    mean_range_ratio: float | None = Field(
        description="Arithmetic mean of (high − low) ÷ open, a fraction; null without one"
    )
    mean_volume: float | None = Field(
        description="Arithmetic mean of the known volumes, shares adjusted for later splits; null without one"
    )


class SeasonalitySummary(Model):
    """Whether the weekdays of one ticker differ by more than chance: one test of all five."""

    ticker: str = TICKER
    sessions: int = Field(description="Daily returns of the window, all weekdays together")
    kruskal_wallis: float | None = Field(
        description="H of the Kruskal-Wallis test over the five weekdays' daily returns; null where a weekday has "
        "fewer than five, or the close never moves"
    )
    p_value: float | None = Field(
        description="Probability of an H at least as large if the weekdays were alike; null as kruskal_wallis is"
    )
    verdict: str | None = Field(
        description="The test in a sentence: the weekdays differ where p_value is below 0.05; null as it is",
        examples=["One weekday of five can look special by chance; overall: no effect (p = 0.53)"],
    )


class SeasonalityResponse(Model):
    """Figures of each weekday; rows by ticker, then weekday."""

    meta: Meta
    summary: list[SeasonalitySummary]
    rows: list[WeekdayRow]
    warnings: list[str] = WARNINGS
