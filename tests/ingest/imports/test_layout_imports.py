"""Files of every layout as they are imported: three sessions of NVDA in the lake, or a reason and nothing."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.imports.basis import Basis, Wanted
from ingest.imports.cli import lines
from ingest.imports.layouts import ALL_LAYOUTS
from ingest.imports.run import FileReport, ImportOptions, import_files
from lake.storage import FolderStorage

EXAMPLES = Path(__file__).parent / "layouts"
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
SPLITS = "effective_date,split_factor\n2021-07-20,4\n2024-06-10,10\n"
HEADER = "Date,Open,High,Low,Close,Volume\n"
BARS = [
    ("2025-11-18", 181.10, 182.30, 179.10, 180.00, 1234000),
    ("2025-11-19", 180.10, 182.30, 179.90, 181.20, 1234567),
    ("2025-11-20", 181.50, 184.75, 181.05, 184.40, 1512300),
]
OF_EVENTS = {"splits", "dividends", "yfinance, actions", "Alpha Vantage, events"} | {
    f"Alpha Vantage, {kind}" for kind in ("splits", "dividends")
}
NAMES = [layout.example for layout in ALL_LAYOUTS if layout.name not in OF_EVENTS]


class Lake:
    """A folder of files to import, and what is in the lake after it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.storage = FolderStorage(folder / "lake")

    def take(self, name: str, basis: Basis = "split") -> FileReport:
        (self.folder / "NVDA_splits.csv").write_text(SPLITS)
        paths = [self.folder / name, self.folder / "NVDA_splits.csv"]
        report, splits = import_files(self.storage, paths, ImportOptions(Wanted(basis)), lambda: None, NOW)
        assert (splits.splits, splits.reason) == (2, None)
        return report

    def bars(self) -> Iterator[tuple[object, ...]]:
        for key in self.storage.list("raw/prices/"):
            for line in self.storage.read(key).splitlines():
                bar = json.loads(line)
                yield tuple(bar[name] for name in ("date", "open", "high", "low", "close", "volume"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


@pytest.mark.parametrize("basis", ["auto", "split", "raw"])
@pytest.mark.parametrize("example", [*NAMES, "gzip.csv.gz", "utf16.csv", "semicolon.csv", "tab.csv"])
def test_a_file_of_any_layout_is_three_bars(lake: Lake, example: str, basis: Basis) -> None:
    shutil.copy(EXAMPLES / example, lake.folder / f"NVDA-{example}")
    report = lake.take(f"NVDA-{example}", basis)
    assert (report.reason, report.prices, list(report.bad)) == (None, 3, [])
    expected = [(*bar[:5], round(bar[5], -4)) for bar in BARS] if "investing" in example else BARS
    assert sorted(map(str, lake.bars())) == list(map(str, expected))
    if "investing" in example:
        assert any("its volumes are rounded by the source" in line for line in lines(report))


def test_lines_that_are_no_numbers_are_left_out(lake: Lake) -> None:
    good = "2025-11-17,178.00,181.90,177.20,180.70,1100000\n2025-11-18,181.10,182.30,179.10,180.00,1234000\n"
    rows = "2025-11-19,1_80.10,182.30,179.90,181.20,1234567\n2025-11-20,181.50,184.75,181.05,184.40,1_512_300\n"
    (lake.folder / "NVDA.csv").write_text(HEADER + good + rows)
    report = lake.take("NVDA.csv")
    assert (report.prices, [line.line for line in report.bad]) == (2, [4, 5])
    assert "NVDA.csv: left out line 4: open '1_80.10' is not a number" in list(lines(report))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE html>\n<html><head><title>One moment</title></head></html>\n", "it is a web page"),
        ("No data\n", "the source had no data"),
        ("The daily limit of requests is used up\n", "a limit on requests, 'The daily limit of requests is used up'"),
        ("Date,Close\n2025-11-18,180.00\n", "open, high, low and volume are missing"),
        (f"{HEADER}2025-11-18,181.10,182.30,179.10,180.00,1.234\n", "a volume as traded is a whole number of shares"),
        (f"{HEADER}2025-11-18,181,10,182,30,179,10,180,00,1234000\n", "a comma in a number, without quotes"),
        ("", "it is empty"),
    ],
)
@pytest.mark.parametrize("basis", ["auto", "split", "raw"])
def test_a_file_without_bars_leaves_nothing_and_says_why(lake: Lake, text: str, said: str, basis: Basis) -> None:
    (lake.folder / "NVDA.csv").write_text(text)
    report = lake.take("NVDA.csv", basis)
    assert said in str(report.reason)
    assert list(lines(report)) == [f"NVDA.csv: refused: {report.reason}"]
    assert list(lake.bars()) == []


def test_a_day_that_stands_twice_in_the_vendors_json_is_left_out_and_named(lake: Lake) -> None:
    body = (EXAMPLES / "alpha-vantage.json").read_text()
    day = (
        '"2025-11-19": {"1. open": "180.1", "2. high": "182.3", "3. low": "179.9", "4. close": "%s", "5. volume": "1"}'
    )
    series = '"Time Series (Daily)": {'
    (lake.folder / "NVDA.json").write_text(body.replace(series, f"{series}{day % '181.5'},"))
    report = lake.take("NVDA.json", "auto")
    assert [bar[0] for bar in lake.bars()] == ["2025-11-18", "2025-11-20"]
    assert [str(line) for line in report.bad] == [
        f"record {place}: 2025-11-19 is given 2 times, differently" for place in (1, 3)
    ]


FUND = (
    "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits,Capital Gains\n"
    "2025-11-18,181.10,182.30,179.10,180.00,178.20,1234000,0.0,0.0,0.0\n"
    "2025-11-19,180.10,182.30,179.90,181.20,179.39,1234567,{dividend},0.0,{gain}\n"
    "2025-11-20,181.50,184.75,181.05,184.40,182.56,1512300,0.0,0.0,0.0\n"
)


@pytest.mark.parametrize(
    ("dividend", "gain", "paid", "words"),
    [
        ("0.0", "0.42", [0.42], "1 are added to its dividends, 0 are in them already"),
        ("0.3", "0.42", [0.3, 0.42], "1 are added to its dividends, 0 are in them already"),
        # VWILX on 2025-12-17: Yahoo gave 7.857 as the dividend, of which 6.42 were capital gains
        ("7.857", "6.42", [7.857], "0 are added to its dividends, 1 are in them already"),
    ],
)
def test_capital_gains_of_a_fund_are_cash_that_was_paid(
    lake: Lake, dividend: str, gain: str, paid: list[float], words: str
) -> None:
    (lake.folder / "NVDA.csv").write_text(FUND.format(dividend=dividend, gain=gain))
    report = lake.take("NVDA.csv")
    assert (report.dividends, report.reason) == (len(paid), None)
    assert any(words in note for note in report.notes)
    (key,) = lake.storage.list("raw/dividends/")
    assert json.loads(lake.storage.read(key))["events"] == [{"ex_date": "2025-11-19", "amount": one} for one in paid]


def test_without_capital_gains_nothing_is_said_of_them(lake: Lake) -> None:
    (lake.folder / "NVDA.csv").write_text(FUND.format(dividend="0.01", gain="0.0"))
    report = lake.take("NVDA.csv")
    assert report.dividends == 1
    assert not any("capital" in note for note in report.notes)


def test_capital_gains_are_not_taken_alone_where_the_dividends_cannot_be_read(lake: Lake) -> None:
    """They would replace the dividends of those days, which the file has and nobody can read."""
    (lake.folder / "NVDA.csv").write_text(FUND.format(dividend="many", gain="0.42"))
    report = lake.take("NVDA.csv")
    assert (report.prices, report.dividends) == (3, None)
    assert any(note.startswith("its dividends are left out") for note in report.notes)
    assert list(lake.storage.list("raw/dividends/")) == []


def test_capital_gains_of_a_chart(lake: Lake) -> None:
    chart = json.loads((EXAMPLES / "yahoo-chart.json").read_text())
    chart["chart"]["result"][0]["events"] = {"capitalGains": {"1763562600": {"amount": 0.42, "date": 1763562600}}}
    (lake.folder / "NVDA.json").write_text(json.dumps(chart))
    report = lake.take("NVDA.json")
    assert (report.dividends, report.reason) == (1, None)
