"""What a client that asked for an unknown path probably wanted. Pure."""

from collections.abc import Mapping
from difflib import get_close_matches

from api.http.parameters import spelled
from lake.universe import TICKER_PATTERN

_MOST_NAMES = 10  # in a sentence
_ALL = "/docs lists the paths"


def path_hint(path: str, tickers: Mapping[str, str | None]) -> str:
    """The rest of a sentence, such as "ask for /prices?tickers=NVDA".

    `tickers`: each known path, with the first of its parameters that takes tickers, or None.
    """
    wanted = "/" + path.strip("/").lower()
    if wanted in tickers:
        return f"ask for {wanted}" + (", without the slash at the end" if path.endswith("/") else "")
    known = max((one for one in tickers if wanted.startswith(f"{one}/")), key=len, default=None)
    if known is not None and tickers[known]:
        names = list(dict.fromkeys(spelled(name) for name in path.strip("/")[len(known) :].split(",")))
        if len(names) <= _MOST_NAMES and all(map(TICKER_PATTERN.fullmatch, names)):
            return f"tickers are a parameter: ask for {known}?{tickers[known]}={','.join(names)}"
    similar = get_close_matches(wanted, tickers, n=1, cutoff=0.7) or ([known] if known else [])
    return f"did you mean {similar[0]}? {_ALL}" if similar else _ALL
