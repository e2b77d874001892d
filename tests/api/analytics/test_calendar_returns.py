"""Calendar returns against pandas, and periods that have no earlier close."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from api.analytics.calendar_returns import Period, period_returns


@pytest.mark.parametrize(("by", "rule"), [("month", "ME"), ("year", "YE")])
def test_returns_are_those_of_pandas(by: Period, rule: str) -> None:
    days = pd.bdate_range("2019-03-11", "2023-08-16")
    closes = pd.Series(100 * np.exp(np.random.default_rng(7).normal(0, 0.02, len(days)).cumsum()), days)
    found = period_returns(days.to_numpy().astype("datetime64[D]"), closes.to_numpy(), by)
    assert_allclose(found.returns, closes.resample(rule).last().pct_change(fill_method=None).to_numpy(), rtol=1e-12)


def test_a_period_after_an_empty_one_has_no_return() -> None:
    days = np.array(["2024-01-30", "2024-01-31", "2024-03-28", "2024-04-30"], dtype="datetime64[D]")
    found = period_returns(days, np.array([9.0, 10.0, 12.0, 15.0]), "month")
    assert found.periods.tolist() == [day.astype("datetime64[M]").item() for day in days[[1, 2, 3]]]
    assert_allclose(found.returns, [np.nan, np.nan, 0.25])
    assert found.opening.tolist() == [-1, -1, 2]
    assert found.closing.tolist() == [1, 2, 3]


def test_no_close_gives_no_period() -> None:
    assert not len(period_returns(np.empty(0, dtype="datetime64[D]"), np.empty(0), "year").periods)
