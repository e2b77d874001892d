"""Whatever lies in a file of history: its lines become sound records or are told, never an exception."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from ingest.imports.basis import Wanted
from ingest.imports.run import FileReport, ImportOptions, import_files
from lake import layout
from lake.calendar import sessions_back
from lake.origin import claim_origin
from lake.storage import FolderStorage
from tests.hostile.amount import cases
from tests.hostile.test_vendor import odd, odd_text
from tests.ingest.fakes import FRIDAY, FRIDAY_EVENING

DAYS = [day.isoformat() for day in sessions_back(FRIDAY, 5)]
HEADER = ["date", "open", "high", "low", "close", "volume"]
PRICES = [HEADER, *([day, "10.00", "11.00", "9.00", "10.50", "1000"] for day in DAYS)]
SPLITS = [["effective_date", "split_factor"], ["2020-08-31", "4:1"], ["2014-06-09", "7"]]
DIVIDENDS = [["ticker", "ex_dividend_date", "amount"], ["AAPL", "2026-08-07", "0.26"]]
TABLES = {"AAPL.csv": PRICES, "AAPL-splits.csv": SPLITS, "dividends.csv": DIVIDENDS}


def text_of(rows: list[list[str]]) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode("utf-8", "surrogatepass")


def take(tmp_path: Path, name: str, data: bytes) -> FileReport:
    """Import one file into an empty lake, and look at every record that came of it."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    storage = FolderStorage(tmp_path / "lake")
    storage.delete_prefix("raw/")
    options = ImportOptions(Wanted("raw"))
    (report,) = import_files(storage, [path], options, lambda: claim_origin(storage, "recorded"), FRIDAY_EVENING)
    records = [json.loads(line) for key in storage.list(layout.RAW) for line in storage.read(key).splitlines()]
    assert (report.reason is None) == bool(records), report.reason
    assert "\n" not in (report.reason or "")
    for record in records:
        check(record)
    return report


def check(record: dict[str, Any]) -> None:
    """A record is sound, whatever the file was."""
    assert record["ticker"] == "AAPL"
    if "events" not in record:
        low, high = record["low"], record["high"]
        assert 0 < low <= min(record["open"], record["close"])
        assert max(record["open"], record["close"]) <= high < float("inf")
        assert date.fromisoformat(record["date"]) <= FRIDAY
        assert record["volume"] is None or 0 <= record["volume"] < 2**63
    for event in record.get("events", ()):
        amount = event.get("ratio", event.get("amount"))
        assert 0 < amount < float("inf")


@st.composite
def spoilt(draw: st.DrawFn, rows: list[list[str]]) -> list[list[str]]:
    """A good table in which one to three cells or lines are something else."""
    table = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, 3))):
        line = draw(st.integers(0, len(table) - 1))
        match draw(st.sampled_from(["cell", "short", "twice", "swap"])):
            case "cell" if table[line]:
                table[line][draw(st.integers(0, len(table[line]) - 1))] = draw(
                    st.one_of(odd_text, st.sampled_from(["1:0", "0/0", "-1", "1e999", "nan", "1_0", "٣", "2026-02-30"]))
                )
            case "short":
                table[line] = table[line][:-1]
            case "twice":
                table.append(list(table[line]))
            case _:
                table[line].reverse()
    return table


@pytest.mark.parametrize("name", TABLES)
def test_a_good_file_is_taken(tmp_path: Path, name: str) -> None:
    assert take(tmp_path, name, text_of(TABLES[name])).imported == len(TABLES[name]) - 1


@pytest.mark.parametrize("name", TABLES)
def test_a_spoilt_file_gives_no_bad_record(tmp_path: Path, name: str) -> None:
    @cases(150)
    @hypothesis.given(spoilt(TABLES[name]))
    def try_all(table: list[list[str]]) -> None:
        take(tmp_path, name, text_of(table))

    try_all()


@pytest.mark.parametrize("name", [*TABLES, "splits/AAPL.json", "AAPL"])
def test_any_bytes_are_taken_or_told(tmp_path: Path, name: str) -> None:
    @cases(50)
    @hypothesis.given(st.binary(max_size=200))
    def try_all(data: bytes) -> None:
        take(tmp_path, name, data)

    try_all()


@pytest.mark.parametrize("name", ["splits/AAPL.json", "dividends/AAPL.json"])
def test_any_json_is_taken_or_told(tmp_path: Path, name: str) -> None:
    rows = st.fixed_dictionaries({}, optional=dict.fromkeys(("effective_date", "split_factor", "amount"), odd))
    answers = st.fixed_dictionaries({"symbol": odd | st.just("AAPL"), "data": st.lists(rows, max_size=3) | odd})

    @cases(150)
    @hypothesis.given(answers | odd)
    def try_all(value: Any) -> None:
        take(tmp_path, name, json.dumps(value).encode("utf-8", "surrogatepass"))

    try_all()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("AAPL.csv", b""),
        ("AAPL.csv", b"\x00" * 50),
        ("AAPL.csv", b'"' + b"x" * 200_000),
        ("AAPL.csv", text_of(PRICES).replace(b"10.50", b"NaN")),
        ("AAPL-splits.csv", text_of([SPLITS[0], ["2020-08-31", "4:0"]])),
        ("AAPL-splits.csv", text_of([SPLITS[0], ["2020-08-31", "0:4"]])),
        ("dividends.csv", b"ticker,ex_dividend_date,amount\nAAPL,2026-08-07,0.26\n\n,\nx"),
        ("dividends.csv", b"ex_dividend_date,amount,ticker\n2026-08-07\n"),
        ("splits/AAPL.json", b"[" * 100_000),
        ("splits/AAPL.json", b'{"symbol": 1, "data": [{"effective_date": null, "split_factor": 1}]}'),
        ("../AAPL.csv", text_of(PRICES)[:-30]),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, data: bytes) -> None:
    report = take(tmp_path / "a" / "b", name, data)
    assert report.reason or report.bad
