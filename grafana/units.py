"""The units of the panel definitions in Grafana's terms."""

from collections.abc import Mapping
from typing import NamedTuple


class Unit(NamedTuple):
    """Grafana's name of a unit, the decimals shown, and whether gains and losses are coloured."""

    name: str
    decimals: int | None = None
    signed: bool = False


UNITS: Mapping[str, Unit] = {
    "text": Unit("string"),
    "day": Unit("time:YYYY-MM-DD"),
    "count": Unit("none", 0),
    "number": Unit("none", 2),
    "usd": Unit("currencyUSD", 2),
    "signed_usd": Unit("currencyUSD", 2, signed=True),
    "ratio": Unit("percentunit", 1),
    "signed_ratio": Unit("percentunit", 1, signed=True),
    "small_ratio": Unit("percentunit", 2, signed=True),
    "shares": Unit("short", 1),  # shows 45.2 Mil
}
