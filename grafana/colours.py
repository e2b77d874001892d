"""A colour for each ticker, the same in every panel, as on the page: by its place in the universe.

Grafana's own choice by name gives NVDA and TSLA two greens. These ten are told apart, on light ground and on dark.
"""

from lake.universe import universe

TEN = (
    *("#8e9aa8", "#3274d9", "#e0752d", "#2ca58d", "#e0b400"),
    *("#8f6be8", "#e05fa8", "#5aa02c", "#00a9ce", "#e02f44"),
)


def colours() -> dict[str, str]:
    """Colours by a pattern of a line's name: a ticker's own, or that of the basket that ends with it."""
    return {rf"/(^|\+){ticker}$/": TEN[place % len(TEN)] for place, ticker in enumerate(universe())}
