"""The quality rules, as data: what each catches, its threshold with the reason, and what then happens.

- block: nothing is published, the old snapshot stays.
- quarantine: the row is set aside with the rule's name, and asked for again.
- warn: published, and said.

Every rule of the table is a condition on one row, so that one pass answers all of them; what a row's neighbours and its
day say stands in the columns of `glue.context`, and `sight` says which of them a rule needs. A rule of tickers is a
condition on what a snapshot holds of one.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.answers import MOST_RESTATED, restates
from lake.split_ratios import NEAR_A_SPLIT, SPLIT_RATIOS
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_PRICES, RAW_SENTIMENT, RAW_SPLITS
from lake.universe import TICKER_PATTERN

Severity = Literal["block", "quarantine", "warn"]
Sight = Literal["row", "ticker", "market"]  # what a rule looks at: the row, its ticker's before it, its day's as well
PRICES = ("open", "high", "low", "close")
BROKEN_LINE = "_broken_line"  # Spark keeps there what it could not read as a record
ISO_DAY = r"^\d{4}-\d{2}-\d{2}$"


@dataclass(frozen=True)
class RecordRule:
    """What no single record may be. `broken` is true of a bad one; it takes the prefix of the columns it looks at."""

    slug: str
    catches: str
    broken: Callable[[str], Column]


@dataclass(frozen=True)
class TableRule:
    """What must hold of every row of `daily_prices` with its context. `broken` is true of an offending row."""

    slug: str
    catches: str
    threshold: str
    severity: Severity
    sight: Sight
    broken: Callable[[], Column]


def _any(conditions: Iterable[Column]) -> Column:
    return reduce(lambda one, other: one | other, conditions)


def _no_price(prefix: str) -> Column:
    return _any(F.col(prefix + name).isNull() for name in PRICES)


def _non_positive(prefix: str) -> Column:
    volume = F.coalesce(F.col(f"{prefix}volume"), F.lit(0))
    return _any(F.col(prefix + name) <= 0 for name in PRICES) | (volume < 0)


def _disordered(prefix: str) -> Column:
    first, high, low, last = (F.col(prefix + name) for name in PRICES)
    return (low > F.least(first, last)) | (high < F.greatest(first, last))


def _unreadable(_: str) -> Column:
    return F.col(BROKEN_LINE).isNotNull()


def _nameless(_: str) -> Column:
    named = F.col("ticker").rlike(f"^{TICKER_PATTERN.pattern}$") & F.col("source").isNotNull()
    return ~F.coalesce(named & F.col("fetched_at").isNotNull(), F.lit(False))


def _bad_events(date: str, value: str) -> Callable[[str], Column]:
    def broken(_: str) -> Column:
        sound = F.forall("events", lambda event: event[date].rlike(ISO_DAY) & (event[value] > 0))
        return ~F.coalesce(sound, F.lit(False))

    return broken


def _bad_score(_: str) -> Column:
    return ~F.coalesce(F.col("score").between(-1, 1) & (F.col("articles") >= 1), F.lit(False))


# Clean sets such bars aside (quarantine). On the published table the same conditions block: a bar that got past
# clean is a defect of ours, and nobody should see it.
BAR_RULES = (
    RecordRule("nulls", "a bar without one of its four prices", _no_price),
    RecordRule("non_positive", "a price of zero or less, or a negative volume", _non_positive),
    RecordRule("ohlc_order", "an open or close outside low to high", _disordered),
)
_ANY_RECORD = (
    RecordRule("broken_line", "a line that is no record of its kind", _unreadable),
    RecordRule("nameless", "a record without a ticker, a source or the time it was fetched", _nameless),
)

# What clean sets aside, by the kind of record; of several broken rules the first names the record.
RECORD_RULES: dict[str, tuple[RecordRule, ...]] = {
    RAW_PRICES.name: (
        *_ANY_RECORD,
        RecordRule(
            "off_calendar", "a bar on a day that is no NYSE session", lambda _: F.col("session_number").isNull()
        ),
        *BAR_RULES,
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
        RecordRule(
            "off_calendar", "a sentiment of a day that is no NYSE session", lambda _: F.col("session_number").isNull()
        ),
        RecordRule("bad_score", "a score outside −1 to 1, or of no article", _bad_score),
    ),
}


def _bar_rule(rule: RecordRule) -> TableRule:
    return TableRule(
        rule.slug, rule.catches, "none may be: clean sets them aside", "block", "row",
        lambda: rule.broken("") | rule.broken("raw_"),
    )  # fmt: skip


def _incomplete() -> Column:
    return _any(F.col(column.name).isNull() for column in DAILY_PRICES.columns if not column.nullable)


def _bad_factor() -> Column:
    return _any(F.col(name) <= 0 for name in ("split_factor", "share_factor", "total_return_index"))


NEW_SESSIONS = 5


def _splits_today() -> Column:
    """The log of the price's step that the row's own split explains; 0 without one."""
    return F.log(F.col("split_factor") / F.col("previous_split_factor"))


def _jump() -> Column:
    moves = (F.abs(F.log(F.col(price) / F.col("previous_close"))) for price in ("close", "open"))
    near = _any(F.abs(move - math.log(ratio)) < NEAR_A_SPLIT for move in moves for ratio in SPLIT_RATIOS)
    return near & (_splits_today() == 0)


def _is_new() -> Column:
    return F.col("session_number") > F.col("newest") - NEW_SESSIONS


_JUMP = "the adjusted price moves like a split of 3:2 or more, and no split explains it"
_NEAR = f"within {NEAR_A_SPLIT} (log) of a common split ratio, at the open or at the close"

FAR_BEYOND_SIGMA = 8  # IBM's spin-off of 1.046 is 3 of its sigmas, any true split of 3:2 more than 8 of most stocks'


def _split_without_jump() -> Column:
    step, raw_move = _splits_today(), F.log(F.col("raw_close") / F.col("previous_raw_close"))
    return (F.abs(step) > FAR_BEYOND_SIGMA * F.col("sigma")) & (F.abs(raw_move) < F.abs(step) / 2)


FAR_OUT, FAR_OUT_USUAL = 0.03, 4


def _far_out(side: str) -> Column:
    """A wick that is long in itself, for its ticker, and for the day."""
    day = F.greatest(F.lit(1.0), F.coalesce(F.col(f"market_{side}_ratio"), F.lit(1.0)))
    return (F.col(side) > FAR_OUT) & (F.col(f"{side}_ratio") > FAR_OUT_USUAL * day)


MOST_VOLUME, LEAST_VOLUME = 8, 1 / 3


def _odd_volume() -> Column:
    ratio = F.col("volume_ratio") / F.coalesce(F.col("market_volume_ratio"), F.lit(1.0))
    return (F.col("raw_volume") == 0) | (ratio > MOST_VOLUME) | (ratio < LEAST_VOLUME)


def _extreme_move() -> Column:
    own = F.abs(F.col("move") - F.coalesce(F.col("market_move"), F.lit(0.0)))
    return own > FAR_BEYOND_SIGMA * F.col("sigma")


def _stale() -> Column:
    return (F.col("bar_print") == F.col("previous_bar_print")) & (F.col("raw_volume") > 0)


TABLE_RULES = (
    TableRule(
        "duplicates",
        "a ticker and session twice",
        "none may be",
        "block",
        "ticker",
        lambda: F.col("date") == F.col("previous_date"),
    ),
    TableRule("required", "null in a column that is never null", "none may be", "block", "row", _incomplete),
    *(_bar_rule(rule) for rule in BAR_RULES),
    TableRule("factors", "a factor or index of zero or less", "none may be", "block", "row", _bad_factor),
    TableRule(
        "off_calendar",
        "a bar on a day that is no NYSE session",
        "none may be: clean sets them aside",
        "block",
        "row",
        lambda: F.col("session_number").isNull(),
    ),
    TableRule(
        "new_jump",
        _JUMP,
        f"{_NEAR}, in the newest {NEW_SESSIONS} sessions: the split's record may still come",
        "quarantine",
        "ticker",
        lambda: _jump() & _is_new(),
    ),
    TableRule(
        "old_jump",
        _JUMP,
        f"{_NEAR}, longer ago: prices do fall by half without a split",
        "warn",
        "ticker",
        lambda: _jump() & ~_is_new(),
    ),
    TableRule(
        "split_without_jump",
        "a split on whose day the traded price does not move",
        f"a step beyond {FAR_BEYOND_SIGMA} of the ticker's daily volatilities, of which the price shows less than half",
        "warn",
        "ticker",
        _split_without_jump,
    ),
    TableRule(
        "high_far_out",
        "a high far above open and close",
        f"{FAR_OUT} (log) at least, and {FAR_OUT_USUAL} times the ticker's usual and the day's median share of it",
        "warn",
        "market",
        lambda: _far_out("up"),
    ),
    TableRule(
        "low_far_out",
        "a low far below open and close",
        f"{FAR_OUT} (log) at least, and {FAR_OUT_USUAL} times the ticker's usual and the day's median share of it",
        "warn",
        "market",
        lambda: _far_out("down"),
    ),
    TableRule(
        "odd_volume",
        "a volume of zero, or absurd for the ticker and the day",
        f"over {MOST_VOLUME} times or under a third of the ticker's usual, on the day's median share of it",
        "warn",
        "market",
        _odd_volume,
    ),
    TableRule(
        "stale_repeat",
        "the bar of the session before again",
        "all four prices and the volume",
        "warn",
        "ticker",
        _stale,
    ),
    TableRule(
        "extreme_move",
        "a move far beyond the ticker's volatility and the market's of that day",
        f"{FAR_BEYOND_SIGMA} of its daily volatilities from the day's median move",
        "warn",
        "market",
        _extreme_move,
    ),
    TableRule(
        "missing_sessions",
        "sessions before this one without a bar",
        "every session of the NYSE between a ticker's first and last is expected",
        "warn",
        "ticker",
        lambda: F.col("session_number") - F.col("previous_session_number") > 1,
    ),
)

RESTATED = TableRule(
    "restated",
    "a later fetch moves a published as-traded close",
    f"by more than {MOST_RESTATED:.1%}: the vendor never restates a price, so that one of the two is wrong",
    "block",
    "row",
    restates,
)


def schema_faults(table: DataFrame) -> list[str]:
    """What differs between the table's columns and those of `lake.tables.DAILY_PRICES`, in words; severity block."""
    found = {name: kind for name, kind in table.dtypes if name != DAILY_PRICES.partition}
    wanted = {column.name: column.type for column in DAILY_PRICES.columns}
    absent = [f"{name} is not there" for name in wanted if name not in found]
    extra = [f"{name} is not wanted" for name in found if name not in wanted]
    other = [f"{name} is {found[name]}, not {kind}" for name, kind in wanted.items() if found.get(name, kind) != kind]
    return absent + extra + other
