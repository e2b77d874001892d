"""Splits, spin-offs and dividends as one table, and the daily sentiment as another."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake.splits import is_share_split_sql
from lake.tables import CORPORATE_ACTIONS, DAILY_SENTIMENT, Table


def corporate_actions(splits: DataFrame, dividends: DataFrame) -> DataFrame:
    """`lake.tables.CORPORATE_ACTIONS` from the current records, announced events included.

    On one date dividends add up, and splits multiply.
    """
    ratios = _events(splits).groupBy("ticker", "date").agg(F.product("ratio").alias("value"))
    kind = F.when(F.expr(is_share_split_sql("value")), "split").otherwise("spin_off")
    amounts = _events(dividends).withColumnRenamed("ex_date", "date").groupBy("ticker", "date")
    paid = amounts.agg(F.sum("amount").alias("value")).withColumn("kind", F.lit("dividend"))
    return _typed(ratios.withColumn("kind", kind).unionByName(paid), CORPORATE_ACTIONS)


def daily_sentiment(records: DataFrame) -> DataFrame:
    """`lake.tables.DAILY_SENTIMENT` from the current records, one for each ticker and session."""
    return _typed(records, DAILY_SENTIMENT)


def _events(records: DataFrame) -> DataFrame:
    return records.select("ticker", F.explode("events").alias("event")).select("ticker", "event.*")


def _typed(rows: DataFrame, table: Table) -> DataFrame:
    typed = (f"cast({column.name} as {column.type}) as {column.name}" for column in table.columns)
    return rows.selectExpr(*typed).withColumn("year", F.year("date"))
