"""The units of the definition, as Grafana shows them."""

from collections.abc import Mapping
from typing import NamedTuple


class Unit(NamedTuple):
    """Grafana's name of a unit, its decimals, and whether the sign is what matters."""

    name: str
    decimals: int | None = None
    signed: bool = False


UNITS: Mapping[str, Unit] = {
    "text": Unit("string"),
    "count": Unit("none", 0),
    "number": Unit("none", 2),
    "usd": Unit("currencyUSD", 2),
    "signed_usd": Unit("currencyUSD", 2, signed=True),
    "ratio": Unit("percentunit", 1),
    "signed_ratio": Unit("percentunit", 1, signed=True),
    "small_ratio": Unit("percentunit", 2, signed=True),
    "shares": Unit("short", 1),  # 45.2 Mil
}
