"""Numbers and days as files write them, with values written by hand."""

from datetime import date

import pytest

from ingest.errors import FileError
from ingest.imports.dates import Order, dates_of
from ingest.imports.numbers import numbers_of
from lake.calendar import sessions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234567", 1234567),
        ("1,234,567", 1234567),
        ("1,234,567.89", 1234567.89),
        ("1 234 567.89", 1234567.89),
        ("1\u202f234\u202f567", 1234567),
        ("1'234'567", 1234567),
        ("$181.50", 181.5),
        ("US$181.50", 181.5),
        ("181.50 USD", 181.5),
        (" 181.5 ", 181.5),
        (".5", 0.5),
        ("5.", 5),
        ("-3", -3),
        ("1.23M", 1230000),
        ("12.5K", 12500),
        ("1.1b", 1.1e9),
        ("1.234567e+06", 1234567),
        ("1e-9", 1e-9),
    ],
)
def test_numbers_with_a_decimal_point(text: str, value: float) -> None:
    assert numbers_of(["181.10"], []).read("volume", text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("text", "value"), [("32.69M", 32690000), ("32.77M", 32770000), ("33531.70K", 33531700)])
def test_volumes_in_millions_are_whole_shares(text: str, value: int) -> None:
    """Times a million, 32.69 is not a whole number in binary, and the row would be left out."""
    assert numbers_of([], [text]).read("volume", text) == value


@pytest.mark.parametrize("text", ["€232.22", "£1.50", "12.30 EUR", "C$45.10", "HK$12.00", "¥1200"])
def test_other_currencies_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not in USD"):
        numbers_of(["181.10"], []).read("open", text)


@pytest.mark.parametrize(("text", "day"), [("45964", "2025-11-03"), ("45964.6666666667", "2025-11-03")])
def test_the_days_of_excel_are_refused_with_what_they_are(text: str, day: str) -> None:
    """45964 days after 1899-12-30 are 2025-11-03."""
    with pytest.raises(ValueError, match=f"but {day} as Excel counts days: format the column as yyyy-mm-dd"):
        dates_of([text], None).read(text)


def test_a_day_that_a_spreadsheet_could_not_show() -> None:
    with pytest.raises(ValueError, match="the column was too narrow when the spreadsheet was saved"):
        dates_of([], None).read("########")


@pytest.mark.parametrize(
    ("text", "value"),
    [("184,40", 184.4), ("1.234,56", 1234.56), ("1.234.567", 1234567), ("1.234", 1234), ("1,23M", 1230000), ("5", 5)],
)
def test_numbers_with_a_decimal_comma(text: str, value: float) -> None:
    assert numbers_of(["184,40"], []).read("volume", text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1_89.10",
            "1_000",
            "١٨٠",
            "１８０",
            "0x10",
            "1e",
            "e5",
            "--1",
            "+-1",
            "1,23,456",
            "1,2345",
            "12,34.5",
            "1.2.3",
        ),
        *(
            "",
            ".",
            ",",
            "$",
            "K",
            "nan",
            "inf",
            "Infinity",
            "1 2",
            "1'23",
            "5%",
            "(5)",
            "1½",
            "²",
            "1;2",
            "5 M M",
        ),
    ],
)
def test_what_is_no_number_is_refused_with_its_column(text: str) -> None:
    with pytest.raises(ValueError, match=r"^open .* is not a number$"):
        numbers_of(["181.10"], []).read("open", text)


@pytest.mark.parametrize(
    ("prices", "others", "mark"),
    [
        (["181.10", "182.3"], ["1,234"], "."),
        (["181,10", "182,3"], ["1.234"], ","),
        (["1.234,5"], [], ","),
        (["1,234.5"], [], "."),
        (["1,234", "1,235"], ["1,234,567"], "."),
        (["1.234", "1.235"], [], "."),
        (["180"], ["1.23M"], "."),
        (["180,5", "181.25", "182.5"], [], "."),  # one slip does not decide for all
        (["0,125"], [], ","),
        ([], [], "."),
    ],
)
def test_the_whole_file_decides_the_decimal_mark(prices: list[str], others: list[str], mark: str) -> None:
    assert numbers_of(prices, others).mark == mark


def test_a_comma_that_may_be_either_mark_is_refused() -> None:
    with pytest.raises(FileError, match="such as '184,400', and nothing in the file says"):
        numbers_of(["185,125", "184,400"], ["1234"])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-11-20",
            "2025/11/20",
            "2025.11.20",
            "20251120",
            "2025-11-20 00:00:00-05:00",
            "2025-11-20T00:00:00.000Z",
        ),
        *("2025-11-20T05:00:00+00:00", "Nov 20, 2025", "November 20, 2025", "20 Nov 2025", "20-Nov-25", "20-Nov-2025"),
        *("Thu, 20 Nov 2025 00:00:00 GMT", "2025-11-20, 16:00", "Nov-20-2025", "20/Nov/2025"),
    ],
)
def test_days_that_leave_no_doubt(text: str) -> None:
    assert dates_of([text], None).read(text) == date(2025, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2025-13-20",
            "2025-02-30",
            "1899-12-31",
            "2101-01-01",
            "٢٠٢٥-١١-٢٠",
            "2025_11_20",
            "20 2025 Nov",
            "Foo 20, 2025",
        ),
        *("31/31/25", "", "n/a", "2025-11", "today", "45981", "5", "2025-11-20x", "2025-11/20"),
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date such as 2026-11-20"):
        dates_of([text], "month first").read(text)


NOVEMBER = date(2025, 11, 3)


@pytest.mark.parametrize(
    ("texts", "usual", "first"),
    [
        (["11/03/2025", "11/20/2025"], None, NOVEMBER),  # no month 20
        (["03/11/2025", "20/11/2025"], None, NOVEMBER),
        (["03.11.2025", "20.11.2025"], "month first", NOVEMBER),
        (["11/03/2025 16:00:00"], "month first", NOVEMBER),
        (["11/03/2025", "11/05/2025"], None, NOVEMBER),  # 11 May was a Sunday
        (["03/11/2025", "05/11/2025"], None, NOVEMBER),
        (["03/11/2025", "05/11/2025"], "month first", NOVEMBER),
        (["03.11.2025"], None, NOVEMBER),  # with dots the day comes first
        (["3-11-2025", "4-11-2025", "14-11-2025"], None, NOVEMBER),
        (["11/03/25", "11/20/25"], None, NOVEMBER),
        (["03/11/25", "20/11/25"], None, NOVEMBER),
        (["03.11.25", "04.11.25", "05.11.25"], "month first", NOVEMBER),  # 11 May was a Sunday
        (["25-11-03", "25-11-04", "25-11-28"], None, NOVEMBER),  # on the 25th day of November 2028 is no session
        (["11/03/25", "11/04/25"], "month first", NOVEMBER),
        (["03/11/2025", "04/07/2025"], None, date(2025, 3, 11)),  # 7 April is a session, and 4 July is none
        (["11/03/68"], "month first", date(2068, 11, 3)),
        (["12/10/69"], "month first", date(1969, 12, 10)),
    ],
)
def test_the_whole_column_decides_whether_the_month_comes_first(
    texts: list[str], usual: Order | None, first: date
) -> None:
    assert dates_of(texts, usual).read(texts[0]) == first


def test_days_that_may_be_either_are_refused() -> None:
    with pytest.raises(FileError, match="such as 11/03/2025, may have the month or day first"):
        dates_of(["11/03/2025", "11/04/2025"], None)


@pytest.mark.parametrize(
    ("texts", "ways"),
    [
        (["11/03/25", "11/04/25"], "month or day"),
        (["10-11-12"], "month or year"),  # 10 November 2012 was a Saturday
        (["02-10-09"], "month or day or year"),
    ],
)
def test_days_with_two_digits_of_the_year_may_be_several(texts: list[str], ways: str) -> None:
    with pytest.raises(FileError, match=f"its dates, such as {texts[0]}, may have the {ways} first: save it with"):
        dates_of(texts, None)


def test_both_orders_in_one_column_are_refused_and_one_slip_is_set_aside() -> None:
    with pytest.raises(FileError, match="some of its dates have the month first and others the day first"):
        dates_of(["11/20/2025", "20/11/2025"], "month first")
    dates = dates_of([*(f"11/{day}/2025" for day in range(13, 29)), "20/11/2025"], None)
    assert dates.read("11/13/2025") == date(2025, 11, 13)
    with pytest.raises(ValueError, match="'20/11/2025' is not a date"):
        dates.read("20/11/2025")


def test_a_number_among_days_is_no_epoch() -> None:
    dates = dates_of(["20251119", "2025-11-20", "5"], None)
    with pytest.raises(ValueError, match="'5' is not a date"):
        dates.read("5")


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["1763476200"], [date(2025, 11, 18)]),  # 14:30 UTC
        (["1763442000000", "1763528400000"], [date(2025, 11, 18), date(2025, 11, 19)]),  # midnight in New York
        (["1763442000000000000"], [date(2025, 11, 18)]),
        (["1750219200"], [date(2025, 6, 18)]),  # 04:00 UTC, midnight in summer
        (["1763596800000", "1763424000000"], [date(2025, 11, 20), date(2025, 11, 18)]),  # midnight in UTC, of pandas
        (["345479400", "-252322200"], [date(1980, 12, 12), date(1962, 1, 2)]),  # AAPL's first session, and 1962
        (["1763521200"], [date(2025, 11, 18)]),  # 22:00 in New York is 03:00 of the next day in UTC
        (["1763476200.0"], [date(2025, 11, 18)]),
    ],
)
def test_epochs_are_days_in_new_york(texts: list[str], days: list[date]) -> None:
    dates = dates_of(texts, None)
    assert [dates.read(text) for text in texts] == days


@pytest.mark.parametrize(("usual", "other"), [("%d/%m/%Y", "%m/%d/%Y"), ("%m/%d/%Y", "%d/%m/%Y")])
def test_days_of_which_a_spreadsheet_has_swapped_some_are_refused(usual: str, other: str) -> None:
    """Excel of another country reads 10/09/2025 as a date, and leaves 15/09/2025 as it is."""
    days = sessions(date(2025, 9, 2), date(2025, 10, 6))
    swapped = [day.strftime(other if day.day <= 12 else usual) for day in days]
    with pytest.raises(FileError, match="some of its dates have the month first and others the day first"):
        dates_of(swapped, None)
    right = [day.strftime(usual) for day in days]
    assert [dates_of(right, None).read(text) for text in right] == list(days)


def test_days_between_sessions_are_not_swapped_ones() -> None:
    """Closes filled in for every day of the calendar."""
    texts = [f"{day:02}/09/2025" for day in range(1, 31)]
    assert dates_of(texts, None).read(texts[9]) == date(2025, 9, 10)


def test_a_compact_day_may_be_a_float() -> None:
    dates = dates_of(["20251120.0", "20251121.0"], None)
    assert dates.read("20251120.0") == date(2025, 11, 20)


@pytest.mark.parametrize("texts", [["20112025", "21112025"], ["11202025", "11212025"], ["20112025.0"]])
def test_compact_days_that_end_with_the_year_are_no_seconds(texts: list[str]) -> None:
    with pytest.raises(FileError, match=f"its dates, such as {texts[0]}, do not begin with the year"):
        dates_of(texts, None)
