"""Every published limit is enforced, with 400 at one more and an answer at the limit."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from string import ascii_uppercase

import numpy as np
import pytest
from pydantic import BaseModel

from api.limits import HORIZON, LIMITS, RANGE_UNITS, ROWS, TICKERS
from api.resources.compare.schemas import CompareRow
from api.resources.prices.schemas import PriceRow
from api.resources.returns.schemas import ReturnsRow
from api.resources.volatility.schemas import VolatilityRow
from api.store.duckdb import DuckDBStore
from api.store.protocol import VALUES, TickerBars, bars_by_ticker
from benchmarks.support.lakes import Bar, History, publish
from lake import calendar
from lake.snapshot import Manifest, TickerManifest
from tests.support.client import Client
from tests.support.stores import ManifestStore

LAMBDA_ANSWER = 6 * 1024 * 1024


def tickers(count: int) -> str:
    return ",".join(f"{one}{two}" for one in ascii_uppercase for two in ascii_uppercase)[: 3 * count - 1]


_TEN_YEARS = TickerManifest(date(2016, 11, 21), date(2026, 11, 20), 2514, "", "", "")
TEN_YEARS_OF_50 = Manifest(
    "20261121T013005Z", "", "live", 0, (), dict.fromkeys(["VOO", *tickers(49).split(",")], _TEN_YEARS)
)


class Silent(ManifestStore):
    """A store without a bar of any ticker."""

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        return bars_by_ticker((), np.empty(0, "datetime64[D]"), np.empty((len(VALUES), 0)), tickers)


def test_limits_are_published(client: Client) -> None:
    rows = client.json("/limits")["rows"]
    assert {row["name"]: row["most"] for row in rows} == {limit.name: limit.most for limit in LIMITS}


def test_tickers_are_counted_before_names_are_looked_up(client: Client) -> None:
    over = client.get("/compare", {"tickers": tickers(TICKERS.most + 1)})
    assert over.status_code == 400
    assert (over.json()["parameter"], over.json()["bound"]) == ("tickers", f"at most {TICKERS.most} tickers")
    assert client.get("/compare", {"tickers": tickers(TICKERS.most)}).status_code == 404


@pytest.mark.parametrize("unit", RANGE_UNITS)
def test_ranges(client: Client, unit: str) -> None:
    limit = RANGE_UNITS[unit]
    assert client.get("/prices", {"tickers": "VOO", "range": f"{limit.most}{unit}"}).status_code == 200
    over = client.get("/prices", {"tickers": "VOO", "range": f"{limit.most + 1}{unit}"})
    assert (over.status_code, over.json()["parameter"]) == (400, limit.parameter)
    assert over.json()["bound"] == f"at most {limit.most} {limit.unit}"


def test_horizons(client: Client) -> None:
    assert client.get("/outlook", {"horizon": f"{HORIZON.most}d"}).status_code == 200
    over = client.get("/outlook", {"horizon": f"{HORIZON.most + 1}d"})
    assert (over.status_code, over.json()["parameter"], over.json()["bound"]) == (
        400,
        "horizon",
        "at most 126 sessions",
    )


def test_rows_are_counted_before_anything_is_read() -> None:
    """Ten years of 50 tickers; the store is never asked for a bar."""
    client = Client.of(ManifestStore(TEN_YEARS_OF_50))
    over = client.get("/prices", {"tickers": tickers(49), "range": "10y"})
    assert (over.status_code, over.json()["parameter"]) == (400, "range")
    # 49 tickers, of which the lake has the sessions of ten years: 120 months and the running one.
    coarser = f"monthly rows (interval=1mo has {49 * 121})"
    assert over.json()["bound"] == f"at most {ROWS.most} rows: choose fewer tickers, a shorter period or {coarser}"
    by_day = client.get("/prices", {"tickers": tickers(49), "from": "2017-01-01"})
    assert (by_day.status_code, by_day.json()["parameter"]) == (400, "from")


def five_sessions(closes: Sequence[float], splits: dict[date, float], dividends: dict[date, float]) -> History:
    """Two sessions of 1990 and three of 2026."""
    days = [date(1990, 1, 2), date(1990, 1, 3), *(date(2026, 9, day) for day in (28, 29, 30))]
    bars = [Bar(day, close, close, close, close, 1000) for day, close in zip(days, closes, strict=True)]
    return History(bars, splits, dividends)


def test_the_limit_counts_what_the_answer_holds(tmp_path: Path) -> None:
    """More than 9,000 sessions of the exchange lie between those that the lake has."""
    market = {
        "AAPL": five_sessions((151.25, 150, 152.8, 154.85, 155.98), {}, {date(2026, 2, 9): 0.26}),
        "MSFT": five_sessions((191.5, 190.75, 96.98, 96.98, 97.34), {date(2003, 2, 18): 2.0}, {}),
    }
    store = DuckDBStore(publish(tmp_path, market))
    client = Client.of(store)
    both = {"tickers": "AAPL,MSFT", "range": "max"}
    assert [row["kind"] for row in client.json("/events", **both)["rows"]] == ["split", "dividend"]
    assert client.json("/sentiment", **both)["rows"] == []
    assert len(client.json("/prices", **both)["rows"]) >= 8
    compared = client.json("/compare", tickers="AAPL", benchmark="MSFT", range="max")
    assert [(row["time"][:10], row["close"]) for row in compared["rows"]] == [
        ("1990-01-02", 151.25),
        ("1990-01-03", 150),
        ("2026-09-28", 152.8),
        ("2026-09-29", 154.85),
        ("2026-09-30", 155.98),
    ]
    store.close()


def test_the_benchmark_counts_only_where_it_has_rows() -> None:
    """Nine tickers of 1,500 sessions are below 14,000 rows, ten are not; VOO as benchmark has none."""
    entry = TickerManifest(calendar.sessions_back(date(2026, 11, 20), 1500)[0], date(2026, 11, 20), 1500, "", "", "")
    manifest = Manifest("20261121T013005Z", "", "live", 0, (), dict.fromkeys(["VOO", *tickers(9).split(",")], entry))
    client = Client.of(Silent(manifest))
    window = {"from": str(entry.first)}
    for path in ("/compare", "/returns"):
        assert client.get(path, {"tickers": tickers(9)} | window).status_code == 200
        assert client.get(path, {"tickers": f"{tickers(9)},VOO"} | window).status_code == 400


def test_five_rows_a_ticker_are_within_the_limit_however_long_the_window() -> None:
    body = Client.of(Silent(TEN_YEARS_OF_50)).json("/seasonality", tickers=tickers(49), range="10y")
    assert len(body["rows"]) == 5 * 49


@pytest.mark.parametrize("model", [PriceRow, CompareRow, ReturnsRow, VolatilityRow])
def test_the_most_rows_fit_in_an_answer_of_lambda(model: type[BaseModel]) -> None:
    """Every figure as wide as a usual one gets, its body escaped in the JSON that Lambda returns."""
    row = dict.fromkeys(model.model_fields, -0.12345678901234567) | {"time": "2026-11-20T00:00:00Z", "ticker": "GOOGL"}
    as_body = json.dumps(json.dumps(row, separators=(",", ":")) + ",")
    assert len(as_body) * ROWS.most < LAMBDA_ANSWER
