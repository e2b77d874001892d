"""What a job stages replaces what an interrupted attempt of the same run has left, as when Glue tries a job again."""

from pyspark.sql import SparkSession

from glue.arguments import Arguments
from glue.snapshots import staging
from glue.spark import literal_frame
from lake.storage import FolderStorage
from lake.tables import DAILY_SENTIMENT

DDL = f"{DAILY_SENTIMENT.ddl}, {staging.YEAR} int"
FIRST = [
    {"ticker": "AAPL", "date": f"{year}-01-05", "score": 0.5, "articles": 1, "year": year} for year in (2025, 2026)
]
SECOND = [FIRST[1] | {"score": -0.25}]


def test_a_second_attempt_replaces_a_table(spark: SparkSession, storage: FolderStorage) -> None:
    arguments = Arguments(storage, "20260120T010000Z")
    for rows in (FIRST, SECOND):
        staging.write(literal_frame(rows, DDL), arguments, staging.CLEAN, "table")
    found = staging.read(arguments, staging.CLEAN, "table", DDL).collect()
    assert [(row["year"], row["score"]) for row in found] == [(2026, -0.25)]


def test_a_second_attempt_replaces_a_table_with_years(spark: SparkSession, storage: FolderStorage) -> None:
    """A year that the second attempt has no rows of is gone too."""
    arguments = Arguments(storage, "20260120T010000Z")
    for rows in (FIRST, SECOND):
        written = staging.write_years(literal_frame(rows, DDL), arguments, staging.TRANSFORM, DAILY_SENTIMENT)
    assert written.years == [2026]
    found = staging.read_years(arguments, written.place, DAILY_SENTIMENT.ddl).collect()
    assert [(row["year"], row["score"]) for row in found] == [(2026, -0.25)]
