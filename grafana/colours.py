"""A colour for each ticker, the same in every panel, by its position in the universe.

Grafana's own palette by name gives NVDA and TSLA two similar greens. Any two of these ten are at least ΔE 27 apart
(CIEDE2000), on light and dark backgrounds alike: Grafana has one palette for both, unlike the page.
"""

from lake.universe import universe

PALETTE = (
    *("#8e9aa8", "#822bd9", "#f27e61", "#507300", "#d9a52b"),
    *("#006773", "#f261b8", "#8c5400", "#00bf86", "#bf0039"),
)


def ticker_colours() -> dict[str, str]:
    """Colours by a pattern of the series' name, a ticker or a basket. A basket has its last ticker's colour."""
    return {rf"/(^|\+){ticker}$/": PALETTE[position % len(PALETTE)] for position, ticker in enumerate(universe())}
