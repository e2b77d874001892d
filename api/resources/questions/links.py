"""Links to the endpoints whose figures an answer uses.

They are relative to the root of the service: behind API Gateway the root is a stage, such as /prod.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from api.panel.window import Between, Span


def link(path: str, **parameters: object) -> str:
    """`compare?tickers=NVDA,AMZN&range=3m`; a list is joined by commas, and a parameter that is None is left out.

    `from_` stands for `from`, which Python reserves.
    """
    pairs = {name.rstrip("_"): _text(value) for name, value in parameters.items() if value is not None}
    return f"{path}?{urlencode(pairs, safe=',:')}"


def span_parameters(span: Span) -> dict[str, object]:
    """The parameters of `link` for a span: `range`, or `from_` and `to`."""
    return {"from_": span.first, "to": span.last} if isinstance(span, Between) else {"range": span}


def equal_weights(tickers: Sequence[str]) -> str:
    """The parameter `weights` of a portfolio in equal parts: equal:NVDA,AMZN."""
    return f"equal:{','.join(tickers)}"


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
