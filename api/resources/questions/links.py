"""Links to the endpoints that an answer used, relative to the root of the service, so that they hold below a stage."""

from collections.abc import Sequence
from urllib.parse import urlencode


def link(path: str, **parameters: object) -> str:
    """`compare?tickers=NVDA,AMZN&range=3m`; a list joined by commas, `from_` for from, nothing for None."""
    pairs = {name.rstrip("_"): _text(value) for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(pairs, safe=',')}"


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
