"""`interval` over HTTP: rows of weeks and months, summaries of days, and the limit of rows."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from api.http.date_range import parse_range
from api.panel.row_count import RowsAsked, settle_interval
from api.panel.window import resolve
from benchmarks.support.markets import LAST, MISSING_DAY, SESSIONS, small_market
from lake.snapshot import Manifest, TickerManifest
from tests.support.client import Client
from tests.support.stores import ManifestStore

MARKET = small_market()
FREQUENCIES = {"1w": "W-SUN", "1mo": "ME", "3mo": "QE"}
PATHS = ("prices", "compare", "returns", "volatility")


def closes(ticker: str) -> pd.Series:
    """The daily closes, of a ticker that has no splits."""
    bars = MARKET[ticker].bars
    return pd.Series([bar.close for bar in bars], index=pd.DatetimeIndex([bar.day for bar in bars]))


def ends(frequency: str, first: date) -> list[str]:
    """The last NYSE session of each period, the last one running."""
    days = pd.Series(SESSIONS, index=pd.DatetimeIndex(SESSIONS)).loc[str(first) :]
    return [str(day) for day in days.resample(frequency).last()]


@pytest.mark.parametrize("interval", FREQUENCIES)
def test_prices(client: Client, interval: str) -> None:
    first = SESSIONS[103]
    body = client.json("/prices", tickers="AMZN,META", first=str(first), interval=interval)
    rows = [row for row in body["rows"] if row["ticker"] == "AMZN"]
    assert [row["time"][:10] for row in rows] == ends(FREQUENCIES[interval], first)
    assert body["meta"]["interval"] == interval
    weekly = closes("AMZN").loc[str(first) :].resample(FREQUENCIES[interval]).last()
    assert [row["close"] for row in rows] == pytest.approx(weekly.tolist())
    before = closes("AMZN").loc[str(SESSIONS[102])]
    assert [row["change_ratio"] for row in rows] == pytest.approx(
        (weekly / weekly.shift(fill_value=before) - 1).tolist()
    )
    volumes = pd.Series([bar.volume for bar in MARKET["AMZN"].bars], index=closes("AMZN").index).loc[str(first) :]
    assert [row["volume"] for row in rows] == volumes.resample(FREQUENCIES[interval]).sum().tolist()


@pytest.mark.parametrize("path", PATHS)
def test_summaries_are_of_daily_data_whatever_the_interval(client: Client, path: str) -> None:
    daily = client.json(f"/{path}", tickers="AMZN,META", range="6m")
    weekly = client.json(f"/{path}", tickers="AMZN,META", range="6m", interval="1w")
    parts = set(daily) - {"meta", "rows", "warnings"}
    assert {name: weekly[name] for name in parts} == {name: daily[name] for name in parts}
    assert len(weekly["rows"]) < len(daily["rows"]) / 4


@pytest.mark.parametrize("path", ["compare", "returns", "volatility"])
def test_series_are_sampled_at_the_last_session_of_a_week(client: Client, path: str) -> None:
    """Cumulative and rolling figures as of that session; META's missing day is no last one."""
    query = {"tickers": "AMZN,META", "range": "6m"}
    daily = {(row["time"], row["ticker"]): row for row in client.json(f"/{path}", **query)["rows"]}
    weekly = client.json(f"/{path}", **query, interval="1w")["rows"]
    period = {"daily_return", "volume", "log_range"}
    for row in weekly:
        same = daily[row["time"], row["ticker"]]
        assert {k: v for k, v in row.items() if k not in period} == {k: v for k, v in same.items() if k not in period}


@pytest.mark.parametrize("path", ["compare", "returns", "volatility"])
def test_returns_run_from_the_close_of_the_period_before(client: Client, path: str) -> None:
    rows = [
        row
        for row in client.json(f"/{path}", tickers="AMZN", first=str(SESSIONS[103]), interval="1mo")["rows"]
        if row["time"][:10] >= str(SESSIONS[103])
    ]
    monthly = closes("AMZN").loc[str(SESSIONS[103]) :].resample("ME").last()
    wanted = monthly / monthly.shift(fill_value=closes("AMZN").loc[str(SESSIONS[102])]) - 1
    assert [row["daily_return"] for row in rows] == pytest.approx(wanted.tolist())


def test_volume_and_range_of_volatility_are_the_periods(client: Client) -> None:
    rows = client.json("/volatility", tickers="AMZN", first=str(SESSIONS[103]), interval="1w")["rows"]
    bars = pd.DataFrame(MARKET["AMZN"].bars, index=closes("AMZN").index).loc[str(SESSIONS[103]) :]
    weeks = bars.resample("W-SUN").agg({"high": "max", "low": "min", "volume": "sum"})
    assert [row["volume"] for row in rows] == weeks["volume"].tolist()
    assert [row["log_range"] for row in rows] == pytest.approx(np.log(weeks["high"] / weeks["low"]).tolist())


def test_coverage_names_a_period_that_lacks_a_session(client: Client) -> None:
    body = client.json("/prices", tickers="META,AMZN", range="30d", interval="1w")
    meta, amazon = body["meta"]["coverage"]
    (week,) = meta["incomplete_periods"]
    assert 0 <= (date.fromisoformat(week) - MISSING_DAY).days < 7
    assert amazon["incomplete_periods"] == []
    daily = client.json("/prices", tickers="META", range="30d")
    assert daily["meta"]["coverage"][0]["incomplete_periods"] == []


def test_a_running_period_is_said(client: Client) -> None:
    words = f"interval=1mo: the last month is still running, its row is of the sessions up to {LAST}"
    assert words in client.json("/compare", tickers="AMZN", interval="1mo")["warnings"]
    assert not any("interval" in words for words in client.json("/compare", tickers="AMZN")["warnings"])


def test_other_intervals_are_refused(client: Client) -> None:
    answer = client.get("/prices", {"tickers": "AMZN", "interval": "1y"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "interval")
    assert "'1w'" in answer.json()["bound"]


def lake(first: date, last: date, missing: tuple[date, ...] = ()) -> Manifest:
    names = ["VOO", *(f"Z{one}{two}" for one in "ABCDE" for two in "ABCDEFGHIJ")][:50]
    entry = TickerManifest(first, last, 1, "", "", "", missing)
    return Manifest("20261121T013005Z", "", "live", 0, (), dict.fromkeys(names, entry))


def asked(manifest: Manifest, count: int) -> dict[str, str]:
    return {"tickers": ",".join(list(manifest.tickers)[:count]), "range": "max"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("count", "first", "fits"),
    [(10, date(2006, 11, 20), "1w"), (50, date(2006, 11, 20), "1mo"), (50, date(1990, 1, 2), "3mo")],
)
def test_a_refusal_names_the_finest_interval_that_fits(path: str, count: int, first: date, fits: str) -> None:
    manifest = lake(first, date(2026, 11, 20))
    client = Client.of(ManifestStore(manifest))
    over = client.get(f"/{path}", asked(manifest, count))
    assert (over.status_code, over.json()["parameter"]) == (400, "range")
    finest = "1mo" if (path, fits) == ("compare", "3mo") else fits  # its rows are less than half as wide
    assert f" rows (interval={finest} has " in over.json()["bound"]


@pytest.mark.parametrize("path", PATHS)
def test_auto_is_daily_where_that_is_short(client: Client, path: str) -> None:
    assert client.json(f"/{path}", tickers="AMZN,VOO", range="max", interval="auto")["meta"]["interval"] == "1d"


def test_auto_is_the_finest_interval_with_at_most_4000_rows() -> None:
    manifest = lake(date(2006, 11, 20), date(2026, 11, 20))
    tickers = tuple(manifest.tickers)
    # Twenty years have 5,033 sessions, 1,045 weeks, 241 months and 81 quarters.
    found = {count: auto_interval(manifest, tickers[:count], "20y") for count in (1, 3, 10, 50)}
    assert found == {1: "1w", 3: "1w", 10: "1mo", 50: "3mo"}
    assert auto_interval(manifest, tickers[:10], "18m") == "1d"
    assert auto_interval(manifest, tickers[:10], "5y") == "1w"


def auto_interval(manifest: Manifest, tickers: tuple[str, ...], window: str) -> str:
    span = parse_range(window)
    chosen = resolve(span, manifest.as_of, date(2006, 11, 20), based=False)
    return settle_interval(manifest, tickers, chosen, span, RowsAsked("auto"))
