"""How a ticker's events differ between two states of its whole answers."""

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows


@dataclass(frozen=True)
class Differing:
    """`days` (ISO): of the events that one of two states has and the other has not; `is_new`: the first has no answer.

    An answer that is new differs also where it has no events: before, nobody knew.
    """

    days: tuple[str, ...]
    is_new: bool


def states_of(old: DataFrame, new: DataFrame) -> DataFrame:
    """`ticker`, and its events as they `was` and `now` are; `was` is null where there was no answer."""
    before = old.select("ticker", F.col("events").alias("was"))
    return new.select("ticker", F.col("events").alias("now")).join(before, "ticker", "left")


def differing(states: DataFrame, day: str) -> dict[str, Differing]:
    """Of each ticker whose events differ, how; `day` is the name of an event's day.

    Of equal events the one state may have more than the other. Their order says nothing.
    """
    numbered = states.filter("not was <=> now").selectExpr(
        "ticker", "was is null as is_new", f"{_numbered('coalesce(was, array())')} as was", f"{_numbered('now')} as now"
    )
    either = "concat(array_except(was, now), array_except(now, was))"
    changed = numbered.selectExpr(
        "ticker", "is_new", f"array_distinct(transform({either}, one -> one.event.{day})) as days"
    )
    rows = changed.filter("is_new or size(days) > 0").collect()
    return {row["ticker"]: Differing(tuple(sorted(row["days"])), row["is_new"]) for row in rows}


def _numbered(events: str) -> str:
    """Each event with its place among those that equal it, so that sets of them tell how many there are; as SQL."""
    in_order = f"array_sort({events})"
    return f"transform({in_order}, (event, n) -> struct(event, n - array_position({in_order}, event) as nth))"
