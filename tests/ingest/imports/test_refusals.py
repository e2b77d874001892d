"""Files that hold no daily bars, and what is said of them."""

import bz2
import gzip
import lzma
from pathlib import PurePath

import pytest

from ingest.errors import FileError
from ingest.imports.files import read
from tests.ingest.fakes import zipped

BARS = "Date,Open,High,Low,Close,Volume\n2025-11-20,10,12,9,11,1000\n"
INTRADAY = "".join(f"2025-11-20 {hour}:30:00,10,12,9,11,1000\n" for hour in range(10, 16))
WEEKLY = "".join(f"2025-{month:02}-03,10,12,9,11,1000\n" for month in range(1, 9))
HEADER = "Date,Open,High,Low,Close,Volume\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\n \n", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (HEADER.encode(), "it has no line of prices"),
        (b"null", "it is no table of prices; it says .null."),
        (b"No data", "the source had no data: the file says 'No data'"),
        (b"Brak danych", "the source had no data"),
        (b"No data found, symbol may be delisted\n", "the source had no data"),
        (b"404: Not Found", "the source had no data"),
        (b"No price data found, symbol may be wrong", "the source had no data"),
        (b"Historical data is not available\n", "the source had no data"),
        (b"You have run over your hourly request allocation.", "the message of a limit on requests"),
        (b"The daily limit of requests is used up", "the message of a limit on requests, 'The daily limit"),
        (b"Exceeded the daily hits limit", "the message of a limit on requests, 'Exceeded the daily hits limit'"),
        (b"Too Many Requests\r\n", "the message of a limit on requests"),
        (b"Edge: Too Many Requests", "the message of a limit on requests"),
        (b'{"Note": "5 calls per minute"}', "the message of a limit on requests"),
        (b"Access denied", "the source refused the download"),
        (b"Please enter your apikey", "the source refused the download"),
        (b"Hello there", "it is no table of prices; it says 'Hello there'"),
        (b"<!DOCTYPE html>\n<html><head><title>Sign in</title>", r"it is a web page \('Sign in'\), .* in a browser"),
        (b"\n  <HTML lang='en'>\n", "it is a web page, not a file of prices: open the source in a browser"),
        (b"<!-- x --><!doctype HTML>", "it is a web page"),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "it is XML, not a table"),
        (INTRADAY.join([HEADER, ""]).encode(), "it holds several bars a day, as on 2025-11-20: daily bars"),
        (WEEKLY.join([HEADER, ""]).encode(), "its rows are 31 days apart, as those of weeks or months"),
        (BARS.replace("1000", "1.234").encode(), "volumes are such as 1.234, and a volume as traded is a whole number"),
        (b"PK\x03\x04....", "it is a zip archive that cannot be read"),
        (zipped({"NVDA.csv": b"x"})[:-30], "it is a zip archive that cannot be read"),
        (zipped({"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": b""}), "it is an Excel workbook"),
        (zipped({"NVDA.csv": b"x", "VOO.csv": b"x"}), "it is a zip archive of 2 files: unpack it, and import them"),
        (zipped({}), "it is a binary file"),
        (zipped({"a.zip": zipped({"NVDA.csv": b"x"})}), "it is compressed twice"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"PAR1\x15\x04", "it is Parquet"),
        (bz2.compress(BARS.encode()), "it is compressed with bzip2: unpack it first"),
        (lzma.compress(BARS.encode()), "it is compressed with xz: unpack it first"),
        (gzip.compress(BARS.encode(), mtime=0)[:-12], "it is a damaged or incomplete gzip file: download it again"),
        (b"\x1f\x8b\x00", "it is a damaged or incomplete gzip file"),
        (gzip.compress(gzip.compress(BARS.encode(), mtime=0), mtime=0), "it is compressed twice: unpack it first"),
        (gzip.compress(b"", mtime=0), "it is empty"),
        (b"\x00\x01\x02\x03" * 50, "it is a binary file, not text"),
    ],
)
def test_what_holds_no_bars_is_refused_with_what_it_is(data: bytes, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        read(PurePath("NVDA.csv"), data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [False, True])
def test_any_usual_encoding_is_read(encoding: str, end: str, packed: bool) -> None:
    text = BARS.replace("Volume", "Volume,Société").replace("1000", "1000,é").replace("\n", end)
    data = text.encode(encoding)
    (content,) = read(PurePath("NVDA.csv.gz"), gzip.compress(data, mtime=0) if packed else data)
    assert [(row.line, row.close, row.volume) for row in content.rows] == [(2, 11, 1000)]


def test_a_quote_that_is_not_closed_takes_no_other_line() -> None:
    text = f'{BARS}2025-11-21,"10,12,9,11,1000\n2025-11-24,10,12,9,11,1000\n'
    (content,) = read(PurePath("NVDA.csv"), text.encode())
    assert [row.line for row in content.rows] == [2, 4]
    assert [bad.line for bad in content.bad] == [3]


def test_an_event_that_cannot_be_read_leaves_the_events_out_and_takes_the_prices() -> None:
    head = "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
    (content,) = read(
        PurePath("NVDA.csv"), f"{head}2025-11-19,10,12,9,11,1000,many,0\n2025-11-20,10,12,9,11,1,0.1,2\n".encode()
    )
    assert (len(content.rows), content.dividends, len(content.splits or ())) == (2, None, 1)
    assert content.notes == [
        "its dividends are left out, because one cannot be read (line 2: amount 'many' is not a number)"
    ]


def test_events_of_a_row_that_is_given_twice() -> None:
    head = "Date,Open,High,Low,Close,Volume,Dividends\n"
    row = "2025-11-20,10,12,9,11,1000,"
    (alike,) = read(PurePath("NVDA.csv"), f"{head}{row}0.1\n{row}0.1\n".encode())
    assert [amount for _, amount in alike.dividends or ()] == [0.1]
    (different,) = read(PurePath("NVDA.csv"), f"{head}{row}0.1\n{row}0.2\n".encode())
    assert different.dividends is None
    assert different.notes == ["its dividends are left out, because 2025-11-20 has different ones"]


def test_an_event_that_is_given_twice_alone_counts_once_and_two_different_ones_are_two() -> None:
    (content,) = read(PurePath("AAPL.csv"), b"ex_date,amount\n2025-11-12,0.25\n2025-11-12,0.25\n2025-11-12,0.30\n")
    assert [amount for _, amount in content.dividends or ()] == [0.25, 0.30]
    assert content.notes == ["the dividend of 2025-11-12 (0.25) is given 2 times and counts once"]
