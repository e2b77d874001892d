"""A simulated ticker's bars and dividends between two days, whichever of the two engines draws them."""

from datetime import date, timedelta

from ingest.simulator import years
from ingest.simulator.market import Bar, history
from ingest.simulator.parameters import EPOCH, PARAMETERS


def bars_between(ticker: str, first: date, last: date) -> list[Bar]:
    """The bars of a ticker from `first` to `last`, both inclusive, ascending."""
    if ticker not in PARAMETERS:
        return list(years.bars(ticker, first, last))
    older = years.bars(ticker, first, min(last, EPOCH - timedelta(days=1)))
    return [*older, *(bar for bar in history(ticker).bars if first <= bar.session <= last)]


def closes_between(ticker: str, first: date, last: date) -> list[tuple[date, float]]:
    """The sessions from `first` to `last`, both inclusive, ascending, each with its close: bars cost twice as much."""
    if ticker not in PARAMETERS:
        return list(years.closes(ticker, first, last))
    return [(bar.session, bar.close) for bar in bars_between(ticker, first, last)]


def dividends_between(ticker: str, first: date, last: date) -> list[tuple[date, float]]:
    """The dividends that go ex from `first` to `last`, both inclusive, ascending."""
    if ticker not in PARAMETERS:
        return list(years.dividends(ticker, first, last))
    older = years.dividends(ticker, first, min(last, EPOCH - timedelta(days=1)))
    return [*older, *(paid for paid in history(ticker).dividends if first <= paid[0] <= last)]
