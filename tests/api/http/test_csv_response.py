"""`format=csv`, for every route with rows."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import SNAPSHOT, Bar, History, publish
from benchmarks.support.markets import SESSIONS
from tests.support.client import Client

ROUTES: list[tuple[str, dict[str, str]]] = [
    ("/prices", {"tickers": "QQQ,TSLA", "range": "20d", "basis": "total"}),
    ("/compare", {"tickers": "NVDA,AMZN"}),
    ("/tickers", {}),
    ("/limits", {}),
    ("/events", {"tickers": "VOO,NVDA", "range": "max"}),
    ("/sentiment", {"tickers": "NVDA"}),
]


@pytest.mark.parametrize(("path", "query"), ROUTES)
def test_csv_is_the_rows_of_json(client: Client, path: str, query: dict[str, str]) -> None:
    answer, wanted = client.get(path, query | {"format": "csv"}), client.json(path, **query)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{path[1:]}.csv"'
    assert answer.headers["x-snapshot"] == SNAPSHOT
    assert answer.headers["x-warnings"] == str(len(wanted["warnings"]))
    assert answer.headers["x-simulated"] == "true"
    header, *lines = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == list(wanted["rows"][0])
    assert lines == [[printed(cell) for cell in row.values()] for row in wanted["rows"]]


def test_without_rows_the_header_stays(client: Client) -> None:
    window = {"from": "2026-11-21", "to": "2026-11-22"}
    lines = client.get("/compare", {"tickers": "VOO", "format": "csv"} | window).text.splitlines()
    assert lines == ["time,ticker,close,daily_return,growth,drawdown"]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/compare", "summary"),
        ("/compare", "correlation"),
        ("/prices", "summary"),
        ("/returns", "summary"),
        ("/volatility", "cone"),
        ("/volatility", "associations"),
        ("/seasonality", "summary"),
        ("/questions/comparison", "summary"),
        ("/questions", "summary"),
    ],
)
def test_a_part_is_one_table_of_json(client: Client, path: str, part: str) -> None:
    query = {} if path == "/questions" else {"tickers": "NVDA,AMZN"}
    answer, whole = client.get(path, query | {"format": "csv", "part": part}), client.json(path, **query)
    name = f"{path[1:].replace('/', '-')}-{part}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    header, *lines = csv.reader(io.StringIO(answer.text, newline=""))
    assert header == list(whole[part][0])
    assert lines == [[printed(cell) for cell in row.values()] for row in whole[part]]
    alone = client.json(path, **query, part=part)
    assert (alone[part], alone["rows"], list(alone)) == (whole[part], [], list(whole))


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/portfolio", "rows"),
        ("/portfolio", "weights"),
        ("/portfolio", "holdings"),
        ("/portfolio", "summary"),
        ("/returns/calendar", "rows"),
        ("/returns/calendar", "grid"),
        ("/returns/drawdowns", "rows"),
        ("/returns", "rows"),
    ],
)
def test_pandas_opens_each_table(client: Client, path: str, part: str) -> None:
    """Numbers come as numbers: the frame is the one of JSON."""
    query = {"weights": "NVDA:0.4,VOO:0.6"} if path == "/portfolio" else {"tickers": "NVDA,VOO"}
    query |= {"range": "6m", "part": part}
    found = pd.read_csv(io.StringIO(client.get(path, query | {"format": "csv"}).text))
    wanted = pd.DataFrame(client.json(path, **query)[part]).fillna(np.nan)
    assert len(found) > 1
    # A column of text in JSON may be all digits, such as 2026, and null is NaN.
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False, rtol=1e-15)
    numbers = wanted.select_dtypes("number").columns
    assert all(pd.api.types.is_numeric_dtype(found[name]) for name in numbers)


def test_the_parts_of_compare_by_hand(tmp_path: Path) -> None:
    """Three closes of each: returns of 10 % and −10 %, and of 1 % and 1 %."""
    days = SESSIONS[-3:]
    market = {
        ticker: History([Bar(day, close, close, close, close, 1) for day, close in zip(days, closes, strict=True)])
        for ticker, closes in (("NVDA", (100, 110, 99)), ("VOO", (100, 101, 102.01)))
    }
    store = DuckDBStore(publish(tmp_path, market))
    query = {"tickers": "NVDA,VOO", "range": "2d", "format": "csv"}
    client = Client.of(store)
    lines = {
        part: list(csv.DictReader(io.StringIO(client.get("/compare", query | {"part": part}).text, newline="")))
        for part in ("summary", "correlation")
    }
    nvda, voo = lines["summary"]
    assert (nvda["ticker"], voo["ticker"]) == ("NVDA", "VOO")
    assert float(nvda["cumulative_return"]) == pytest.approx(-0.01)
    assert float(nvda["worst_day"]) == pytest.approx(-0.1)
    assert float(voo["cumulative_return"]) == pytest.approx(0.0201)
    assert lines["correlation"] == [{"ticker": "NVDA", "other": "VOO", "correlation": "", "sessions": "2"}]
    store.close()


def test_an_unknown_part_is_refused_and_the_parts_are_listed(client: Client) -> None:
    answer = client.get("/compare", {"tickers": "VOO", "part": "matrix"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "part")
    assert answer.json()["bound"] == "one of rows, summary, correlation"


@pytest.mark.parametrize(
    ("path", "fields", "query"),
    [
        ("/prices", "close,volume", {"tickers": "NVDA,QQQ"}),
        ("/compare", "drawdown", {"tickers": "NVDA,AMZN"}),
        ("/returns", " Growth , benchmark_growth,growth,", {"tickers": "NVDA"}),
        ("/volatility", "atr", {"tickers": "NVDA", "interval": "1w"}),
        ("/events", "text", {"tickers": "NVDA", "range": "max"}),
        ("/sentiment", "score", {"tickers": "NVDA"}),
        ("/questions/patterns", "time,rolling_volatility", {}),
    ],
)
def test_fields_are_the_only_columns_besides_time_and_ticker(
    client: Client, path: str, fields: str, query: dict[str, str]
) -> None:
    whole = client.json(path, **query)
    names = [name.strip().lower() for name in fields.split(",") if name.strip()]
    wanted = list(dict.fromkeys(("time", "ticker", *names)))
    narrow = client.json(path, **query, fields=fields)
    assert [list(row.items()) for row in narrow["rows"]] == [
        [(name, row[name]) for name in wanted] for row in whole["rows"]
    ]
    assert {name: part for name, part in narrow.items() if name != "rows"} == {
        name: part for name, part in whole.items() if name != "rows"
    }
    lines = list(
        csv.reader(io.StringIO(client.get(path, query | {"fields": fields, "format": "csv"}).text, newline=""))
    )
    assert lines == [wanted, *([printed(row[name]) for name in wanted] for row in whole["rows"])]


def test_an_unknown_field_is_refused_and_the_fields_are_listed(client: Client) -> None:
    answer = client.get("/compare", {"tickers": "VOO", "fields": "growth,beta"})
    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "fields=growth,beta: beta is no column of the rows; time, ticker, close, daily_return, growth, drawdown"
    )
    both = client.get("/compare", {"tickers": "VOO", "fields": "growth", "part": "summary"})
    assert (both.status_code, both.json()["parameter"]) == (400, "fields")


def test_json_may_be_said(client: Client) -> None:
    assert client.json("/prices", tickers="VOO", format="json") == client.json("/prices", tickers="VOO")


def test_other_formats_are_refused(client: Client) -> None:
    answer = client.get("/prices", {"tickers": "VOO", "format": "xml"})
    assert (answer.status_code, answer.json()["bound"]) == (400, "one of 'json' or 'csv'")


def test_a_refusal_is_never_csv(client: Client) -> None:
    answer = client.get("/prices", {"tickers": "ZZZZ", "format": "csv"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def printed(cell: Any) -> str:
    """A JSON value as the cell of a CSV file."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else str(cell)
