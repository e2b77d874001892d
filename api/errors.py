"""Everything that can go wrong with a question. `api.http.problems` says which HTTP status each error becomes."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_MOST_CHARACTERS = 60
_MOST_TICKERS = 20


def printable(value: object) -> str:
    """A value of the client's for a message: control characters as `\\x0a`, cut at 60 characters."""
    text = str(value)
    safe = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text[:_MOST_CHARACTERS])
    return f"{safe}…" if len(text) > _MOST_CHARACTERS or len(safe) > _MOST_CHARACTERS * 2 else safe


class ApiError(Exception):
    """A question that is not answered. Its text is one sentence for a person."""


class BadParameterError(ApiError):
    """A parameter that is not what it must be: which, what it was, why it is wrong, and the bound."""

    def __init__(self, parameter: str, value: object, why: str, bound: str) -> None:
        self.parameter, self.value, self.bound = printable(parameter), printable(value), bound
        super().__init__(f"{self.parameter}={self.value}: {why}; {bound}")


class UnknownTickerError(ApiError):
    """Well-formed tickers that neither the universe nor the snapshot knows; `hints`: sentences on some of them."""

    def __init__(self, parameter: str, tickers: Sequence[str], known: Sequence[str], hints: Iterable[str] = ()) -> None:
        self.parameter, self.value = parameter, printable(",".join(tickers))
        self.bound = f"known tickers: {_shortened(tickers, known)}"
        why = "; ".join(hints) or "not a ticker that Bellwether follows"
        super().__init__(f"{parameter}={self.value}: {why}; {self.bound}")


def _shortened(tickers: Sequence[str], known: Sequence[str]) -> str:
    """The known tickers; of more than fit in a sentence, those that look like the tickers asked for."""
    if len(known) <= _MOST_TICKERS:
        return ", ".join(known)
    similar = (get_close_matches(ticker, known, n=5, cutoff=0.5) for ticker in tickers)
    some = sorted({one for few in similar for one in few})[:_MOST_TICKERS] or known[:3]
    return f"{', '.join(some)} and {len(known) - len(some)} others, which /tickers lists"


class TooLittleHistoryError(ApiError):
    """A question for whose answer too few sessions are known."""

    def __init__(self, value: object, sessions: int, needed: int, sentence: str) -> None:
        self.parameter, self.value, self.bound = "range", printable(value), f"at least {needed} sessions that all share"
        self.sessions, self.needed = sessions, needed
        super().__init__(sentence)


class StoreError(ApiError):
    """The data cannot be read just now. `retry_after` is in seconds."""

    retry_after = 30


class StoreUnavailableError(StoreError):
    """The lake or its query engine fails, or does not answer in time."""


class StoreThrottledError(StoreError):
    """The query engine accepts no more queries for the moment."""

    retry_after = 5


class NothingPublishedError(StoreError):
    """The lake has no snapshot yet."""

    retry_after = 60
