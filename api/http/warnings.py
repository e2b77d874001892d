"""The warnings of an answer, as long as a person reads: those that say the same of many tickers are one. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable

_MANY = 10  # tickers that a sentence is said of one by one, as many as the default universe has
_NAMED = 3
_OF_A_TICKER = re.compile(r"([A-Z][A-Z0-9.-]{0,8}): (.+)")


def merge_warnings(warnings: Iterable[str]) -> list[str]:
    """Each warning once; a sentence that more than ten tickers begin names three of them and counts the others."""
    unique = list(dict.fromkeys(warnings))
    tickers: dict[str, list[str]] = defaultdict(list)
    for found in map(_OF_A_TICKER.fullmatch, unique):
        if found:
            tickers[found[2]].append(found[1])
    return list(dict.fromkeys(_merged(one, tickers) for one in unique))


def _merged(warning: str, tickers: dict[str, list[str]]) -> str:
    found = _OF_A_TICKER.fullmatch(warning)
    if not found or len(tickers[found[2]]) <= _MANY:
        return warning
    first, others = tickers[found[2]][:_NAMED], tickers[found[2]][_NAMED:]
    return f"{', '.join(first)} and {len(others)} others: {found[2]}"
