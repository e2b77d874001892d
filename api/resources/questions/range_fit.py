"""The line through each session's volume and range, for the picture of question 5. Rows in; pure."""

from collections.abc import Sequence

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.line import fitted_line
from api.http.rows import Rows
from api.resources.questions.schemas import RangeFit
from api.resources.volatility.schemas import VolatilityRow


def range_fits(rows: Rows[VolatilityRow], tickers: Sequence[str]) -> list[RangeFit]:
    """The line of each ticker through the rows' volume and range, where three rows or more have both."""
    names, volumes, ranges = (rows.columns[name] for name in ("ticker", "volume", "log_range"))
    found = []
    for ticker in tickers:
        known = (names == ticker) & np.isfinite(volumes) & np.isfinite(ranges)
        found.append(_fit(ticker, volumes[known].astype(np.float64), ranges[known].astype(np.float64)))
    return [one for one in found if one]


def _fit(ticker: str, volumes: Floats, ranges: Floats) -> RangeFit | None:
    line = fitted_line(volumes, ranges)
    if line is None:
        return None
    low, high = float(volumes.min()), float(volumes.max())
    return RangeFit(
        ticker=ticker,
        sessions=len(volumes),
        slope=line.slope,
        intercept=line.intercept,
        r_squared=line.r_squared,
        volume_from=low,
        range_from=line.intercept + line.slope * low,
        volume_to=high,
        range_to=line.intercept + line.slope * high,
    )
