"""Every published limit is enforced, with 400 at one more and an answer at the limit."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from string import ascii_uppercase

import numpy as np
import pytest
from pydantic import BaseModel

from api.limits import HORIZON, LIMITS, RANGE_UNITS, ROWS, TICKERS
from api.resources.compare.schemas import CompareRow
from api.resources.prices.schemas import PriceRow
from api.resources.returns.schemas import ReturnsRow
from api.resources.volatility.schemas import VolatilityRow
from api.store.protocol import VALUES, TickerBars, bars_by_ticker
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
    assert over.json()["bound"] == f"at most {ROWS.most} rows"
    by_day = client.get("/prices", {"tickers": tickers(49), "from": "2017-01-01"})
    assert (by_day.status_code, by_day.json()["parameter"]) == (400, "from")


def test_five_rows_a_ticker_are_within_the_limit_however_long_the_window() -> None:
    class Silent(ManifestStore):
        async def bars(
            self, snapshot: str, tickers: Sequence[str], first: date, last: date
        ) -> Mapping[str, TickerBars]:
            return bars_by_ticker((), np.empty(0, "datetime64[D]"), np.empty((len(VALUES), 0)), tickers)

    body = Client.of(Silent(TEN_YEARS_OF_50)).json("/seasonality", tickers=tickers(49), range="10y")
    assert len(body["rows"]) == 5 * 49


@pytest.mark.parametrize("model", [PriceRow, CompareRow, ReturnsRow, VolatilityRow])
def test_the_most_rows_fit_in_an_answer_of_lambda(model: type[BaseModel]) -> None:
    """Every figure as wide as a usual one gets, its body escaped in the JSON that Lambda returns."""
    row = dict.fromkeys(model.model_fields, -0.12345678901234567) | {"time": "2026-11-20T00:00:00Z", "ticker": "GOOGL"}
    as_body = json.dumps(json.dumps(row, separators=(",", ":")) + ",")
    assert len(as_body) * ROWS.most < LAMBDA_ANSWER
