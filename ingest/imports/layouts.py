"""The layouts of files, as data: by which columns one is known, and what its source lets assume. No I/O.

The order of columns and the case and accents of their names do not matter, and other columns are ignored. Adjusted
closes are among those: where one stands next to the close, the close is taken.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.errors import FileError
from ingest.imports.dates import Order

Column = Literal[
    "date", "open", "high", "low", "close", "volume", "ticker", "name", "split", "dividend", "capital gain", "period",
    "currency", "new shares", "old shares", "description"
]  # fmt: skip
PRICES: tuple[Literal["open", "high", "low", "close"], ...] = ("open", "high", "low", "close")
BAR: tuple[Column, ...] = (*PRICES, "volume")

# The names of columns, without accents, spaces and signs, the preferred ones first. The foreign ones are those of
# Stooq in Polish, of Investing.com in its languages, and of banks and exchanges; PX_LAST and its like are Bloomberg's,
# "Price Close" and TRDPRC_1 Refinitiv's, PRC and ASKHI those of CRSP.
NAMES: Mapping[Column, tuple[str, ...]] = {
    "date": ("date", "tradedate", "tradingdate", "tradingday", "day", "exdividenddate", "effectivedate", "exdate",
             "exeffdate", "exoreffdate", "executiondate", "datetime", "timestamp", "windowstart", "time", "t",
             "pricedate", "valuedate", "data", "datum", "dato", "fecha", "tarih", "дата", "日付", "日付け", "日期",
             "交易日期", "index"),
    "open": ("open", "o", "openprice", "openingprice", "priceopen", "pxopen", "openprc", "otwarcie", "eroffnung",
             "eroffn", "eroffnungskurs", "erster", "ouv", "ouverture", "apertura", "abertura", "oppen", "acılıs",
             "откр", "始値", "开盘", "开盘价"),
    "high": ("high", "h", "highprice", "dayhigh", "pricehigh", "pxhigh", "askhi", "najwyzszy", "max", "hoch",
             "hochstkurs", "plushaut", "haut", "maximo", "maxima", "massimo", "hoog", "hogst", "yuksek", "макс",
             "高値", "最高", "最高价", "高"),
    "low": ("low", "l", "lowprice", "daylow", "pricelow", "pxlow", "bidlo", "najnizszy", "min", "tief", "tiefstkurs",
            "plusbas", "bas", "minimo", "minima", "laag", "lagst", "dusuk", "мин", "安値", "最低", "最低价", "低"),
    "close": ("close", "c", "closelast", "closeprice", "closingprice", "priceclose", "pxlast", "pxclose", "trdprc1",
              "last", "lastprice", "latest", "price", "prc", "closeclosepriceadjustedforsplits", "zamkniecie",
              "ostatnio", "schluss", "schlusskurs", "zuletzt", "cloture", "dernier", "cierre", "ultimo", "chiusura",
              "fechamento", "slot", "slotkoers", "laatste", "senaste", "simdi", "цена", "終値", "收盘", "收盘价"),
    "volume": ("volume", "v", "vol", "sharevolume", "totalvolume", "pxvolume", "acvoluns", "acvol1", "wolumen", "wol",
               "stuecke", "stucke", "volumen", "hac", "объем", "出来高", "成交量", "交易量"),
    "ticker": ("ticker", "symbol", "tickersymbol", "stocksymbol", "actsymbol", "tic"),
    "name": ("name", "company", "companyname", "securityname", "security", "stock", "instrument", "code", "ric", "sym",
             "asset", "securityid", "secid", "stockcode", "instrumentcode", "issuesymbol", "tradingsymbol",
             "underlying", "underlyingsymbol", "symbole", "simbolo", "symbool", "wertpapier", "aktie", "銘柄", "代码",
             "股票代码"),
    "split": ("stocksplits", "stocksplit", "splitfactor", "splitcoefficient", "splitratio"),
    "dividend": ("dividends", "dividend", "dividendamount", "divcash", "cashdividend", "exdividend"),
    "capital gain": ("capitalgains", "capitalgain"),
    "period": ("per",),
    "currency": ("currency", "currencycode", "ccy", "waehrung", "wahrung", "devise", "divisa", "moneda", "valuta"),
}  # fmt: skip
# What the value of an event may be called in a file without prices. Next to prices an amount is the turnover.
EVENT_NAMES: Mapping[Column, tuple[str, ...]] = {
    "split": (*NAMES["split"], "ratio", "splits", "split"),
    "dividend": (*NAMES["dividend"], "amount", "cashamount", "unadjustedvalue", "distribution", "distributions",
                 "payoutamount", "dividendpershare", "dividende", "dividendo"),
    "new shares": ("splitto", "tofactor", "numerator", "newrate", "newshares"),
    "old shares": ("splitfrom", "fromfactor", "denominator", "oldrate", "oldshares"),
    "description": ("description",),
}  # fmt: skip
_ADJUSTED_CLOSES = frozenset({"adjclose", "adjustedclose", "closeadj", "adjcloseprice"})
_NUMBERED = re.compile(r"[0-9]+\. ")  # "1. open" of Alpha Vantage
_UNIT = re.compile(r"\((?:usd|us\$|\$|shares)\)")


@dataclass(frozen=True)
class Layout:
    """A known layout of CSV. A file has it if its header has all `marks`, and `header` and `row` match.

    `header`, `row`: patterns that are searched in the header and in the first row, cells joined with commas. `order`:
    that of days such as 11/03/2025, where they do not tell themselves. `basis`: "raw" where the source always gives
    prices as they traded. `example`: the file in tests/ingest/imports/layouts. `remark`: for the documentation.
    """

    name: str
    example: str
    remark: str = ""
    marks: frozenset[str] = frozenset()
    header: str = ""
    row: str = ""
    order: Order | None = None
    basis: Literal["raw"] | None = None


@dataclass(frozen=True)
class JsonLayout:
    """A known layout of JSON: an object whose key `rows` holds records, and by whose key `symbol` it says whose.

    Records are a list, columns beside one another, or values by date or by ticker.
    """

    name: str
    example: str
    remark: str = ""
    rows: str = ""
    symbol: str = ""
    basis: Literal["raw"] | None = None


def canonical(cell: str) -> str:
    """The name of a column as NAMES and marks have it: `<CLOSE>`, `4. close` and `Close*` are `close`."""
    plain = unicodedata.normalize("NFKD", cell.strip().casefold().replace("ł", "l"))
    plain = _UNIT.sub("", _NUMBERED.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign))))
    return "".join(sign for sign in plain if sign.isalnum())


def _marks(text: str) -> frozenset[str]:
    return frozenset(canonical(cell) for cell in text.split(","))


_OHLCV = _marks("open,high,low,close,volume")

# The first one that fits is taken; the last, without marks, takes all others.
CSV_LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "Alpha Vantage, adjusted",
        "alpha-vantage-adjusted.csv",
        "`TIME_SERIES_DAILY_ADJUSTED`; its dividends and splits are taken too",
        _marks("timestamp,close,adjusted_close,dividend_amount,split_coefficient"),
        basis="raw",
    ),
    Layout(
        "Alpha Vantage, data frame",
        "alpha-vantage-frame.csv",
        "an answer written with pandas: `1. open` and so on; the date may have no header",
        _OHLCV,
        header=r"(?i)\b1\. open",
        basis="raw",
    ),
    Layout(
        "Alpha Vantage",
        "alpha-vantage.csv",
        "`TIME_SERIES_DAILY`",
        _OHLCV,
        header="^timestamp,open,high,low,close,volume$",
        basis="raw",
    ),
    Layout("Alpha Vantage, splits", "alpha-vantage-splits.csv", "`SPLITS`", _marks("effective_date,split_factor")),
    Layout("Alpha Vantage, dividends", "alpha-vantage-dividends.csv", "`DIVIDENDS`", _marks("ex_dividend_date,amount")),
    Layout("yfinance, history", "yfinance-history.csv", "use `auto_adjust=False`; dividends and splits are taken too",
           _marks("open,close,dividends,stock splits")),
    Layout("yfinance, actions", "yfinance-actions.csv", "dividends, splits and a fund's capital gains",
           _marks("dividends,stock splits")),
    Layout("Tiingo", "tiingo.csv", "`close` is taken, not `adjClose`; its dividends and splits are taken too",
           _marks("close,adjClose,divCash,splitFactor"), basis="raw"),
    Layout("Yahoo", "yahoo.csv", "`Close` is taken, not `Adj Close`", _marks("date,open,close,adj close,volume")),
    Layout("Stooq in bulk", "stooq-bulk.txt", "`<TICKER>`, `<PER>` and so on", _marks("<TICKER>,<PER>,<OPENINT>")),
    Layout("Stooq in Polish", "stooq-polish.csv", "`Data,Otwarcie` and so on", _marks("Data,Otwarcie,Zamkniecie")),
    Layout("Nasdaq.com", "nasdaq.csv", "`Close/Last`, dollar signs, month first", _marks("Close/Last"),
           order="month first"),
    Layout("Investing.com", "investing.csv", "`Price` is the close; the source rounds `Vol.`, and the report says so",
           _marks("Price,Open,Vol."), order="month first"),
    Layout("Investing.com in German", "investing-german.csv", "decimal commas, day first", _marks("Zuletzt,Vol."),
           order="day first"),
    Layout("Alpaca", "alpaca.csv", "a data frame of bars", _marks("timestamp,close,trade_count,vwap")),
    Layout("Google Finance", "google-finance.csv", "the time of the close after the date", _OHLCV,
           row="^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} 1[36]:00", order="month first"),
    Layout("MarketWatch", "marketwatch.csv", "dollar signs, month first", _OHLCV, row=r"\$", order="month first"),
    Layout("splits", "splits.csv", "`ratio` is 4, 4:1 or 4/1", _marks("date,ratio")),
    Layout("dividends", "dividends.csv", "`amount` is in USD a share", _marks("date,amount")),
    Layout("columns by name", "ours.csv", "ours, those of Stooq, EODHD, Bloomberg, Refinitiv, "
           "CRSP and others, in twelve languages; with a column `ticker` for several tickers"),
)  # fmt: skip

# Above its header are the names of the columns and the tickers, so that it is known before the header is read.
YFINANCE_DOWNLOAD = Layout(
    "yfinance, download()", "yfinance-download.csv", "use `auto_adjust=False`; two header lines; several tickers too"
)

JSON_LAYOUTS: tuple[JsonLayout, ...] = (
    JsonLayout("Alpha Vantage, JSON", "alpha-vantage.json", "`TIME_SERIES_DAILY`; with `_ADJUSTED`, its dividends and "
               "splits too", "Time Series (Daily)", "Meta Data/2. Symbol", "raw"),
    JsonLayout("Alpha Vantage, events", "alpha-vantage-splits.json", "`SPLITS` and `DIVIDENDS`", "data", "symbol"),
    JsonLayout("Polygon aggregates", "polygon.json", 'as traded with `"adjusted": false`', "results", "ticker"),
    JsonLayout("Alpaca bars", "alpaca.json", "of one ticker or of several", "bars", "symbol"),
    JsonLayout("records", "records.json", "a list of them, or one a line; also below `data`, `values`, `historical`, "
               "`prices` or `rows`"),
)  # fmt: skip
YAHOO_CHART = JsonLayout("Yahoo chart", "yahoo-chart.json", "`close` is taken, not `adjclose`; its events too")
ALL_LAYOUTS: tuple[Layout | JsonLayout, ...] = (*CSV_LAYOUTS, YFINANCE_DOWNLOAD, *JSON_LAYOUTS, YAHOO_CHART)


@dataclass(frozen=True)
class Header:
    """A header that is understood: its layout, and the place of each known column."""

    layout: Layout
    places: Mapping[Column, int]

    @property
    def has_prices(self) -> bool:
        """Whether the rows are daily bars; else they are events."""
        return "open" in self.places


def read_header(cells: Sequence[str], row: Sequence[str] = ()) -> Header | None:
    """The header of a table, whose first row is `row`; None where a column is missing. FileError for a repeated one."""
    names = [canonical(cell) for cell in cells]
    places = _places(names, NAMES)
    has_prices = all(name in places for name in BAR)
    if not has_prices:
        places = _places(names, {**NAMES, **EVENT_NAMES})
    # pandas writes the days of an index without a name as a first column without a header.
    if "date" not in places and names[:1] == [""]:
        places["date"] = 0
    has_splits = "split" in places or {"new shares", "old shares"} <= places.keys()
    has_events = not places.keys() & set(PRICES) and (has_splits or "dividend" in places)
    if "date" not in places or not (has_prices or has_events):
        return None
    repeated = [cells[place] for place in places.values() if names.count(names[place]) > 1]
    if repeated:
        raise FileError(f"its header has the column {repeated[0].strip()[:40]!r} more than once")
    return Header(_layout(names, cells, row), places)


def missing_columns(cells: Sequence[str]) -> str | None:
    """What a header of prices lacks, as a sentence; None where it has nothing to do with prices."""
    places = _places([canonical(cell) for cell in cells], NAMES)
    present = [name for name in BAR if name in places]
    missing = [name for name in ("date", *BAR) if name not in places]
    adjusted = any(canonical(cell) in _ADJUSTED_CLOSES for cell in cells)
    if "date" not in places or not (present or adjusted) or not missing:
        return None
    if present == ["close"] or (adjusted and not present):
        which = "closes" if present else "adjusted closes"
        return f"it has dates and {which} only: open, high, low and volume are missing, and bars need them"
    if adjusted and missing == ["close"]:
        return "it has adjusted closes only: download it with the closes as they traded, or with both"
    return f"its header lacks {_listed(missing)}: bars need date, open, high, low, close and volume"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _places(names: Sequence[str], known: Mapping[Column, Sequence[str]]) -> dict[Column, int]:
    return {
        column: names.index(name)
        for column, spellings in known.items()
        if (name := next((name for name in spellings if name in names), None)) is not None
    }


def _layout(names: Sequence[str], cells: Sequence[str], row: Sequence[str]) -> Layout:
    header, first = ",".join(cell.strip() for cell in cells), ",".join(cell.strip() for cell in row)
    return next(
        layout
        for layout in CSV_LAYOUTS
        if layout.marks <= set(names) and re.search(layout.header, header) and re.search(layout.row, first)
    )
