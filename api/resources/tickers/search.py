"""Which tickers a text finds, and how near each is. Pure. The page's search.js has the same; a test compares."""

import re
import unicodedata
from collections.abc import Collection

NOT_FOUND = 6
_SILENT = re.compile(r"['’.]")  # McDonald's, J.B. Hunt: left out as they are spoken
_BETWEEN = re.compile(r"[\W_]+")  # Coca-Cola, AT&T


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: small letters without marks; `and` counts as little as `&`."""
    letters = "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
    words = _BETWEEN.sub(" ", _SILENT.sub("", letters)).split()
    return [word for word in words if word != "and"] or words


def distance(text: str, ticker: str, name: str, groups: Collection[str]) -> int:
    """How far a ticker is from a text, 0 to 5; NOT_FOUND where the text is in none of it. An empty text finds all.

    0 the ticker itself, 1 it begins with the text, 2 a word of the name begins with it, 3 words of the name begin with
    its words in any order, 4 the name or the ticker has it elsewhere, 5 one of `groups`, such as its sector, has it.
    """
    wanted = words_of(text)
    if not wanted:
        return NOT_FOUND if text.strip() else 0
    phrase, joined = " ".join(wanted), "".join(wanted)
    symbol, words = "".join(words_of(ticker)), words_of(name)
    spoken = " ".join(words)
    tests = (
        symbol == joined,
        len(wanted) == 1 and symbol.startswith(joined),
        f" {phrase}" in f" {spoken}" or "".join(words).startswith(joined),
        all(any(word.startswith(one) for word in words) for one in wanted),
        phrase in spoken or joined in symbol,
        any(phrase in " ".join(words_of(group)) for group in groups),
    )
    return next((place for place, holds in enumerate(tests) if holds), NOT_FOUND)
