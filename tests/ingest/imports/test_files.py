"""The known formats of files, and files that cannot be read."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import PurePath

import pytest

from ingest.errors import FileError
from ingest.imports.files import FileContent, read
from tests.ingest.fakes import dividends_payload

DAY = date(2026, 11, 20)
PRICES = {
    "ours": "date,open,high,low,close,volume\n2026-11-20,10,12,9,11,1000\n",
    "Stooq": "Date,Open,High,Low,Close,Volume\n2026-11-20,10,12,9,11,1000\n",
    "Stooq in bulk": (
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "AAPL.US,D,20261120,000000,10,12,9,11,1000,0\n"
    ),
    "Yahoo": "Date,Open,High,Low,Close,Adj Close,Volume\n2026-11-20,10,12,9,11,10.5,1000\n",
    "yfinance": (
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2026-11-20 00:00:00-05:00,10,12,9,11,1000,0.0,0.0\n"
    ),
    "Alpha Vantage": "timestamp,open,high,low,close,volume\r\n2026-11-20,10.0000,12.0000,9.0000,11.0000,1000\r\n",
    "Alpha Vantage, adjusted": (
        "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n"
        "2026-11-20,10,12,9,11,10.5,1000,0.0,1.0\n"
    ),
    "Barchart": 'Time,Open,High,Low,Latest,Change,"%Change",Volume\n2026-11-20,10,12,9,11,1,9.1%,1000\n',
    "Yahoo's page, copied": (
        "Date\tOpen\tHigh\tLow\tClose Close price adjusted for splits.\tAdj Close Adjusted close price adjusted for "
        'splits and dividend and/or capital gain distributions.\tVolume\n"Nov 20, 2026"\t10\t12\t9\t11\t10.5\t1,000\n'
    ),
    "a byte order mark": "\ufeffdate,open,high,low,close,volume\n2026-11-20,10,12,9,11,1000\n",
}


def prices(text: str, name: str = "AAPL.csv", ticker: str | None = None) -> FileContent:
    (file,) = read(PurePath(name), text.encode(), ticker)
    return file


@pytest.mark.parametrize("text", PRICES.values(), ids=PRICES)
def test_the_format_is_detected_by_the_header(text: str) -> None:
    file = prices(text)
    (row,) = file.rows
    assert (file.ticker, row.line, row.date) == ("AAPL", 2, DAY)
    assert (row.open, row.high, row.low, row.close, row.volume) == (10, 12, 9, 11, 1000)
    assert file.bad == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2026-11-20,10,12,9", "it has 4 of 6 fields: close is missing"),
        ("2026-11-20,10,12,9,11,1,000", "it has 7 fields, and the header 6"),
        ("2026-11-20,null,null,null,null,null", "2026-11-20 has no prices"),
        ("2026-11-20,10,12,,11,1000", "low is missing"),
        ("2026-13-20,10,12,9,11,1000", "'2026-13-20' is not a date such as 2026-11-20"),
        ("2602-11-20,10,12,9,11,1000", "'2602-11-20' is not a date such as 2026-11-20"),
        ("20 26-11-20,10,12,9,11,1000", "'20 26-11-20' is not a date such as 2026-11-20"),
        ("2026-11-20,10,12,9,11,many", "many"),
        ("2026-11-20,10,12,9,11,inf", "volume 'inf' is not a number"),
        ("2026-11-20,10,inf,9,inf,1000", "high 'inf' is not a number"),
        ("2026-11-20,0,12,9,11,1000", "open 0 is not above zero"),
        ("2026-11-20,10,12,-9,11,1000", "low -9 is not above zero"),
        ("2026-11-20,0.00009,12,9,11,1000", "open 0.00009 is no price of a share"),
        ("2026-11-20,10,1e308,9,11,1000", "high 1e308 is no price of a share"),
        ("2026-11-20,10,10000000.01,9,11,1000", "high 10000000.01 is no price of a share"),
        ("2026-11-20,10,12,9,11,-1", "volume -1 is no number of shares"),
        ("2026-11-20,10,12,9,11,1e300", "volume 1e300 is no number of shares"),
        ("2026-11-20,1_0,12,9,11,1000", "open '1_0' is not a number"),
        ("2026-11-20,10,12,9,11,1_000", "volume '1_000' is not a number"),
        ("2026-11-20,10,12,٩,11,1000", "low '٩' is not a number"),
        ("2026-11-20,10,1.2K,9,11,1000", "high '1.2K' is rounded, and no price"),
        ("x" * 200_000, "…' is not a date such as 2026-11-20"),
        ('"' + "x" * 200_000, "it has 0 of 6 fields: date is missing"),
        ("2026-11-20,\x00,12,9,11,1000", "is not a number"),
    ],
)
def test_a_wrong_line_is_reported_by_its_number_and_does_not_stop_the_file(line: str, reason: str) -> None:
    file = prices(
        f"date,open,high,low,close,volume\n2026-11-19,10,12,9,11,1000\n{line}\n\n2026-11-18,10,12,9,11,1000\n"
    )
    assert [row.date.day for row in file.rows] == [19, 18]
    (bad,) = file.bad
    assert bad.line == 3
    assert reason in str(bad)


@pytest.mark.parametrize("volume", ["", "null", "NaN", "N/A"])
def test_a_volume_may_be_missing(volume: str) -> None:
    file = prices(f"date,open,high,low,close,volume\n2026-11-19,10,12,9,11,7\n2026-11-20,10,12,9,11,{volume}\n")
    assert [row.volume for row in file.rows] == [7, None]
    assert file.notes == ["1 of its 2 rows have no volume"]


def test_a_volume_that_was_rounded_to_nothing_is_unknown() -> None:
    file = prices("date,open,high,low,close,volume\n2026-11-19,10,12,9,11,0.00M\n2026-11-20,10,12,9,11,0\n")
    assert [row.volume for row in file.rows] == [None, 0]


@pytest.mark.parametrize(("period", "day"), [("5", "20261119"), ("60", "20261119"), ("W", "20261113")])
def test_bars_of_another_period_are_refused_by_their_column(period: str, day: str) -> None:
    """Stooq gives the time of a bar in a column of its own, so that its days look like those of daily bars."""
    header, row = PRICES["Stooq in bulk"].replace(",D,", f",{period},").splitlines()
    with pytest.raises(FileError, match=f"its period is '{period}', as of minutes, weeks or months"):
        prices("\n".join((header, row.replace("20261120", day), row)))


@pytest.mark.parametrize("days", [("2026-11-02", "2026-11-09", "2026-11-16"), ("2026-11-13", "2026-11-19")])
def test_three_rows_a_week_apart_are_weekly(days: tuple[str, ...]) -> None:
    text = "date,open,high,low,close,volume\n" + "".join(f"{day},10,12,9,11,1000\n" for day in days)
    if len(days) == 2:
        assert len(prices(text).rows) == 2
        return
    with pytest.raises(FileError, match="its rows are 7 days apart, as those of weeks or months"):
        prices(text)


@pytest.mark.parametrize("name", ["AAPL.csv", "aapl_us_d.csv", "daily_AAPL.csv", "aapl.us.txt", "AAPL-2020-2026.csv"])
def test_the_ticker_is_in_the_name(name: str) -> None:
    assert prices(PRICES["ours"], name).ticker == "AAPL"


@pytest.mark.parametrize("name", ["prices.csv", "ZZZZ.csv", "AAPL-MSFT.csv"])
def test_a_name_without_a_ticker_is_refused_unless_one_is_given(name: str) -> None:
    with pytest.raises(FileError, match="--ticker"):
        prices(PRICES["ours"], name)
    assert prices(PRICES["ours"], name, "MSFT").ticker == "MSFT"


def test_a_given_ticker_must_not_contradict_the_name() -> None:
    with pytest.raises(FileError, match="its name says AAPL, and --ticker says MSFT"):
        prices(PRICES["ours"], "AAPL.csv", "MSFT")


def test_the_ticker_in_the_rows_takes_precedence() -> None:
    assert prices(PRICES["Stooq in bulk"], "whatever.txt").ticker == "AAPL"
    with pytest.raises(FileError, match="its rows say AAPL, and --ticker says MSFT"):
        prices(PRICES["Stooq in bulk"], ticker="MSFT")


def events(text: str, name: str) -> tuple[str, str, list[tuple[date, float]]]:
    """The ticker, the kind, and the events of a file that has nothing else."""
    (file,) = read(PurePath(name), text.encode())
    assert not file.rows
    if file.dividends is None:
        return file.ticker, "splits", list(file.splits or ())
    return file.ticker, "dividends", list(file.dividends)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("effective_date,split_factor\n2020-08-31,4.0000\nNone,2.0\n2014-06-09,7.0\n", "splits", [4, 7]),
        ("date,ratio\n2020-08-31,4\n", "splits", [4]),
        ("Date,Stock Splits\n2020-08-31,4:1\n2013-10-24,1:2\n2012-01-03,1/10\n", "splits", [4, 0.5, 0.1]),
        (
            "ex_dividend_date,record_date,payment_date,amount\n2026-02-09,None,None,0.26\n2025-11-10,None,None,0\n",
            "dividends",
            [0.26],
        ),
        ("Date,Dividends\n2026-02-09,0.26\n", "dividends", [0.26]),
        ("date,amount\n", "dividends", []),
    ],
)
def test_splits_and_dividends_have_headers_too(text: str, kind: str, expected: list[float]) -> None:
    ticker, found, dated = events(text, "AAPL.csv")
    assert (ticker, found, [value for _, value in dated]) == ("AAPL", kind, expected)


@pytest.mark.parametrize(
    ("name", "body", "kind", "expected"),
    [
        ("splits/AAPL.json", '{"symbol": "IBM", "data": []}', None, "IBM"),
        ("x/AAPL.json", '{"symbol": "AAPL", "data": []}', None, "splits or dividends"),
        ("splits/AAPL.json", '{"symbol": "AAPL", "data": []}', "splits", []),
        ("dividends/AAPL.json", '{"symbol": "AAPL", "data": []}', "dividends", []),
        (
            "x.json",
            '{"symbol": "AAPL", "data": [{"effective_date": "2020-08-31", "split_factor": "4.0000"}]}',
            "splits",
            [(date(2020, 8, 31), 4.0)],
        ),
        (
            "x.json",
            json.dumps(dividends_payload("AAPL", ("2026-02-09", "0.26"), ("None", "1"), ("2026-02-10", "0"))),
            "dividends",
            [(date(2026, 2, 9), 0.26)],
        ),
        ("x.json", '{"Time Series (Daily)": {}}', None, "the source had no data"),
        ("x.json", "{", None, "no JSON from line 1, column 2 on, so it is damaged or cut off"),
        (
            "x.json",
            '{"Information": "your API key as SECRET: 25 requests per day"}',
            None,
            r"the message of a limit on requests, 'your API key as \*\*\*",
        ),
    ],
)
def test_the_vendors_answers_are_read(name: str, body: str, kind: str | None, expected: object) -> None:
    if kind is None:
        with pytest.raises(FileError, match=str(expected)):
            events(body, name)
        return
    assert events(body, name) == ("AAPL", kind, expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("a,b,c\n1,2,3\n", "its header is 'a,b,c'"),
        ("effective_date,split_factor\n2020-08-31,four\n", "line 2.*imported as a whole or not at all"),
        ("effective_date,split_factor\n2020-08-31\n", "line 2.*imported as a whole or not at all"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        read(PurePath("AAPL.csv"), text.encode())


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(FileError, match="it is not text in UTF-8"):
        read(PurePath("AAPL.csv"), b"\x03\x04\xff\xfe\x00")


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("7-for-1", 7),
        ("5 to 1", 5),
        ("3-for-2", 1.5),
        ("4 : 1", 4),
        ("1:10 reverse split", 0.1),
        ("4:1 Stock Split", 4),
    ],
)
def test_ratios_in_words(text: str, ratio: float) -> None:
    assert events(f"date,ratio\n2020-08-31,{text}\n", "AAPL.csv")[2] == [(date(2020, 8, 31), ratio)]


def test_two_splits_of_one_day_are_refused() -> None:
    with pytest.raises(FileError, match="it gives two splits of 2020-08-31, 4 and 5: one of the two is wrong"):
        events("date,ratio\n2020-08-31,4\n2020-08-31,5\n", "AAPL.csv")


@pytest.mark.parametrize(
    ("first", "clock", "said"),
    [
        (date(2025, 9, 1), "T22:00:00.000Z", "one day too early.*closed on 2025-09-01 and open on 2025-09-02"),
        (date(2025, 9, 3), " 01:00:00+09:00", "one day too late.*closed on 2025-09-06 and open on 2025-09-05"),
    ],
)
def test_days_of_another_time_zone_are_refused(first: date, clock: str, said: str) -> None:
    """Midnight in Berlin is the evening before in UTC; a close in New York is the morning after in Tokyo."""
    days = [first + timedelta(7 * week + place) for week in range(2) for place in range(4)]
    rows = "".join(f"{day}{clock},10,12,9,11,1000\n" for day in days)
    with pytest.raises(FileError, match=said):
        prices(f"date,open,high,low,close,volume\n{rows}")


@pytest.mark.parametrize("days", [range(1, 13), (8, 9, 10, 11, 15, 16, 17, 18)])
def test_other_days_are_no_other_time_zone(days: Sequence[int]) -> None:
    """Labor Day and a weekend, filled with the closes before them; a file without its Fridays."""
    rows = "".join(f"2025-09-{day:02},10,12,9,11,1000\n" for day in days)
    assert len(prices(f"date,open,high,low,close,volume\n{rows}").rows) == len(days)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("execution_date,id,split_from,split_to", ["2020-08-31,x,1,5", "2024-05-01,y,8,1"]),  # Polygon
        ("date,label,numerator,denominator", ["2020-08-31,a,5,1", "2024-05-01,b,1,8"]),  # FMP
        (
            "exDate,ratio,toFactor,fromFactor,description",
            ["2020-08-31,0.2,5,1,Shares", "2024-05-01,8,1,8,Shares"],
        ),  # IEX
        # Twelve Data calls from and to the other way round, and says the ratio as old shares for one new.
        (
            "date,description,ratio,from_factor,to_factor",
            ["2020-08-31,5-for-1 split,0.2,5,1", "2024-05-01,1-for-8 split,8,1,8"],
        ),
        ("ex_date,new_rate,old_rate", ["2020-08-31,5,1", "2024-05-01,1,8"]),  # Alpaca
        ("date,new shares,old shares", ["2020-08-31,5.0,1.0", "2024-05-01,1.0,8.0"]),
    ],
)
def test_the_terms_of_a_split_in_columns_of_their_own(header: str, rows: Sequence[str]) -> None:
    (content,) = read(PurePath("TSLA.csv"), "\n".join([header, *rows]).encode())
    assert content.splits == [(date(2020, 8, 31), 5), (date(2024, 5, 1), 0.125)]
    records = [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]
    (of_json,) = read(PurePath("TSLA.json"), json.dumps({"symbol": "TSLA", "results": records}).encode())
    assert of_json.splits == content.splits


@pytest.mark.parametrize("row", ["2020-08-31,1,0", "2020-08-31,0,5", "2020-08-31,,5", "2020-08-31,five,1"])
def test_terms_that_are_no_ratio_refuse_the_file(row: str) -> None:
    with pytest.raises(FileError, match=r"line 2: .*as a whole or not at all"):
        read(PurePath("TSLA.csv"), f"date,numerator,denominator\n{row}\n".encode())


@pytest.mark.parametrize("name", ["distribution", "unadjustedValue", "Payout Amount", "Dividende"])
def test_a_dividend_may_have_another_name(name: str) -> None:
    (content,) = read(PurePath("AAPL.csv"), f"exDate,{name}\n2024-08-12,0.25\n".encode())
    assert content.dividends == [(date(2024, 8, 12), 0.25)]


def test_of_two_amounts_the_one_that_was_paid_is_taken() -> None:
    """EODHD divides `value` by later splits."""
    records = [{"date": "2014-05-08", "value": 0.1175, "unadjustedValue": 3.29, "currency": "USD"}]
    (content,) = read(PurePath("AAPL.US.json"), json.dumps(records).encode())
    assert content.dividends == [(date(2014, 5, 8), 3.29)]


@pytest.mark.parametrize(("name", "column"), [("split_factor", "split"), ("amount", "dividend")])
@pytest.mark.parametrize("value", ["", "NaN", "None"])
def test_an_event_without_a_value_refuses_the_file(name: str, column: str, value: str) -> None:
    """Left out, it would withdraw the one of its day that the lake has."""
    with pytest.raises(FileError, match=f"line 2: the {column} of 2024-08-12 has no value"):
        read(PurePath("AAPL.csv"), f"date,{name}\n2024-08-12,{value}\n2024-11-08,2\n".encode())
    (both,) = read(PurePath("AAPL.csv"), f"date,dividends,stock splits\n2024-08-12,0.25,{value}\n".encode())
    assert (both.splits, both.dividends) == ([], [(date(2024, 8, 12), 0.25)])


@pytest.mark.parametrize("currency", ["EUR", "GBp", "CAD"])
def test_values_in_another_currency_are_refused(currency: str) -> None:
    for header, row in (
        ("date,open,high,low,close,volume", "2026-11-20,10,12,9,11,1000"),
        ("date,amount", "2024-08-12,1"),
    ):
        assert prices(f"{header},Currency\n{row},USD\n{row},\n").bad == []
        with pytest.raises(FileError, match=f"its currency is '{currency}', and values in USD are needed"):
            prices(f"{header},Currency\n{row},{currency}\n")
