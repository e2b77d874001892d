"""`/returns/calendar` over the sample market, against pandas."""

import io

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


def grid(client: Client, **query: str) -> pd.DataFrame:
    """The grid as a spreadsheet opens it."""
    answer = client.get("/returns/calendar", {"layout": "wide", "format": "csv", "range": "max", **query})
    assert answer.status_code == 200, answer.text
    return pd.read_csv(io.StringIO(answer.text)).set_index(["ticker", "year"])


@pytest.mark.parametrize("by", ["month", "year"])
def test_the_grid_has_years_down_and_months_across(client: Client, by: str) -> None:
    found = grid(client, tickers="VOO,AMZN", by=by)
    months, years = (CLOSES.resample(rule).last().pct_change(fill_method=None) for rule in ("ME", "YE"))
    wanted = pd.DataFrame({"year": months.index.year, "month": months.index.strftime("%b").str.lower(), "move": months})
    wanted = wanted.pivot(index="year", columns="month", values="move")
    names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    assert list(found.columns) == [*names, "full_year"]
    assert list(found.index) == [(ticker, year) for ticker in ("VOO", "AMZN") for year in wanted.index]
    amazon = found.loc["AMZN"]
    pd.testing.assert_frame_equal(
        amazon[names], wanted.reindex(columns=names), check_names=False, check_index_type=False, rtol=1e-12
    )
    assert amazon["full_year"].tolist() == pytest.approx(years.tolist(), rel=1e-12, nan_ok=True)


def test_the_grid_of_a_window_has_its_months_and_whole_years(client: Client) -> None:
    window = {"range": "", "from": "2026-03-16", "to": "2026-05-29"}
    query = {name: value for name, value in window.items() if value}
    answer = client.get("/returns/calendar", {"tickers": "AMZN", "layout": "wide", **query}).json()
    (row,) = answer["grid"]
    assert answer["rows"] == answer["summary"] == []
    ends = CLOSES[CLOSES.index <= "2026-05-29"].resample("ME").last().pct_change(fill_method=None)
    assert [name for name in row if row[name] is not None] == ["ticker", "year", "mar", "apr", "may", "full_year"]
    assert [row["mar"], row["apr"], row["may"]] == pytest.approx(ends.iloc[-3:].tolist(), rel=1e-12)
    year_before = CLOSES[CLOSES.index.year == 2025].iloc[-1]
    assert row["full_year"] == pytest.approx(CLOSES["2026-05-29"] / year_before - 1, rel=1e-12)


def test_the_grid_is_left_out_unless_asked_for(client: Client) -> None:
    whole = client.json("/returns/calendar", tickers="AMZN", range="6m")
    assert (whole["grid"], len(whole["rows"])) == ([], 7)
    by_part = client.get("/returns/calendar", {"tickers": "AMZN", "range": "6m", "part": "grid", "format": "csv"})
    by_layout = client.get("/returns/calendar", {"tickers": "AMZN", "range": "6m", "layout": "WIDE", "format": "csv"})
    assert by_part.text == by_layout.text
    assert by_layout.headers["content-disposition"] == 'attachment; filename="returns-calendar-grid.csv"'


def test_layout_says_what_it_goes_with(client: Client) -> None:
    for query in ({"layout": "wide", "part": "summary"}, {"layout": "tall"}):
        problem = client.get("/returns/calendar", {"tickers": "AMZN", **query}).json()
        assert (problem["status"], problem["parameter"]) == (400, "layout")
    assert client.get("/prices", {"tickers": "AMZN", "layout": "wide"}).status_code == 400
