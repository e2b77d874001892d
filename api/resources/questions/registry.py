"""The five questions as data: their wording, and the tickers and range of each by default."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from api.formatting import listed, verb


class Question(NamedTuple):
    """`text` has a placeholder for each parameter; `tickers` and `range` are the defaults."""

    name: str
    text: str
    range: str
    tickers: tuple[str, ...] = ()

    def of(self, tickers: Sequence[str], **words: str) -> str:
        """The question in words, asked of these tickers."""
        # Verb and pronoun agree with the number of tickers.
        forms = {"have": verb(tickers, "has", "have"), "their": verb(tickers, "its", "their")}
        return self.text.format(tickers=listed(tickers), **forms, **words)


_QUESTIONS = (
    Question("volume", "What was the daily trading volume of {tickers} in the past week, or two?", "2w", ("AAPL",)),
    Question(
        "comparison",
        "How {have} {tickers} changed over {span}, and how do {their} daily fluctuations and trends compare?",
        "3m",
        ("NVDA", "AMZN"),
    ),
    Question(
        "diversification",
        "Compared to {benchmark}, how much more {have} {tickers} gained over {span}; what are {their} average daily "
        "and cumulative returns, and what does that say about diversifying?",
        "6m",
        ("QQQ", "SCHG"),
    ),
    Question(
        "outlook", "From {span}, which is likelier to return more over the next {horizon}: {a}, or {b}?", range="6m"
    ),
    Question(
        "patterns",
        "From {span}, what are the volatility patterns of {tickers}, how do they relate to volume and sentiment, and "
        "what does that mean in the short term?",
        "100d",
        ("TSLA", "MSFT"),
    ),
)

QUESTIONS: Mapping[str, Question] = MappingProxyType({question.name: question for question in _QUESTIONS})
