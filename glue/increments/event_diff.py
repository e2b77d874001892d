"""How a ticker's events differ between two versions of the response that lists them all."""

from dataclasses import dataclass
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.spark import named


@dataclass(frozen=True)
class EventDiff:
    """`days`: ISO dates, ascending, of the events that only one version has. `is_new`: there was no response before.

    A first response is a difference even if it lists no event: before it, the events were unknown.
    """

    days: tuple[str, ...]
    is_new: bool


def before_and_after(old: DataFrame, new: DataFrame) -> DataFrame:
    """`ticker`, and its events `before` and `after`. `before` is null where there was no response."""
    before = old.select("ticker", F.col("events").alias("before"))
    return new.select("ticker", F.col("events").alias("after")).join(before, "ticker", "left")


def event_diffs(versions: DataFrame, day: str) -> DataFrame:
    """Of each ticker whose events differ `ticker`, `is_new` and `days`, the ISO dates of events of one version alone.

    `day` is the name of the field with an event's date. Order is ignored, but not how often an event is listed: two
    equal dividends on one date add up.
    """
    # Sorted in a step of its own: inside the numbering Spark would sort the array again for each of its events.
    ordered = versions.filter("not before <=> after").selectExpr(
        "ticker", "before is null as is_new",
        "array_sort(coalesce(before, array())) as before", "array_sort(after) as after",
    )  # fmt: skip
    numbered = ordered.selectExpr("ticker", "is_new", *(f"{_numbered(name)} as {name}" for name in ("before", "after")))
    either = "concat(array_except(before, after), array_except(after, before))"
    changed = numbered.selectExpr(
        "ticker", "is_new", f"array_distinct(transform({either}, one -> one.event.{day})) as days"
    )
    return changed.filter("is_new or size(days) > 0")


def collect_diffs(**frames: DataFrame) -> dict[str, dict[str, EventDiff]]:
    """By the name of the frame, and by ticker, its rows of `event_diffs`. One query for all of them."""
    found: dict[str, dict[str, EventDiff]] = {name: {} for name in frames}
    if not frames:
        return found
    labelled = (rows.select(F.lit(name).alias("name"), "ticker", "is_new", "days") for name, rows in frames.items())
    with named("find what is new of each ticker"):
        rows = reduce(DataFrame.unionByName, labelled).collect()
    for row in rows:
        found[row["name"]][row["ticker"]] = EventDiff(tuple(sorted(row["days"])), row["is_new"])
    return found


def _numbered(ordered: str) -> str:
    """SQL: each event with its number among those that equal it. array_except alone would drop duplicates."""
    return f"transform({ordered}, (event, n) -> struct(event, n - array_position({ordered}, event) as nth))"
