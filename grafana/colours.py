"""A colour for each ticker, the same in every panel, by its position in the universe, as on the page.

Grafana's own palette by name gives NVDA and TSLA two similar greens. These ten differ on light and dark backgrounds.
"""

from lake.universe import universe

PALETTE = (
    *("#8e9aa8", "#3274d9", "#e0752d", "#2ca58d", "#e0b400"),
    *("#8f6be8", "#e05fa8", "#5aa02c", "#00a9ce", "#e02f44"),
)


def ticker_colours() -> dict[str, str]:
    """Colours by a pattern of the series' name, a ticker or a basket. A basket has its last ticker's colour."""
    return {rf"/(^|\+){ticker}$/": PALETTE[position % len(PALETTE)] for position, ticker in enumerate(universe())}
