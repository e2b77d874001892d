"""`format=csv`, for every route with rows."""

import csv
import io
from typing import Any

import pytest

from benchmarks.support.lakes import SNAPSHOT
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
