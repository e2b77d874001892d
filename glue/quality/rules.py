"""The quality rules as data: what each catches, its threshold with the reason, and the severity.

- block: nothing is published. Only for faults of the whole lake.
- quarantine: the record is not used, is written to quarantine/ with the rule's name, and is requested again.
- freeze: bars or events of a ticker are held back, all others are published; these rules are in `glue.freeze`.
- warn: the row is published with the rule's name in its column `flags`, and the finding is reported.

A rule of records or of the table is a condition in Spark SQL on one row, so that one pass over the table evaluates
all of them. What a rule needs to know of other rows is in the columns that `glue.quality.features` adds, and its
`scope` says which of them. The rules of tickers are in `glue.quality.ticker_rules`. Divisions are `try_divide`: a rule
sees rows that another one rejects, and in Spark's ANSI mode a division by their zeros would end the job.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pyspark.sql import DataFrame

from lake.splits import COMMON_RATIOS, STEP_TOLERANCE, steps_like_a_split_sql
from lake.tables import (
    DAILY_PRICES,
    HIGHEST_PRICE,
    LOWEST_PRICE,
    RAW_DIVIDENDS,
    RAW_PRICES,
    RAW_SENTIMENT,
    RAW_SPLITS,
)
from lake.universe import TICKER_PATTERN

Severity = Literal["block", "quarantine", "freeze", "warn"]
# What a rule reads: the row alone, also its ticker's earlier rows, or also all tickers' rows of its day.
RuleScope = Literal["row", "ticker", "market"]
PRICES = ("open", "high", "low", "close")
UNREADABLE_LINE = "_broken_line"  # the column in which Spark puts a line that is not JSON of the schema
ISO_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True)
class RecordRule:
    """A rule of raw records. `broken`: SQL, true of a record that breaks it."""

    slug: str
    catches: str
    broken: str


@dataclass(frozen=True)
class TableRule:
    """A rule of the rows of `daily_prices`. `broken`: SQL, true of a row that breaks it."""

    slug: str
    catches: str
    threshold: str
    severity: Severity
    scope: RuleScope
    broken: str


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({condition})" for condition in conditions)


def _no_price(prefix: str) -> str:
    return _any(f"{prefix}{name} is null" for name in PRICES)


def _non_positive(prefix: str) -> str:
    return _any([*(f"{prefix}{name} <= 0" for name in PRICES), f"{prefix}volume < 0"])


def _disordered(prefix: str) -> str:
    first, high, low, last = (prefix + name for name in PRICES)
    return f"{low} > least({first}, {last}) or {high} < greatest({first}, {last})"


# In SQL a comparison with null is null, and a null condition breaks no rule. So a rule says which records are good, and
# whatever is not provably good is bad: `not coalesce(<good>, false)`.
_UNREADABLE = f"{UNREADABLE_LINE} is not null"
_NAMED = f"ticker rlike r'^{TICKER_PATTERN.pattern}$' and source is not null and fetched_at is not null"
_NAMELESS = f"not coalesce({_NAMED}, false)"
NO_PRICE = "no_price"
_OUT_OF_BOUNDS = _any(f"{name} not between {LOWEST_PRICE}D and {HIGHEST_PRICE}D" for name in PRICES)
_OFF_CALENDAR = "session_number is null"
_BAD_SCORE = "not coalesce(score between -1 and 1 and articles >= 1, false)"


def _bad_events(date: str, value: str) -> str:
    is_day = f"event.{date} rlike '{ISO_DATE}' and try_cast(event.{date} as date) is not null"
    events = f"forall(events, event -> {is_day} and event.{value} > 0)"
    is_range = f"covers_from rlike '{ISO_DATE}' and covers_to rlike '{ISO_DATE}' and covers_from <= covers_to"
    covers = f"(covers_from is null and covers_to is null or {is_range})"
    return f"not coalesce({events} and {covers}, false)"


# The job clean quarantines such bars. On the table the same conditions block, because a bar that got past clean is a
# bug in this code. The condition takes the prefix of its columns.
_BAR_RULES: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("nulls", "a bar without one of its four prices", _no_price),
    ("non_positive", "a price of zero or less, or a negative volume", _non_positive),
    ("ohlc_order", "an open or close outside low to high", _disordered),
)
_ANY_RECORD = (
    RecordRule("broken_line", "a line that is no record of its kind", _UNREADABLE),
    RecordRule("nameless", "a record without a ticker, a source or the time it was fetched", _NAMELESS),
)

# By kind of record. A record that breaks several rules is quarantined with the first one.
RECORD_RULES: dict[str, tuple[RecordRule, ...]] = {
    RAW_PRICES.name: (
        *_ANY_RECORD,
        RecordRule("off_calendar", "a bar on a day that is no NYSE session", _OFF_CALENDAR),
        *(RecordRule(slug, catches, broken("")) for slug, catches, broken in _BAR_RULES),
        RecordRule(NO_PRICE, "a price below 0.0001 or above 10 million is no price", _OUT_OF_BOUNDS),
    ),
    RAW_SPLITS.name: (
        *_ANY_RECORD,
        RecordRule(
            "bad_events",
            "a split without a date or a positive ratio, or a range without its two days",
            _bad_events("date", "ratio"),
        ),
    ),
    RAW_DIVIDENDS.name: (
        *_ANY_RECORD,
        RecordRule(
            "bad_events",
            "a dividend without a date or a positive amount, or a range without its two days",
            _bad_events("ex_date", "amount"),
        ),
    ),
    RAW_SENTIMENT.name: (
        *_ANY_RECORD,
        RecordRule("off_calendar", "a sentiment of a day that is no NYSE session", _OFF_CALENDAR),
        RecordRule("bad_score", "a score outside −1 to 1, or of no article", _BAD_SCORE),
    ),
}


_INCOMPLETE = _any(f"{column.name} is null" for column in DAILY_PRICES.columns if not column.nullable)
_BAD_FACTOR = _any(f"{name} <= 0" for name in ("split_factor", "share_factor", "total_return_index"))

# The log of the price step that the row's own split explains; 0 without a split.
_STEP = "ln(try_divide(split_factor, previous_split_factor))"


# Below the smallest of these ratios. Asked first, because the thirty logarithms of the rule cost more than all others.
_BELOW = 0.95 * min(COMMON_RATIOS)
_STEEP = f"(greatest(open, close) > {_BELOW}D * previous_close or least(open, close) * {_BELOW}D < previous_close)"
_IS_JUMP = f"{_STEEP} and ({steps_like_a_split_sql('previous_close', 'close', 'open')}) and {_STEP} = 0"

MAX_STEP = 4  # glue.freeze holds such a bar back until two later answers confirm it
_IS_ABSURD = f"abs(ln(try_divide(close, previous_close))) > ln({MAX_STEP})"

MAX_SIGMAS = 8  # IBM's spin-off of 1.046 was 3 of its daily volatilities; a split of 3:2 is more than 8 of most stocks'
_SPLIT_WITHOUT_JUMP = (
    f"abs({_STEP}) > {MAX_SIGMAS} * sigma and abs(ln(try_divide(raw_close, previous_raw_close))) < abs({_STEP}) / 2"
)

# Beyond so many of its daily volatilities too, because after a shock all swings are long. Without this bound 13 bars of
# 78 years of real histories are flagged; with it 5: three of QQQ in 2008, and two in the crash of 2010-05-06.
LONG_WICK, LONG_WICK_RATIO, LONG_WICK_SIGMAS = 0.03, 4, 1.75


_LONG_WICK_THRESHOLD = (
    f"{LONG_WICK} (log) at least, {LONG_WICK_RATIO} times the ticker's usual and the day's median share of it, "
    f"and {LONG_WICK_SIGMAS} of its daily volatilities"
)


def _is_long(wick: str) -> str:
    """Long as such, for its ticker and its volatility, and for the day, on which every ticker may have long wicks."""
    day = f"greatest(1D, coalesce(market_{wick}_ratio, 1D))"
    return (
        f"{wick} > {LONG_WICK}D and {wick}_ratio > {LONG_WICK_RATIO} * {day} "
        f"and {wick} > {LONG_WICK_SIGMAS}D * coalesce(sigma, 0D)"
    )


# A zero too many on a quiet day is five to eight times the usual volume. From 2021 to 2026 the busiest days of AAPL,
# AMZN, GOOGL, MSFT and TSLA were at most 4.5 times. Young ETFs do have such days, hence the second bound, in their own
# standard deviations: real histories of 78 years in all break it on eight days, all of VOO and SCHG.
MAX_VOLUME_RATIO, MIN_VOLUME_RATIO, MAX_VOLUME_SIGMAS = 5, 1 / 3, 4
# Against the day's median ratio, because on a half day or an index expiry every ticker's volume is unusual.
_SHARE = "(volume_ratio / coalesce(nullif(market_volume_ratio, 0D), 1D))"
_ODD_VOLUME = (
    f"raw_volume = 0 or ({_SHARE} > {MAX_VOLUME_RATIO} or {_SHARE} < {MIN_VOLUME_RATIO}D) "
    f"and abs(ln({_SHARE})) > {MAX_VOLUME_SIGMAS} * coalesce(volume_sigma, 0D)"
)

_EXTREME_MOVE = f"abs(move - coalesce(market_move, 0D)) > {MAX_SIGMAS} * sigma"


TABLE_RULES = (
    TableRule("duplicates", "a ticker and session twice", "none may be", "block", "ticker", "date = previous_date"),
    TableRule("required", "null in a column that is never null", "none may be", "block", "row", _INCOMPLETE),
    *(
        TableRule(
            slug, catches, "none may be: clean sets them aside", "block", "row", _any([broken(""), broken("raw_")])
        )
        for slug, catches, broken in _BAR_RULES
    ),
    TableRule("factors", "a factor or index of zero or less", "none may be", "block", "row", _BAD_FACTOR),
    TableRule(
        "off_calendar",
        "a bar on a day that is no NYSE session",
        "none may be: clean sets them aside",
        "block",
        "row",
        _OFF_CALENDAR,
    ),
    TableRule(
        "absurd_price",
        "a close over 4 times or under a quarter of the one before, which two later answers have confirmed",
        f"a factor of {MAX_STEP}",
        "warn",
        "ticker",
        _IS_ABSURD,
    ),
    TableRule(
        "jump",
        "the adjusted price moves like a split, and no split explains it",
        f"within {STEP_TOLERANCE} (log) of a common split ratio, at the open or at the close",
        "warn",
        "ticker",
        _IS_JUMP,
    ),
    TableRule(
        "split_without_jump",
        "a split on whose day the traded price does not move",
        f"a step beyond {MAX_SIGMAS} of the ticker's daily volatilities, of which the price shows less than half",
        "warn",
        "ticker",
        _SPLIT_WITHOUT_JUMP,
    ),
    TableRule(
        "high_far_out",
        "a high far above open and close",
        _LONG_WICK_THRESHOLD,
        "warn",
        "market",
        _is_long("upper_wick"),
    ),
    TableRule(
        "low_far_out",
        "a low far below open and close",
        _LONG_WICK_THRESHOLD,
        "warn",
        "market",
        _is_long("lower_wick"),
    ),
    TableRule(
        "odd_volume",
        "a volume of zero, or absurd for the ticker and the day",
        f"over {MAX_VOLUME_RATIO} times or under a third of the ticker's usual and of the day's median share of it, "
        f"and beyond {MAX_VOLUME_SIGMAS} of the ticker's standard deviations",
        "warn",
        "market",
        _ODD_VOLUME,
    ),
    TableRule(
        "stale_repeat",
        "the bar of the session before again",
        "all four prices and the volume",
        "warn",
        "ticker",
        "bar_hash = previous_bar_hash and raw_volume > 0",
    ),
    TableRule(
        "extreme_move",
        "a move far beyond the ticker's volatility and the market's of that day",
        f"{MAX_SIGMAS} of its daily volatilities from the day's median move",
        "warn",
        "market",
        _EXTREME_MOVE,
    ),
    TableRule(
        "missing_sessions",
        "sessions before this one without a bar",
        "every session of the NYSE between a ticker's first and last is expected",
        "warn",
        "ticker",
        "session_number - previous_session_number > 1",
    ),
)

# The rules of the column `flags`. Missing sessions are no fault of the bar after them.
FLAG_RULES = tuple(rule for rule in TABLE_RULES if rule.severity == "warn" and rule.slug != "missing_sessions")


def schema_faults(table: DataFrame) -> list[str]:
    """The differences between the table's columns and `lake.tables.DAILY_PRICES`, in words."""
    found = {name: kind for name, kind in table.dtypes if name != DAILY_PRICES.partition}
    wanted = {column.name: column.type for column in DAILY_PRICES.columns}
    absent = [f"{name} is not there" for name in wanted if name not in found]
    extra = [f"{name} is not wanted" for name in found if name not in wanted]
    other = [f"{name} is {found[name]}, not {kind}" for name, kind in wanted.items() if found.get(name, kind) != kind]
    return absent + extra + other
