"""Rows as columns: what is written is what the schema of a list of their model says."""

import csv
import io
import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest
from pydantic import BaseModel, TypeAdapter

from api.http.rows import Rows, concatenate
from api.http.schemas import SessionRow
from tests.support.client import Client

PATHS = ("prices", "compare", "returns", "volatility")
QUERY = {"tickers": "QQQ,TSLA,META,NEWCO", "range": "250d", "basis": "total"}


class Bar(SessionRow):
    """A row with a float and an integer."""

    close: float | None
    volume: int | None


class Answer(BaseModel):
    """An answer that has such rows."""

    rows: Rows[Bar]


DAYS = np.array(["2026-11-20", "2026-11-23"], dtype="datetime64[D]")
COLUMNS = {
    "time": DAYS,
    "ticker": np.array(["BRK.B", "VOO"]),
    "close": np.array([np.nan, 1e-7]),
    "volume": np.array([3307774.05, np.nan]),
}


def test_json_has_every_key_in_every_row_and_null_for_nan() -> None:
    assert json.loads(Rows(Bar, COLUMNS).to_json()) == [
        {"time": "2026-11-20T00:00:00Z", "ticker": "BRK.B", "close": None, "volume": 3307774},
        {"time": "2026-11-23T00:00:00Z", "ticker": "VOO", "close": 1e-7, "volume": None},
    ]
    assert Answer(rows=Rows(Bar, COLUMNS)).model_dump()["rows"] == json.loads(Rows(Bar, COLUMNS).to_json())


def test_csv_has_the_same_numbers_and_empty_cells() -> None:
    assert Rows(Bar, COLUMNS).to_csv().decode().split("\r\n") == [
        "2026-11-20T00:00:00Z,BRK.B,,3307774",
        "2026-11-23T00:00:00Z,VOO,1e-7,",
        "",
    ]


def test_text_is_quoted() -> None:
    columns = COLUMNS | {"ticker": np.array(['A,"B"', "C\n"])}
    assert [row["ticker"] for row in json.loads(Rows(Bar, columns).to_json())] == ['A,"B"', "C\n"]
    lines = csv.reader(io.StringIO(Rows(Bar, columns).to_csv().decode(), newline=""))
    assert [line[1] for line in lines] == ['A,"B"', "C\n"]


def test_without_a_row() -> None:
    empty = concatenate(Bar, [])
    assert (empty.to_json(), empty.to_csv(), empty.dicts(), len(empty)) == (b"[]", b"", [], 0)


def test_infinity_is_null() -> None:
    columns = COLUMNS | {"close": np.array([np.inf, -np.inf])}
    assert [row["close"] for row in json.loads(Rows(Bar, columns).to_json())] == [None, None]


def test_models_become_columns_and_back() -> None:
    rows = [Bar(time="2026-11-20T00:00:00Z", ticker="VOO", close=1.5, volume=None)]
    answer = Answer(rows=rows)  # type: ignore[arg-type] # validated to columns
    assert answer.rows.dicts() == [row.model_dump() for row in rows]
    assert TypeAdapter(list[Bar]).validate_python(answer.rows.dicts()) == rows


def test_the_schema_is_that_of_a_list_of_the_model() -> None:
    items = Answer.model_json_schema(mode="serialization")["properties"]["rows"]
    assert items == {"items": {"$ref": "#/$defs/Bar"}, "title": "Rows", "type": "array"}


@pytest.mark.parametrize("path", PATHS)
def test_rows_are_of_the_shape_that_openapi_says(client: Client, path: str) -> None:
    """Types, keys and their order, on a market with missing sessions, volumes and dividends."""
    document = client.json("/openapi.json")
    answer = client.json(f"/{path}", **QUERY)
    schema = document["paths"][f"/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    resolver: Any = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(resolver).validate(answer)
    name = schema["$ref"].rsplit("/", 1)[-1]
    row = document["components"]["schemas"][name]["properties"]["rows"]["items"]["$ref"].rsplit("/", 1)[-1]
    keys = list(document["components"]["schemas"][row]["properties"])
    assert len(answer["rows"]) > 390
    assert all(list(one) == keys for one in answer["rows"])
    assert None in {value for one in answer["rows"] for value in one.values()}


@pytest.mark.parametrize("path", ["prices", "volatility"])
def test_volumes_are_integers(client: Client, path: str) -> None:
    rows = client.json(f"/{path}", **QUERY)["rows"]
    assert {type(row["volume"]) for row in rows} == {int, type(None)}
    text = client.get(f"/{path}", QUERY | {"format": "csv"}).text
    assert all("." not in line["volume"] for line in csv.DictReader(io.StringIO(text, newline="")))
