"""Files as users download them, with other tickers, ratios and spellings than the examples. Figures are by hand."""

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.imports.basis import Wanted
from ingest.imports.run import FileReport, ImportOptions, import_files
from lake.calendar import sessions
from lake.storage import FolderStorage
from tests.ingest.fakes import zipped

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
HEADER = "date,open,high,low,close,volume\n"
DAYS = sessions(date(2025, 2, 24), date(2025, 3, 21))
SPLIT_DAY = date(2025, 3, 10)


class Lake:
    """Files go in by `take`, and come out as bars."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.storage = folder, FolderStorage(folder / "lake")

    def take(self, files: Mapping[str, str | bytes], ticker: str | None = None) -> list[FileReport]:
        for name, content in files.items():
            (self.folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        paths = [self.folder / name for name in files]
        return import_files(self.storage, paths, ImportOptions(Wanted(), ticker=ticker), lambda: None, NOW)

    def bars(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        lines = (line for key in self.storage.list("raw/prices/") for line in self.storage.read(key).splitlines())
        found = [json.loads(line) for line in lines]
        names = ("open", "high", "low", "close", "volume")
        return {(bar["ticker"], bar["date"]): tuple(bar[name] for name in names) for bar in found}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def history(before: float, step: float, after: float, rise: float, over: float, shares: int) -> str:
    """A month whose closes, in whole cents, change at the split; those before it over `over`, volumes times it."""
    text = HEADER
    for place, day in enumerate(DAYS):
        factor = over if day < SPLIT_DAY else 1
        close = round((before + place * step) if day < SPLIT_DAY else (after + place * rise), 2)
        cells = [round(price / factor, 6) for price in (close, close + 0.02, close - 0.02, close)]
        text += f"{day},{','.join(map(str, cells))},{round(shares * factor) if day < SPLIT_DAY else shares}\n"
    return text


def test_a_reverse_split_of_1_for_40_is_undone(lake: Lake) -> None:
    """2.05 traded is 82.00 after the split; 1,000 shares are 25."""
    files = {
        "QQQ.csv": history(2.05, 0.01, 82.13, 0.37, 1 / 40, 1000),
        "QQQ_splits.csv": "date,ratio\n2025-03-10,1:40\n",
    }
    prices, splits = lake.take(files)
    assert (prices.reason, splits.splits) == (None, 1)
    assert lake.bars()["QQQ", "2025-02-24"] == (2.05, 2.07, 2.03, 2.05, 1000)
    assert lake.bars()["QQQ", "2025-03-10"] == (85.83, 85.85, 85.81, 85.83, 1000)


@pytest.mark.parametrize(("over", "as_of"), [(1.5, "2025-03-21"), (6.0, "2025-08-04")])
def test_a_file_over_3_for_2_before_a_later_split(lake: Lake, over: float, as_of: str) -> None:
    """As of its own end, or as of the split of 4 for 1 in August, over which all of its rows are."""
    text = history(150.07, 0.61, 100.03, 0.41, 1.5, 1000)
    if over == 6:
        rows = [line.split(",") for line in text.splitlines()[1:]]
        text = HEADER + "".join(
            f"{day},{','.join(str(round(float(cell) / 4, 6)) for cell in cells)},{int(volume) * 4}\n"
            for day, *cells, volume in rows
        )
    splits = "date,ratio\n2025-03-10,3/2\n2025-08-04,4 for 1\n"
    prices, _ = lake.take({"AAPL.csv": text, "AAPL_splits.csv": splits})
    assert f"adjusted for splits as of {as_of}" in prices.notes[0]
    first, last = lake.bars()["AAPL", "2025-02-24"], lake.bars()["AAPL", "2025-03-21"]
    assert first == pytest.approx((150.07, 150.09, 150.05, 150.07, 1000), abs=1e-4)
    assert last[3] == pytest.approx(107.82, abs=1e-4)


SPLITS = {
    "VOO": "2013-10-24,0.5", "GOOGL": "2022-07-18,20", "MSFT": "2003-02-18,2", "TSLA": "2022-08-25,3",
    "AMZN": "2022-06-06,20", "QQQ": "2000-03-20,2", "SCHG": "2024-10-11,4", "NVDA": "2024-06-10,10",
}  # fmt: skip


def with_splits(files: Mapping[str, str | bytes], *tickers: str) -> dict[str, str | bytes]:
    known = "".join(f"{ticker},{SPLITS[ticker]}\n" for ticker in tickers)
    return {**files, "splits.csv": f"ticker,date,ratio\n{known}"}


def test_stooq_in_polish_with_semicolons_and_decimal_commas(lake: Lake) -> None:
    text = (
        "Data;Otwarcie;Najwyzszy;Najnizszy;Zamkniecie;Wolumen\n"
        "2025-11-18;601,1;603,25;598,05;600,5;55000\n2025-11-19;600,15;604;599,2;602,25;56000\n"
    )
    lake.take(with_splits({"voo_us_d.csv": text}, "VOO"))
    assert lake.bars()["VOO", "2025-11-18"] == (601.1, 603.25, 598.05, 600.5, 55000)


def test_investing_com_with_european_numbers_and_days(lake: Lake) -> None:
    text = (
        '\ufeff"Date","Price","Open","High","Low","Vol.","Change %"\n'
        '"20/11/2025","289,45","304,54","306,42","288,67","62,03M","-1,15%"\n'
        '"19/11/2025","292,81","287,20","303,81","286,63","68,20M","2,99%"\n'
    )
    lake.take(with_splits({"GOOGL Historical Data.csv": text}, "GOOGL"))
    assert lake.bars()["GOOGL", "2025-11-20"] == (304.54, 306.42, 288.67, 289.45, 62030000)


def test_bars_of_alpaca_by_ticker_with_milliseconds(lake: Lake) -> None:
    """1763442000000 is 2025-11-18 05:00 UTC, midnight in New York."""
    msft = {"t": 1763442000000, "o": 495.37, "h": 502.98, "l": 486.78, "c": 493.79, "v": 33815100}
    tsla = {"t": 1763442000000, "o": 405.38, "h": 408.9, "l": 393.71, "c": 401.25, "v": 80688600}
    lake.take(with_splits({"bars.json": json.dumps({"bars": {"MSFT": [msft], "TSLA": [tsla]}})}, "MSFT", "TSLA"))
    assert lake.bars() == {
        ("MSFT", "2025-11-18"): (495.37, 502.98, 486.78, 493.79, 33815100),
        ("TSLA", "2025-11-18"): (405.38, 408.9, 393.71, 401.25, 80688600),
    }


def test_a_long_file_of_three_tickers_and_a_stranger(lake: Lake) -> None:
    rows = "".join(
        f"{ticker},2025-11-{day},{price}.10,{price + 3}.25,{price - 2}.05,{price + 1}.20,100\n"
        for ticker, price in (("AMZN", 222), ("QQQ", 600), ("SCHG", 31), ("KO", 70))
        for day in (18, 19)
    )
    reports = lake.take(with_splits({"all.csv": f"Ticker,{HEADER}{rows}"}, "AMZN", "QQQ", "SCHG"))
    assert [report.ticker for report in reports[:3]] == ["AMZN", "QQQ", "SCHG"]
    assert "outside the universe are left out: KO" in reports[0].notes[0]
    assert lake.bars()["SCHG", "2025-11-19"] == (31.1, 34.25, 29.05, 32.2, 100)


def test_a_zip_archive_of_one_file(lake: Lake) -> None:
    """With what macOS adds."""
    files = {"prices/": b"", "prices/META.csv": f"{HEADER}2025-03-20,10,12,9,11,1000\n".encode(), "__MACOSX/._x": b"x"}
    lake.take({"META.zip": zipped(files), "META_splits.csv": "date,ratio\n"})
    assert lake.bars() == {("META", "2025-03-20"): (10, 12, 9, 11, 1000)}


def test_utf_16_in_gzip(lake: Lake) -> None:
    text = f"{HEADER}2025-11-18,591.58,603.67,583.66,597.69,25500600\n"
    lake.take({"META.csv.gz": gzip.compress(text.encode("utf-16")), "META_splits.csv": "date,ratio\n"})
    assert lake.bars()["META", "2025-11-18"] == (591.58, 603.67, 583.66, 597.69, 25500600)


def test_tiingos_records_bring_their_dividend(lake: Lake) -> None:
    record = {"date": "2025-11-18T00:00:00.000Z", "close": 180.0, "high": 182.3, "low": 179.1, "open": 181.1}
    record |= {"volume": 1234000, "adjClose": 179.9, "divCash": 0.01, "splitFactor": 1.0}
    prices, _ = lake.take(with_splits({"NVDA.json": json.dumps([record])}, "NVDA"))
    assert (prices.prices, prices.splits, prices.dividends) == (1, 0, 1)
    assert lake.bars()["NVDA", "2025-11-18"][3] == 180.0


def test_dates_with_two_digits_of_the_year_in_a_file(lake: Lake) -> None:
    text = (
        "Date,Open,High,Low,Close,Volume\n11/20/25,181.50,184.75,181.05,184.40,1512300\n11/19/25,180,182,179,181.20,1\n"
    )
    lake.take(with_splits({"NVDA.csv": text}, "NVDA"))
    assert sorted(lake.bars()) == [("NVDA", "2025-11-19"), ("NVDA", "2025-11-20")]


def test_a_title_a_second_header_and_a_footer_are_no_rows(lake: Lake) -> None:
    row = "2025-11-18,181.10,182.30,179.10,180.00,1234000,\n"
    rows = row + row.replace("-18", "-19") + row.replace("-18", "-20")
    text = f"NVDA Historical\n\n{HEADER.strip()},\n{rows}{HEADER}\nDownloaded from a site,,,,,\n"
    prices, _ = lake.take(with_splits({"NVDA.csv": text}, "NVDA"))
    assert (prices.prices, len(prices.bad)) == (3, 2)


def test_commas_in_numbers_without_quotes_are_refused_in_words(lake: Lake) -> None:
    text = f"{HEADER}2025-11-18,181,10,182,30,179,10,180,00,1234000\n"
    prices, _ = lake.take(with_splits({"NVDA.csv": text}, "NVDA"))
    assert "a comma in a number, without quotes around it, separates fields" in str(prices.reason)


@pytest.mark.parametrize("name", ["FB.csv", "x.csv"])
def test_an_earlier_ticker_is_the_instruments_where_the_command_says_so(lake: Lake, name: str) -> None:
    text = "ticker,date,open,high,low,close,volume\nFB,2022-01-03,338.30,341.08,337.19,338.54,14537900\n"
    files = {name: text, "META_splits.csv": "date,ratio\n"}
    refused, _ = lake.take(files)
    assert "META today, traded as FB until 2022-06-08: say --ticker META" in str(refused.reason)
    taken, _ = lake.take(files, ticker="META")
    assert (taken.ticker, taken.prices) == ("META", 1)


def test_a_renamed_tickers_file_without_a_gap(lake: Lake) -> None:
    """11.95 to 12.43 of a fund up to 2022-06-08, and 184 on the day after."""
    days = sessions(date(2022, 6, 1), date(2022, 6, 22))
    closes = [
        round(11.95 + place * 0.08, 2) if day < date(2022, 6, 9) else 184.0 + place for place, day in enumerate(days)
    ]
    rows = "".join(f"{day},{close},{close},{close},{close},1000\n" for day, close in zip(days, closes, strict=True))
    prices, _ = lake.take({"META.csv": HEADER + rows, "META_splits.csv": "date,ratio\n"})
    assert (prices.first, len(prices.bad)) == (date(2022, 6, 9), 6)
    assert "Meta Platforms traded as FB until 2022-06-08" in prices.bad[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "\ufeff\n<!-- x -->\n<html><head><title>Just a moment...</title></head>",
            "it is a web page ('Just a moment...')",
        ),
        ('<?xml version="1.0"?><!DOCTYPE html><html><title>Sign in</title></html>', "it is a web page ('Sign in')"),
        (
            '{"Information": "Our standard API rate limit is 25 requests per day."}',
            "the message of a limit on requests",
        ),
        ('{"status":"ERROR","error":"You\'ve exceeded the maximum requests"}', "the message of a limit on requests"),
        ('{"s":"no_data"}', "the source had no data"),
        ('{"finance":{"result":null,"error":{"description":"No data found"}}}', "the source had no data"),
        ("Edge: Too Many Requests", "the message of a limit on requests"),
        ("[]", "the source had no data"),
    ],
)
def test_what_a_source_writes_instead_of_data(lake: Lake, text: str, words: str) -> None:
    (report,) = lake.take({"NVDA.csv": text})
    assert words in str(report.reason)
    assert lake.bars() == {}


@pytest.mark.parametrize("stray", ["1960-01-04", "2002-01-05", "2027-01-04"])
def test_a_stray_day_does_not_decide_what_the_prices_are(lake: Lake, stray: str) -> None:
    """Before the calendar, on a Saturday before a split of 2003, and in the future: each is left out first."""
    rows = "".join(f"{day},50.01,50.05,50.00,50.03,1000\n" for day in DAYS)
    splits = "date,ratio\n2003-02-18,2\n"
    report, _ = lake.take(
        {"MSFT.csv": f"{HEADER}{stray},50.01,50.05,50.00,50.03,1000\n{rows}", "MSFT_splits.csv": splits}
    )
    assert (report.reason, report.prices, [line.line for line in report.bad]) == (None, len(DAYS), [2])
