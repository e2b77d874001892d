"""The response model of `/returns/calendar`."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.http.schemas import TICKER, WARNINGS, Meta, Model, OnRequest

_KNOWN = "of its known returns of whole periods; null without any"


def _month(name: str) -> Any:
    return Field(description=f"Return of {name}, a fraction, as period_return; null outside the window too")


class CalendarSummary(Model):
    """One ticker's calendar returns in short. The running period is not among them."""

    ticker: str = TICKER
    periods: int = Field(description="Number of whole periods with a known return")
    best: float | None = Field(description=f"The highest, a fraction, {_KNOWN}")
    best_period: str | None = Field(description="Its month, 2026-11, or year, 2026; null as best is")
    worst: float | None = Field(description=f"The lowest, a fraction, {_KNOWN}")
    worst_period: str | None = Field(description="Its month or year; null as worst is")
    mean: float | None = Field(description=f"The arithmetic mean, a fraction, {_KNOWN}")
    positive_share: float | None = Field(description=f"The share above zero, a fraction, {_KNOWN}")


class CalendarRow(Model):
    """One calendar month or year of one ticker."""

    period: str = Field(description="The month, such as 2026-11, or the year, such as 2026")
    ticker: str = TICKER
    period_return: float | None = Field(
        description="Last close of the period ÷ the last close of the one before − 1, a fraction; null where the lake "
        "has no close of the period before",
    )
    partial: bool = Field(description="Whether the period's last session is not held: it is running, or a hole")
    from_session: date | None = Field(description="Session of the earlier close; null as period_return is")
    to_session: date = Field(description="Session of the later close, the last one held in the period")


class CalendarYear(Model):
    """One year of one ticker: its months across."""

    ticker: str = TICKER
    year: int = Field(description="Number of the calendar year, such as 2026")
    jan: float | None = _month("January")
    feb: float | None = _month("February")
    mar: float | None = _month("March")
    apr: float | None = _month("April")
    may: float | None = _month("May")
    jun: float | None = _month("June")
    jul: float | None = _month("July")
    aug: float | None = _month("August")
    sep: float | None = _month("September")
    oct: float | None = _month("October")
    nov: float | None = _month("November")
    dec: float | None = _month("December")
    full_year: float | None = Field(
        description="Return of the year, a fraction, as by=year has it: of a running one so far; null as period_return"
    )


class CalendarResponse(Model):
    """Returns of calendar months or years; rows ascending in time, then ticker."""

    meta: Meta
    summary: list[CalendarSummary]
    rows: list[CalendarRow]
    grid: Annotated[list[CalendarYear], OnRequest] = Field(
        description="Years down, months across, whatever `by`: the tickers in the order asked for, then ascending; "
        "empty unless asked for by layout=wide"
    )
    warnings: list[str] = WARNINGS
