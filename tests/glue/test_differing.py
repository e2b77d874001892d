"""How whole answers differ, whatever their order and however often an event stands in them."""

from pyspark.sql import SparkSession

from glue.increments.event_diff import Differing, differing, states_of
from tests.glue.bars import dividend_frame, dividends

MAY, JUNE, JULY = ("2025-05-12", 0.25), ("2025-06-12", 0.26), ("2025-07-14", 0.26)


def test_how_two_states_differ(spark: SparkSession) -> None:
    old = [
        dividends("SAME", MAY, JUNE),
        dividends("TURNED", MAY, JUNE),
        dividends("MORE", MAY),
        dividends("GONE", MAY, JUNE),
        dividends("TWICE", MAY),
        dividends("OTHER", ("2025-05-12", 0.24), JUNE),
    ]
    new = [
        dividends("SAME", MAY, JUNE),
        dividends("TURNED", JUNE, MAY),
        dividends("MORE", MAY, JULY, JUNE),
        dividends("GONE", JUNE),
        dividends("TWICE", MAY, MAY),
        dividends("OTHER", MAY, JUNE),
        dividends("FIRST", JUNE, MAY),
        dividends("NONE"),
    ]
    states = states_of(dividend_frame(spark, *old), dividend_frame(spark, *new))
    assert differing(states, "ex_date") == {
        "MORE": Differing(("2025-06-12", "2025-07-14"), is_new=False),
        "GONE": Differing(("2025-05-12",), is_new=False),
        "TWICE": Differing(("2025-05-12",), is_new=False),
        "OTHER": Differing(("2025-05-12",), is_new=False),
        "FIRST": Differing(("2025-05-12", "2025-06-12"), is_new=True),
        "NONE": Differing((), is_new=True),
    }
