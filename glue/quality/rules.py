"""The quality rules, as data: what each catches, its threshold with the reason, and what then happens.

- block: nothing is published, the old snapshot stays.
- quarantine: the row is set aside with the rule's name, and asked for again.
- warn: published, and said.

Every rule of records and of the table is a condition on one row, in Spark's SQL, so that one pass answers all of them;
what a row's neighbours and its day say stands in the columns of `glue.context`, and `sight` says which of them a rule
needs. A rule of tickers is a condition on what a snapshot holds of one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pyspark.sql import DataFrame

from glue.merge.restatements import MOST_RESTATED, RESTATES
from lake.splits import STEP_TOLERANCE, steps_like_a_split_sql
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_PRICES, RAW_SENTIMENT, RAW_SPLITS
from lake.universe import TICKER_PATTERN

Severity = Literal["block", "quarantine", "warn"]
Sight = Literal["row", "ticker", "market"]  # what a rule looks at: the row, its ticker's before it, its day's as well
PRICES = ("open", "high", "low", "close")
BROKEN_LINE = "_broken_line"  # Spark keeps there what it could not read as a record
ISO_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True)
class RecordRule:
    """What no single record may be. `broken` is true of a bad one."""

    slug: str
    catches: str
    broken: str


@dataclass(frozen=True)
class TableRule:
    """What must hold of every row of `daily_prices` with its context. `broken` is true of an offending row."""

    slug: str
    catches: str
    threshold: str
    severity: Severity
    sight: Sight
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


_UNREADABLE = f"{BROKEN_LINE} is not null"
_NAMED = f"ticker rlike r'^{TICKER_PATTERN.pattern}$' and source is not null and fetched_at is not null"
_NAMELESS = f"not coalesce({_NAMED}, false)"
_OFF_CALENDAR = "session_number is null"
_BAD_SCORE = "not coalesce(score between -1 and 1 and articles >= 1, false)"


def _bad_events(date: str, value: str) -> str:
    return f"not coalesce(forall(events, event -> event.{date} rlike '{ISO_DAY}' and event.{value} > 0), false)"


# Clean sets such bars aside (quarantine). On the published table the same conditions block: a bar that got past
# clean is a defect of ours, and nobody should see it.
_BAR_RULES: tuple[tuple[str, str, Callable[[str], str]], ...] = (  # the condition takes its columns' prefix
    ("nulls", "a bar without one of its four prices", _no_price),
    ("non_positive", "a price of zero or less, or a negative volume", _non_positive),
    ("ohlc_order", "an open or close outside low to high", _disordered),
)
_ANY_RECORD = (
    RecordRule("broken_line", "a line that is no record of its kind", _UNREADABLE),
    RecordRule("nameless", "a record without a ticker, a source or the time it was fetched", _NAMELESS),
)

# What clean sets aside, by the kind of record; of several broken rules the first names the record.
RECORD_RULES: dict[str, tuple[RecordRule, ...]] = {
    RAW_PRICES.name: (
        *_ANY_RECORD,
        RecordRule("off_calendar", "a bar on a day that is no NYSE session", _OFF_CALENDAR),
        *(RecordRule(slug, catches, broken("")) for slug, catches, broken in _BAR_RULES),
    ),
    RAW_SPLITS.name: (
        *_ANY_RECORD,
        RecordRule("bad_events", "a split without a date or a positive ratio", _bad_events("date", "ratio")),
    ),
    RAW_DIVIDENDS.name: (
        *_ANY_RECORD,
        RecordRule("bad_events", "a dividend without a date or a positive amount", _bad_events("ex_date", "amount")),
    ),
    RAW_SENTIMENT.name: (
        *_ANY_RECORD,
        RecordRule("off_calendar", "a sentiment of a day that is no NYSE session", _OFF_CALENDAR),
        RecordRule("bad_score", "a score outside −1 to 1, or of no article", _BAD_SCORE),
    ),
}


_INCOMPLETE = _any(f"{column.name} is null" for column in DAILY_PRICES.columns if not column.nullable)
_BAD_FACTOR = _any(f"{name} <= 0" for name in ("split_factor", "share_factor", "total_return_index"))

NEW_SESSIONS = 5
_IS_NEW = f"session_number > newest - {NEW_SESSIONS}"
# The log of the price's step that the row's own split explains; 0 without one.
_STEP = "ln(split_factor / previous_split_factor)"


_IS_JUMP = f"({steps_like_a_split_sql('previous_close', 'close', 'open')}) and {_STEP} = 0"
_JUMP = "the adjusted price moves like a split of 3:2 or more, and no split explains it"
_NEAR = f"within {STEP_TOLERANCE} (log) of a common split ratio, at the open or at the close"

FAR_BEYOND_SIGMA = 8  # IBM's spin-off of 1.046 is 3 of its sigmas, any true split of 3:2 more than 8 of most stocks'
_SPLIT_WITHOUT_JUMP = (
    f"abs({_STEP}) > {FAR_BEYOND_SIGMA} * sigma and abs(ln(raw_close / previous_raw_close)) < abs({_STEP}) / 2"
)

FAR_OUT, FAR_OUT_USUAL = 0.03, 4


def _far_out(side: str) -> str:
    """A wick that is long in itself, for its ticker, and for the day."""
    day = f"greatest(1D, coalesce(market_{side}_ratio, 1D))"
    return f"{side} > {FAR_OUT}D and {side}_ratio > {FAR_OUT_USUAL} * {day}"


MOST_VOLUME, LEAST_VOLUME = 8, 1 / 3
_SHARE = "volume_ratio / coalesce(market_volume_ratio, 1D)"
_ODD_VOLUME = f"raw_volume = 0 or {_SHARE} > {MOST_VOLUME} or {_SHARE} < {LEAST_VOLUME}D"

_EXTREME_MOVE = f"abs(move - coalesce(market_move, 0D)) > {FAR_BEYOND_SIGMA} * sigma"


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
        "new_jump",
        _JUMP,
        f"{_NEAR}, in the newest {NEW_SESSIONS} sessions: the split's record may still come",
        "quarantine",
        "ticker",
        f"({_IS_JUMP}) and {_IS_NEW}",
    ),
    TableRule(
        "old_jump",
        _JUMP,
        f"{_NEAR}, longer ago: prices do fall by half without a split",
        "warn",
        "ticker",
        f"({_IS_JUMP}) and not ({_IS_NEW})",
    ),
    TableRule(
        "split_without_jump",
        "a split on whose day the traded price does not move",
        f"a step beyond {FAR_BEYOND_SIGMA} of the ticker's daily volatilities, of which the price shows less than half",
        "warn",
        "ticker",
        _SPLIT_WITHOUT_JUMP,
    ),
    TableRule(
        "high_far_out",
        "a high far above open and close",
        f"{FAR_OUT} (log) at least, and {FAR_OUT_USUAL} times the ticker's usual and the day's median share of it",
        "warn",
        "market",
        _far_out("up"),
    ),
    TableRule(
        "low_far_out",
        "a low far below open and close",
        f"{FAR_OUT} (log) at least, and {FAR_OUT_USUAL} times the ticker's usual and the day's median share of it",
        "warn",
        "market",
        _far_out("down"),
    ),
    TableRule(
        "odd_volume",
        "a volume of zero, or absurd for the ticker and the day",
        f"over {MOST_VOLUME} times or under a third of the ticker's usual, on the day's median share of it",
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
        "bar_print = previous_bar_print and raw_volume > 0",
    ),
    TableRule(
        "extreme_move",
        "a move far beyond the ticker's volatility and the market's of that day",
        f"{FAR_BEYOND_SIGMA} of its daily volatilities from the day's median move",
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

RESTATED = TableRule(
    "restated",
    "a later fetch moves a published as-traded close",
    f"by more than {MOST_RESTATED:.1%}: the vendor never restates a price, so that one of the two is wrong",
    "block",
    "row",
    RESTATES,
)


def schema_faults(table: DataFrame) -> list[str]:
    """What differs between the table's columns and those of `lake.tables.DAILY_PRICES`, in words; severity block."""
    found = {name: kind for name, kind in table.dtypes if name != DAILY_PRICES.partition}
    wanted = {column.name: column.type for column in DAILY_PRICES.columns}
    absent = [f"{name} is not there" for name in wanted if name not in found]
    extra = [f"{name} is not wanted" for name in found if name not in wanted]
    other = [f"{name} is {found[name]}, not {kind}" for name, kind in wanted.items() if found.get(name, kind) != kind]
    return absent + extra + other
