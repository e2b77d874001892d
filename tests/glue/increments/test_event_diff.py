"""How lists of events differ, whatever their order and however often they list an event."""

from pyspark.sql import SparkSession

from glue.increments.event_diff import EventDiff, before_and_after, collect_diffs, event_diffs
from tests.glue.bars import dividend_frame, dividends

MAY, JUNE, JULY = ("2025-05-12", 0.25), ("2025-06-12", 0.26), ("2025-07-14", 0.26)


def test_how_two_versions_differ(spark: SparkSession) -> None:
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
    versions = before_and_after(dividend_frame(spark, *old), dividend_frame(spark, *new))
    found = collect_diffs(dividends=event_diffs(versions, "ex_date"), none=event_diffs(versions.limit(0), "ex_date"))
    assert found["none"] == {}
    assert found["dividends"] == {
        "MORE": EventDiff(("2025-06-12", "2025-07-14"), is_new=False),
        "GONE": EventDiff(("2025-05-12",), is_new=False),
        "TWICE": EventDiff(("2025-05-12",), is_new=False),
        "OTHER": EventDiff(("2025-05-12",), is_new=False),
        "FIRST": EventDiff(("2025-05-12", "2025-06-12"), is_new=True),
        "NONE": EventDiff((), is_new=True),
    }
