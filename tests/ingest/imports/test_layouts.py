"""Each layout with the file that its source would give: three sessions of NVDA, whose figures stand here once."""

from datetime import date
from pathlib import Path, PurePath

import pytest

from ingest.errors import FileError
from ingest.imports.files import FileContent, read
from ingest.imports.layouts import ALL_LAYOUTS, canonical

EXAMPLES = Path(__file__).parent / "layouts"
LAYOUTS = {layout.name: layout for layout in ALL_LAYOUTS}
DAYS = [date(2025, 11, 18), date(2025, 11, 19), date(2025, 11, 20)]
PRICES = [(181.10, 182.30, 179.10, 180.00), (180.10, 182.30, 179.90, 181.20), (181.50, 184.75, 181.05, 184.40)]
VOLUMES = [1234000, 1234567, 1512300]
ROUNDED = [1230000, 1230000, 1510000]
# Layouts of events alone, with what their files say.
SPLITS = [(date(2021, 7, 20), 4.0), (date(2024, 6, 10), 10.0)]
DIVIDENDS = [(date(2024, 9, 12), 0.01), (date(2024, 12, 5), 0.01)]
PAID = [(date(2025, 11, 19), 0.01)]
EVENTS: dict[str, tuple[list[tuple[date, float]] | None, list[tuple[date, float]] | None]] = {
    "Alpha Vantage, splits": (SPLITS, None),
    "Alpha Vantage, dividends": (None, DIVIDENDS),
    "Alpha Vantage, events": (SPLITS, None),
    "splits": (SPLITS, None),
    "dividends": (None, DIVIDENDS),
    "yfinance, actions": ([], PAID),
}
WITH_EVENTS = {"Alpha Vantage, adjusted", "yfinance, history", "Tiingo"}
AS_TRADED = {
    "Alpha Vantage",
    "Alpha Vantage, adjusted",
    "Alpha Vantage, data frame",
    "Alpha Vantage, JSON",
    "Tiingo",
}


def example(name: str, ticker: str | None = "NVDA") -> FileContent:
    (content,) = read(PurePath(name), (EXAMPLES / name).read_bytes(), ticker)
    return content


def bars(content: FileContent) -> list[tuple[date, tuple[float, ...], float | None]]:
    rows = sorted(content.rows, key=lambda row: row.date)
    return [(row.date, (row.open, row.high, row.low, row.close), row.volume) for row in rows]


def expected(volumes: list[int]) -> list[tuple[date, tuple[float, ...], float | None]]:
    return [(day, prices, float(volume)) for day, prices, volume in zip(DAYS, PRICES, volumes, strict=True)]


def test_every_layout_has_a_file_of_its_own() -> None:
    names = [layout.example for layout in LAYOUTS.values()]
    assert len(set(names)) == len(names)
    assert {name for name in names if not (EXAMPLES / name).exists()} == set()


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name not in EVENTS])
def test_bars_are_read_from_every_layout(name: str) -> None:
    content = example(LAYOUTS[name].example)
    is_rounded = name.startswith("Investing.com")
    assert (content.layout, content.bad, content.covers) == (name, [], (DAYS[0], DAYS[2]))
    assert bars(content) == expected(ROUNDED if is_rounded else VOLUMES)
    assert [note.split(",")[0] for note in content.notes] == ["its volumes are rounded by the source"] * is_rounded
    assert content.basis == ("raw" if name in AS_TRADED else None)
    assert (content.splits, content.dividends) == (([], PAID) if name in WITH_EVENTS else (None, None))


@pytest.mark.parametrize("name", EVENTS)
def test_events_are_read_from_every_layout(name: str) -> None:
    content = example(LAYOUTS[name].example)
    splits, dividends = (
        sorted(events) if events is not None else None for events in (content.splits, content.dividends)
    )
    assert (content.layout, list(content.rows), splits, dividends) == (name, [], *EVENTS[name])


@pytest.mark.parametrize("name", ["gzip.csv.gz", "utf16.csv", "semicolon.csv", "tab.csv"])
def test_other_encodings_and_delimiters(name: str) -> None:
    assert bars(example(name)) == expected(VOLUMES)


def test_the_vendors_adjusted_json_has_events_too() -> None:
    content = example("alpha-vantage-adjusted.json")
    assert (bars(content), content.splits, content.dividends) == (expected(VOLUMES), [], PAID)
    assert example("alpha-vantage-dividends.json").dividends == DIVIDENDS[::-1]


def test_a_long_file_gives_each_ticker_its_rows() -> None:
    nvda, voo = read(PurePath("long.csv"), (EXAMPLES / "long.csv").read_bytes())
    assert (nvda.ticker, bars(nvda)) == ("NVDA", expected(VOLUMES))
    assert (voo.ticker, [(row.close, row.volume) for row in voo.rows]) == (
        "VOO",
        [(600.50, 55000), (602.25, 56000), (604.00, 57000)],
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("<CLOSE>", "close"),
        ("4. close", "close"),
        (" Close* ", "close"),
        ("Adj Close**", "adjclose"),
        ("adjusted_close", "adjustedclose"),
        ("Close/Last", "closelast"),
        ("Vol.", "vol"),
        ("Open (USD)", "open"),
        ("Volume (M)", "volumem"),  # not shares, so it must not be taken for them
        ("Najwyższy", "najwyzszy"),
        ("Zamknięcie", "zamkniecie"),
        ("Eröffn.", "eroffn"),
    ],
)
def test_names_of_columns_are_compared_without_their_dress(written: str, name: str) -> None:
    assert canonical(written) == name


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("VOLUME;low;High;OPEN;close;Date", "1000;9;12;10;11;2025-11-20"),
        ("Date,Close,Open,High,Low,Volume,Adj Close", "2025-11-20,11,10,12,9,1000,5"),
        ("Date,Adj Close,Close,High,Low,Open,Volume", "2025-11-20,5,11,12,9,10,1000"),
        ("Date, Open, High, Low, Close, Volume", "2025-11-20, 10, 12, 9, 11, 1000"),
        (",Date,Open,High,Low,Close,Volume", "0,2025-11-20,10,12,9,11,1000"),
        (",open,high,low,close,volume", "2025-11-20,10,12,9,11,1000"),
        ("date,open,high,low,close,volume,amount", "2025-11-20,10,12,9,11,1000,11000"),  # the turnover
        ("Date|Open|High|Low|Close|Volume", "2025-11-20|10|12|9|11|1000"),
        ("# from somewhere\n\nDate,Open,High,Low,Close,Volume", "2025-11-20,10,12,9,11,1000"),
        ("# what was asked for\n" * 29 + "Date;Open;High;Low;Close;Volume", "2025-11-20;10;12;9;11;1000"),
        ("sep=;\nDate;Open;High;Low;Close;Volume", "2025-11-20;10;12;9;11;1000"),
        ("Date,Open,High,Low,Close,Volume,", "2025-11-20,10,12,9,11,1000,"),
        ("Date,Close/Last,Volume,Open,High,Low", '11/20/2025,$11.00,"1,000",$10.00,$12.00,$9.00'),
        ('"Datum";"Eröffnung";"Hoch";"Tief";"Schlusskurs";"Volumen"', "20.11.2025;10,00;12,00;9,00;11,00;1.000"),
        # The turnover in euros is called Volumen there.
        ("Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen", "2025-11-20;10,00;12,00;9,00;11,00;1.000;11.000"),
        ("Date\tOuverture\tPlus haut\tPlus bas\tClôture\tVolume", "20/11/2025\t10,00\t12,00\t9,00\t11,00\t1000"),
        ("Fecha;Apertura;Máximo;Mínimo;Cierre;Volumen", "20/11/2025;10,00;12,00;9,00;11,00;1000"),
        ("Data;Apertura;Massimo;Minimo;Chiusura;Volume", "20/11/2025;10,00;12,00;9,00;11,00;1000"),
        ("Data;Abertura;Máxima;Mínima;Fechamento;Volume", "20/11/2025;10,00;12,00;9,00;11,00;1000"),
        ("Datum;Open;Hoog;Laag;Slot;Volume", "20-11-2025;10,00;12,00;9,00;11,00;1000"),
        ("Datum;Senaste;Öppen;Högst;Lägst;Vol.", "2025-11-20;11,00;10,00;12,00;9,00;1000"),
        ("Tarih;Şimdi;Açılış;Yüksek;Düşük;Hac.", "20.11.2025;11,00;10,00;12,00;9,00;1000"),
        ("Дата,Цена,Откр.,Макс.,Мин.,Объём", "2025-11-20,11,10,12,9,1000"),
        ("日付け,終値,始値,高値,安値,出来高", "2025-11-20,11,10,12,9,1000"),
        ("日期,收盘,开盘,高,低,交易量", "2025-11-20,11,10,12,9,1000"),
        ("Date,PX_LAST,PX_OPEN,PX_HIGH,PX_LOW,PX_VOLUME", "11/20/2025,11,10,12,9,1000"),
        ("Date,Price Open,Price High,Price Low,Price Close,Volume", "2025-11-20T00:00:00Z,10,12,9,11,1000"),
        ("Date,HIGH,LOW,OPEN,TRDPRC_1,ACVOL_UNS", "2025-11-20,12,9,10,11,1000"),
        ("PERMNO,date,BIDLO,ASKHI,PRC,VOL,OPENPRC", "86580,20NOV2025,9,12,11,1000,10"),
    ],
)
def test_columns_are_found_in_any_order_and_dress(header: str, row: str) -> None:
    (content,) = read(PurePath("NVDA.csv"), f"{header}\n{row}\n".encode())
    assert bars(content) == [(DAYS[2], (10, 12, 9, 11), 1000)]
    assert (content.dividends, content.bad) == (None, [])


@pytest.mark.parametrize(
    "head",
    [
        "Price,Close,High,Low,Open,Volume\nTicker,NVDA,NVDA,NVDA,NVDA,NVDA\nDate,,,,,\n",
        "Ticker,NVDA,NVDA,NVDA,NVDA,NVDA\nPrice,Close,High,Low,Open,Volume\nDate,,,,,\n",
        "Date,Close,High,Low,Open,Volume\n,NVDA,NVDA,NVDA,NVDA,NVDA\n",
        "Attributes,Close,High,Low,Open,Volume\nSymbols,NVDA,NVDA,NVDA,NVDA,NVDA\nDate,,,,,\n",
    ],
)
def test_a_frame_of_download_has_two_lines_of_headers(head: str) -> None:
    (content,) = read(PurePath("prices.csv"), f"{head}2025-11-20,184.4,184.75,181.05,181.5,1512300\n".encode())
    assert (content.ticker, bars(content)) == ("NVDA", expected(VOLUMES)[2:])


def test_a_frame_of_download_with_several_tickers_and_events() -> None:
    fields = ["Adj Close", "Close", "Dividends", "High", "Low", "Open", "Stock Splits", "Volume"]
    text = (
        f"Price,{','.join(field for field in fields for _ in range(2))}\n"
        f"Ticker,{','.join(['MSFT', 'NVDA'] * 8)}\nDate{',' * 16}\n"
        "2025-11-19,1,2,11,181.2,0.83,0.0,12,182.3,9,179.9,10,180.1,0.0,0.0,1000,1234567\n"
        "2025-11-20,1,2,,184.4,,0.0,,184.75,,181.05,,181.5,,2.0,,1512300\n"
    )
    msft, nvda = read(PurePath("tech.csv"), text.encode())
    assert (bars(msft), msft.dividends, msft.splits) == ([(DAYS[1], (10, 12, 9, 11), 1000)], [(DAYS[1], 0.83)], [])
    assert (bars(nvda)[1:], nvda.dividends, nvda.splits) == (expected(VOLUMES)[2:], [], [(DAYS[2], 2.0)])


@pytest.mark.parametrize(
    "header",
    [
        "Index,NVDA.Open,NVDA.High,NVDA.Low,NVDA.Close,NVDA.Volume,NVDA.Adjusted",
        "Date,Open_NVDA,High_NVDA,Low_NVDA,Close_NVDA,Volume_NVDA,Adj Close_NVDA",
        "Date,NVDA Open,NVDA High,NVDA Low,NVDA Close,NVDA Volume,NVDA Adj Close",
        (
            "Date,\"('Open', 'NVDA')\",\"('High', 'NVDA')\",\"('Low', 'NVDA')\",\"('Close', 'NVDA')\","
            "\"('Volume', 'NVDA')\""
        ),
        "time,nvda_open,nvda_high,nvda_low,nvda_close,nvda_volume",
    ],
)
def test_columns_that_say_the_ticker_and_the_field_at_once(header: str) -> None:
    rows = "2025-11-19,180.1,182.3,179.9,181.2,1234567,1\n2025-11-20,181.5,184.75,181.05,184.4,1512300,1\n"
    rows = rows if "Adj" in header else rows.replace(",1\n", "\n")
    (content,) = read(PurePath("prices.csv"), f"{header}\n{rows}".encode())
    assert (content.ticker, bars(content), content.bad) == ("NVDA", expected(VOLUMES)[1:], [])


def test_such_columns_of_several_tickers() -> None:
    """MSFT was not listed on the first day; IBM is not of the universe."""
    text = (
        "Date,Open_NVDA,High_NVDA,Low_NVDA,Close_NVDA,Volume_NVDA,Open_MSFT,High_MSFT,Low_MSFT,Close_MSFT,Volume_MSFT,"
        "Close_IBM\n2025-11-19,180.1,182.3,179.9,181.2,1234567,,,,,,1\n"
        "2025-11-20,181.5,184.75,181.05,184.4,1512300,10,12,9,11,1000,1\n"
    )
    msft, nvda = read(PurePath("tech.csv"), text.encode())
    assert (bars(msft), bars(nvda)) == ([(DAYS[2], (10, 12, 9, 11), 1000)], expected(VOLUMES)[1:])
    with pytest.raises(FileError, match="its columns of MSFT lack low"):
        read(PurePath("tech.csv"), text.replace("Low_MSFT", "L").encode())


def test_an_unknown_header_over_quoted_commas_is_no_message_of_a_source() -> None:
    with pytest.raises(FileError, match="its header is 'date,label,terms': expected"):
        read(PurePath("NVDA.csv"), b'date,label,terms\n2024-06-10,"June 10, 24",10-1\n')


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Date,Close", "it has dates and closes only: open, high, low and volume are missing"),
        ("Date,Adj Close", "it has dates and adjusted closes only: open, high, low and volume are missing"),
        ("Date;Open;High;Low;Close", "its header lacks volume"),
        ("Open,High,Low,Close,Volume,Day of week", "its header is"),
        ("Date,Open,High,Low,Adj Close,Volume", "it has adjusted closes only"),
        ("Date,Open,High,Low,Close,Close,Volume", "has the column 'Close' more than once"),
        ("Date,Open,High,Low,Close,Volume (K)", "its header lacks volume"),
        ("Date^Open^High^Low^Close^Volume", "its columns are separated by carets"),
        ("Date Open High Low Close Volume", "its columns are separated by spaces"),
        ("Ex-Dividend Date,Paid Amount,Pay Date,,,", "its header is"),  # not separated by spaces
        ("2025-11-18,181.1,182.3,179.1,180.0,1234000", "it has no header"),
    ],
)
def test_a_header_that_lacks_something_says_what(header: str, reason: str) -> None:
    row = header.replace("Date", "2025-11-20") if "^" in header or " Open" in header else ",".join("1" * 6)
    with pytest.raises(FileError, match=reason):
        read(PurePath("NVDA.csv"), f"{header}\n{row}\n".encode())
