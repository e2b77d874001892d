"""From arrays to what leaves in JSON: NaN becomes None, days become times."""

from collections.abc import Iterable
from datetime import date

from api.analytics.arrays import Floats


def numbers(values: Floats) -> list[float | None]:
    """The values of a (n,) array; None for NaN, which is the one value that differs from itself."""
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124


def mean(values: Floats) -> float | None:
    """The arithmetic mean of the known values; None where none is."""
    known = values[values == values]  # noqa: PLR0124
    return float(known.mean()) if len(known) else None


def times(days: Iterable[date]) -> list[str]:
    """Each day as Grafana reads it: seconds and a Z."""
    return [f"{day.isoformat()}T00:00:00Z" for day in days]
