"""The tables and their columns: name, Hive type, unit, meaning.

Spark's schemas, the catalog, the API's queries and the documentation are all derived from them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column. `meaning` of a nullable one says what null means.

    `distinct`: nearly every row has a value of its own, so that Parquet's dictionary encoding would only cost time.
    """

    name: str
    type: str
    unit: str
    meaning: str
    nullable: bool = False
    distinct: bool = False


@dataclass(frozen=True)
class Table:
    """Columns in order. `key` is unique, and the files of each `partition` are sorted by it."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partition: str | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def ddl(self) -> str:
        """The columns as a DDL string: `ticker string, date date, …`."""
        return ", ".join(f"{column.name} {column.type}" for column in self.columns)


# Of a price as traded, in USD a share: what lies outside is no price. The dearest share trades below a million, the
# cheapest at a hundredth of a cent.
LOWEST_PRICE, HIGHEST_PRICE = 0.0001, 10_000_000.0

_USD, _SHARES, _RATIO = "USD a share", "shares", "ratio"

_SOURCE = Column(
    "source",
    "string",
    "-",
    "where it came from: alpha_vantage, simulated, recorded, csv:<file>, or replace:<file>, which overrules the vendor",
)
_FETCHED = Column("fetched_at", "string", "UTC time", "when it was requested, ISO 8601 with microseconds and a Z")
_TICKER = Column("ticker", "string", "-", "the ticker")
_COVERS = (
    Column(
        "covers_from",
        "string",
        "ISO day",
        "first day on which it replaces older responses; null where it covers all days",
        nullable=True,
    ),
    Column("covers_to", "string", "ISO day", "last such day; null where it covers all days", nullable=True),
)

RAW_PRICES = Table(
    "prices",
    (
        _TICKER,
        Column("date", "string", "ISO day", "the session"),
        Column("open", "double", _USD, "first price, as traded", distinct=True),
        Column("high", "double", _USD, "highest price, as traded", distinct=True),
        Column("low", "double", _USD, "lowest price, as traded", distinct=True),
        Column("close", "double", _USD, "last price, as traded", distinct=True),
        Column(
            "volume", "bigint", _SHARES, "shares traded; null where the source gives none", nullable=True, distinct=True
        ),
        _SOURCE,
        _FETCHED,
    ),
    key=("ticker", "date"),
)

RAW_SPLITS = Table(
    "splits",
    (
        _TICKER,
        Column(
            "events",
            "array<struct<date:string,ratio:double>>",
            "new shares for one old",
            "the ticker's splits, as one response; effective on its date, the first day of the new basis",
        ),
        _SOURCE,
        _FETCHED,
        *_COVERS,
    ),
    key=("ticker",),
)

RAW_DIVIDENDS = Table(
    "dividends",
    (
        _TICKER,
        Column(
            "events",
            "array<struct<ex_date:string,amount:double>>",
            _USD,
            "the ticker's cash dividends, as one response; as paid, not adjusted for later splits",
        ),
        _SOURCE,
        _FETCHED,
        *_COVERS,
    ),
    key=("ticker",),
)

RAW_SENTIMENT = Table(
    "sentiment",
    (
        _TICKER,
        Column("date", "string", "ISO day", "the session; news after a close belongs to the next one"),
        Column("score", "double", "from −1 to 1", "mean sentiment of its articles, weighted by their relevance"),
        Column("articles", "bigint", "articles", "the number of articles in the score, at least one"),
        _SOURCE,
        _FETCHED,
    ),
    key=("ticker", "date"),
)
RAW_TABLES: dict[str, Table] = {table.name: table for table in (RAW_PRICES, RAW_SPLITS, RAW_DIVIDENDS, RAW_SENTIMENT)}

# Partitioned by year: a new session rewrites one file of some 250 rows a ticker, and Athena reads only the years of a
# window. Partitions by day would be thousands of files of a few kB, which take longer to open than to read.
DAILY_PRICES = Table(
    "daily_prices",
    (
        _TICKER,
        Column("date", "date", "day", "the NYSE session"),
        Column("raw_open", "double", _USD, "first price, as traded that day", distinct=True),
        Column("raw_high", "double", _USD, "highest price, as traded that day", distinct=True),
        Column("raw_low", "double", _USD, "lowest price, as traded that day", distinct=True),
        Column("raw_close", "double", _USD, "last price, as traded that day", distinct=True),
        Column(
            "raw_volume",
            "bigint",
            _SHARES,
            "shares traded that day; null where the source gives none",
            nullable=True,
            distinct=True,
        ),
        Column("open", "double", _USD, "raw_open × split_factor", distinct=True),
        Column("high", "double", _USD, "raw_high × split_factor", distinct=True),
        Column("low", "double", _USD, "raw_low × split_factor", distinct=True),
        Column("close", "double", _USD, "raw_close × split_factor", distinct=True),
        Column(
            "volume",
            "double",
            _SHARES,
            "raw_volume ÷ share_factor; null where raw_volume is",
            nullable=True,
            distinct=True,
        ),
        Column("split_factor", "double", _RATIO, "today's share price for one of that day: 1 since the last split"),
        Column(
            "share_factor",
            "double",
            _RATIO,
            "as split_factor, of true splits only: a spin-off leaves the number of shares",
        ),
        Column(
            "dividend",
            "double",
            _USD,
            "cash dividends with this ex-date, as paid; 0 without one, null while the ticker's dividends are unknown",
            nullable=True,
        ),
        Column(
            "total_return_index",
            "double",
            "1 at the ticker's first session",
            "growth with every dividend reinvested at its ex-date; null while the ticker's dividends are unknown",
            nullable=True,
            distinct=True,
        ),
        Column("day_of_week", "int", "ISO weekday", "1 for Monday to 5 for Friday"),
        Column("flags", "string", "-", "the quality rules that the bar broke, comma-separated; empty for most bars"),
    ),
    key=("ticker", "date"),
    partition="year",
)


CORPORATE_ACTIONS = Table(
    "corporate_actions",
    (
        _TICKER,
        Column(
            "date", "date", "day", "a split's first day on the new basis, a dividend's ex-date; may be in the future"
        ),
        Column("kind", "string", "-", "split (prices and shares), spin_off (prices only) or dividend"),
        Column("value", "double", "new shares for one old, or USD a share as paid", "the ratio, or the amount"),
    ),
    key=("ticker", "date", "kind"),
    partition="year",
)
DAILY_SENTIMENT = Table(
    "daily_sentiment",
    (
        _TICKER,
        Column("date", "date", "day", "the NYSE session before whose close the news came"),
        Column("score", "double", "from −1 to 1", "mean sentiment of its articles, weighted by their relevance"),
        Column("articles", "bigint", "articles", "the number of articles in the score, at least one"),
    ),
    key=("ticker", "date"),
    partition="year",
)
# Every snapshot holds these, and the catalog lists them. A table without rows has no files: the manifest says how many
# rows there are.
PUBLISHED_TABLES: dict[str, Table] = {table.name: table for table in (DAILY_PRICES, CORPORATE_ACTIONS, DAILY_SENTIMENT)}

# Of no snapshot: newline JSON below forecasts/, to which each session adds and which nothing rewrites. Times and days
# are text, as in the raw records, because every reader of JSON has a form of its own for them.
FORECASTS = Table(
    "forecasts",
    (
        Column("made", "string", "UTC time", "when it was committed, ISO 8601 with a Z"),
        Column("as_of", "string", "ISO day", "the last session that it knew"),
        Column("horizon", "int", "sessions", "how many sessions after as_of its outcome is taken"),
        Column(
            "baskets", "struct<a:array<string>,b:array<string>>", "tickers", "the two baskets, each of equal weights"
        ),
        Column("probability", "double", "from 0 to 1", "that basket a returns more than basket b over the horizon"),
        Column("snapshot", "string", "-", "the snapshot that it was made from"),
        Column("window_months", "int", "months", "how much of the past it was made from"),
        Column("tau", "double", "a year", "the prior standard deviation of the true difference"),
    ),
    key=("as_of", "horizon", "baskets"),
    partition="dt",
)


def at_snapshot(table: Table, snapshot_id: str) -> str:
    """A table's name in the catalog at one snapshot: `daily_prices_20261120t223005z`."""
    return f"{table.name}_{snapshot_id.lower()}"
