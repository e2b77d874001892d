"""`/returns/calendar` over the sample market, against pandas."""

import pandas as pd
import pytest

from benchmarks.support.markets import small_market
from tests.support.client import Client

BARS = small_market()["AMZN"].bars
CLOSES = pd.Series([bar.close for bar in BARS], pd.to_datetime([bar.day for bar in BARS]))


@pytest.mark.parametrize(("by", "rule", "form"), [("month", "ME", "%Y-%m"), ("year", "YE", "%Y")])
def test_returns_are_those_of_pandas(client: Client, by: str, rule: str, form: str) -> None:
    rows = client.json("/returns/calendar", tickers="AMZN", range="max", by=by)["rows"]
    expected = CLOSES.resample(rule).last().pct_change(fill_method=None)
    assert [row["period"] for row in rows] == list(expected.index.strftime(form))
    assert rows[0]["period_return"] is None
    assert [row["period_return"] for row in rows[1:]] == pytest.approx(expected.tolist()[1:], rel=1e-12)


def test_only_the_running_period_is_partial(client: Client) -> None:
    rows = client.json("/returns/calendar", tickers="AMZN,VOO", range="6m")["rows"]
    assert {row["period"] for row in rows if row["partial"]} == {"2026-11"}
    assert [(row["period"], row["ticker"]) for row in rows] == sorted((row["period"], row["ticker"]) for row in rows)


def test_a_window_that_begins_within_a_month_gives_the_whole_month(client: Client) -> None:
    (row,) = client.json("/returns/calendar", tickers="AMZN", first="2026-10-15", last="2026-10-30")["rows"]
    october, september = (CLOSES[CLOSES.index.month == month].iloc[-1] for month in (10, 9))
    assert row["period_return"] == pytest.approx(october / september - 1, rel=1e-12)
    assert (row["from_session"], row["to_session"], row["partial"]) == ("2026-09-30", "2026-10-30", False)


def test_a_window_that_ends_within_a_month_is_partial(client: Client) -> None:
    (row,) = client.json("/returns/calendar", tickers="AMZN", first="2026-10-01", last="2026-10-15")["rows"]
    assert (row["to_session"], row["partial"]) == ("2026-10-15", True)


def test_summary_is_of_whole_periods(client: Client) -> None:
    body = client.json("/returns/calendar", tickers="AMZN", range="max")
    whole = CLOSES.resample("ME").last().pct_change(fill_method=None).dropna().iloc[:-1]
    (summary,) = body["summary"]
    assert summary["periods"] == len(whole)
    assert summary["best"] == pytest.approx(whole.max(), rel=1e-12)
    assert summary["best_period"] == whole.idxmax().strftime("%Y-%m")
    assert summary["worst_period"] == whole.idxmin().strftime("%Y-%m")
    assert summary["mean"] == pytest.approx(whole.mean(), rel=1e-12)
    assert summary["positive_share"] == pytest.approx((whole > 0).mean(), rel=1e-12)


def test_a_ticker_without_sessions_has_no_rows(client: Client) -> None:
    body = client.json("/returns/calendar", tickers="AAPL", range="6m")
    assert (body["rows"], body["summary"][0]["best"]) == ([], None)


def test_another_period_is_refused(client: Client) -> None:
    problem = client.get("/returns/calendar", {"tickers": "AMZN", "by": "week"}).json()
    assert (problem["status"], problem["parameter"]) == (400, "by")
