"""Whose a file's rows are: by columns, by its name, by --ticker, and where these contradict one another."""

from collections.abc import Iterator
from pathlib import PurePath

import pytest

from ingest.errors import FileError
from ingest.imports.files import FileContent, read
from lake.universe import choose


def file(column: str, *values: str, name: str = "AAPL.csv", ticker: str | None = None) -> list[FileContent]:
    """A file with a row for each value, which is that of the column."""
    rows = [f"2025-11-{3 + place},10,12,9,11,1000,{value}" for place, value in enumerate(values)]
    return read(PurePath(name), "\n".join([f"date,open,high,low,close,volume,{column}", *rows]).encode(), ticker)


@pytest.mark.parametrize(
    "said",
    ["AAPL", "aapl", " AAPL ", "AAPL.US", "NASDAQ:AAPL", "AAPL US", "AAPL US Equity", "AAPL UW Equity", "AAPL.O",
     "AAPL.OQ", "AAPL-US", "XNAS:AAPL", "Apple", "Apple Inc."],
)  # fmt: skip
@pytest.mark.parametrize("column", ["Name", "ticker", "Symbol"])
def test_a_column_that_agrees_with_the_name(column: str, said: str) -> None:
    if column == "Name" or not said.startswith("Apple"):
        (content,) = file(column, said, said)
        assert (content.ticker, len(content.rows)) == ("AAPL", 2)


@pytest.mark.parametrize(
    ("column", "said", "told"),
    [
        ("Name", "MSFT", "MSFT"),
        ("Name", "msft", "MSFT"),
        ("Name", "Microsoft", "MSFT"),
        ("Name", "Microsoft Corporation", "MSFT"),
        ("Name", "IBM", "IBM"),
        ("Ticker", "MSFT", "MSFT"),
        ("symbol", "MSFT.US", "MSFT"),
        ("Symbol", "IBM", "IBM"),
        ("Instrument", "MSFT.O", "MSFT"),
        ("RIC", "MSFT.OQ", "MSFT"),
        ("Underlying", "MSFT UW Equity", "MSFT"),
    ],
)
def test_a_column_that_contradicts_the_name_is_refused_with_both(column: str, said: str, told: str) -> None:
    with pytest.raises(FileError, match=f"its name says AAPL, and its rows say {told}"):
        file(column, said, said)


@pytest.mark.parametrize("said", ["Some Company", "technology", "", "NASDAQ Global Select"])
def test_a_column_of_names_may_say_something_else(said: str) -> None:
    (content,) = file("Name", said, said)
    assert (content.ticker, len(content.rows)) == ("AAPL", 2)


@pytest.mark.parametrize("column", ["ticker", "Name"])
def test_several_tickers_are_several_contents(column: str) -> None:
    aapl, msft = file(column, "MSFT", "AAPL", "MSFT", name="stocks.csv")
    assert [(one.ticker, [row.line for row in one.rows]) for one in (aapl, msft)] == [("AAPL", [3]), ("MSFT", [2, 4])]


def test_tickers_outside_the_universe_are_left_out_and_named() -> None:
    (content,) = file("ticker", "AAPL", "ZZZZ", "ABCD", "AAPL", name="stocks.csv")
    assert (content.ticker, len(content.rows)) == ("AAPL", 2)
    assert content.notes == ["tickers outside the universe are left out: ABCD, ZZZZ"]
    with pytest.raises(FileError, match="it holds 2 tickers, ABCD, ZZZZ, and none of them is of the universe"):
        file("ticker", "ZZZZ", "ABCD", name="stocks.csv")


def test_one_ticker_of_several_can_be_asked_for() -> None:
    (content,) = file("ticker", "AAPL", "MSFT", name="stocks.csv", ticker="MSFT")
    assert (content.ticker, content.notes) == ("MSFT", [])
    with pytest.raises(FileError, match="it holds 2 tickers, AAPL, MSFT, and none of them is VOO"):
        file("ticker", "AAPL", "MSFT", name="stocks.csv", ticker="VOO")


def test_a_few_rows_of_another_ticker_than_the_name_has_are_left_out() -> None:
    (content,) = file("Name", *(["AAPL"] * 9), "MSFT", "AAPL")
    assert (content.ticker, len(content.rows)) == ("AAPL", 10)
    assert [str(bad) for bad in content.bad] == ["line 11: it is of MSFT, and the name of the file says AAPL"]
    assert len(file("Name", *(["AAPL", "MSFT"] * 5), name="AAPL-and-more.csv")) == 2


def test_several_tickers_without_the_one_in_the_name_are_refused() -> None:
    with pytest.raises(FileError, match="its name says VOO, and its rows say AAPL, MSFT"):
        file("ticker", "AAPL", "MSFT", name="VOO.csv")


def test_a_row_without_a_ticker_is_left_out() -> None:
    (content,) = file("ticker", "AAPL", "", "AAPL")
    assert [str(bad) for bad in content.bad] == ["line 3: it names no ticker"]
    with pytest.raises(FileError, match="line 3: it names no ticker; splits and dividends are imported as a whole"):
        read(PurePath("x.csv"), b"date,ticker,ratio\n2020-08-31,AAPL,4\n2021-08-31,,2\n")


@pytest.mark.parametrize("column", ["RIC", "Sym", "Anlage", "isin or ticker"])
def test_several_tickers_are_found_under_any_header(column: str) -> None:
    aapl, msft = file(column, "MSFT.O", "AAPL.O", "MSFT.O", name="stocks.csv")
    assert [(one.ticker, len(one.rows)) for one in (aapl, msft)] == [("AAPL", 1), ("MSFT", 2)]


@pytest.fixture
def _sp500() -> Iterator[None]:
    choose("sp500.toml")
    yield
    choose(None)


@pytest.mark.usefixtures("_sp500")
@pytest.mark.parametrize(
    "said", ["BRK.B", "BRK-B", "BRK/B", "BRK B US Equity", "BRK_B", "brk.b", "NYSE:BRK.B", "BRK-B.US"]
)
def test_a_class_of_shares_is_spelled_in_any_way(said: str) -> None:
    (content,) = file("ticker", said, said, name="prices.csv")
    assert content.ticker == "BRK.B"
    name = f"{said.replace('/', '-').replace(':', '_')}.csv"
    if "Equity" not in said:
        assert file("Remark", "", name=name)[0].ticker == "BRK.B"


@pytest.mark.usefixtures("_sp500")
def test_codes_of_one_letter_are_no_tickers() -> None:
    """A and D are Agilent and Dominion, and what sources call an active share and its dividend."""
    (content,) = file("Status", "A", "D", "A", name="NVDA.csv")
    assert (content.ticker, len(content.rows)) == ("NVDA", 3)


def test_a_row_that_ends_before_its_ticker_is_left_out() -> None:
    rows = b"date,open,high,low,close,volume,Anlage\n" + b"".join(
        b"2025-11-0%d,10,12,9,11,1000%s\n" % (day, rest) for day, rest in ((3, b",MSFT"), (4, b""), (5, b",AAPL"))
    )
    contents = read(PurePath("stocks.csv"), rows)
    assert [str(bad) for content in contents for bad in content.bad] == ["line 3: it has 6 of 7 fields"]
