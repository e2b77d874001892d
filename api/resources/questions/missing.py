"""When there is nothing to say, of one ticker or of all."""

from collections.abc import Mapping, Sequence


def answered(
    tickers: Sequence[str], sentences: Mapping[str, str], warnings: Sequence[str], fallback: str
) -> tuple[str | None, str | None]:
    """The answer of what is known of each ticker, and the reason where nothing is known of any; one is None."""
    missing = [ticker for ticker in tickers if ticker not in sentences]
    reasons = [reason_of(ticker, warnings, fallback) for ticker in missing]
    if not sentences:
        return None, "; ".join(reasons)
    return " ".join((*sentences.values(), *(f"{reason}." for reason in reasons))), None


def reason_of(ticker: str, warnings: Sequence[str], fallback: str) -> str:
    """What the warnings say of a ticker."""
    said = [words for words in warnings if words.startswith(f"{ticker}: ")]
    return said[0] if said else f"{ticker}: {fallback}"
