"""The kept records as a run leaves them, and what they say of each ticker."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.merge.validation import kept_table
from glue.snapshots import staging
from glue.snapshots.staging import Staged
from lake import layout
from lake.tables import Table


def kept_rows(
    arguments: Arguments, base: str | None, staged: Sequence[Staged], table: Table, years: Iterable[int] | None = None
) -> DataFrame:
    """The kept records of one kind, staged or the base's: the named years of dated ones, whole answers all."""
    kept = kept_table(table)
    if years is not None:
        return staging.rows_after(arguments, base, staged, kept, years)
    places = [one.place for one in staged if one.table == kept.name]
    return staging.read_whole(arguments, places[0] if places else layout.table(base or "", kept.name), kept.ddl)


def heads_of(prices: DataFrame) -> dict[str, dict[str, Any]]:
    """Per ticker its last bar, when that was fetched, and who the bars came from."""
    answers = prices.groupBy("ticker", "source", "fetched_at").agg(F.max("date").alias("last"))
    rows = answers.groupBy("ticker").agg(
        F.max(F.struct("last", "fetched_at")).alias("head"), F.collect_set("source").alias("sources")
    )
    return {
        row["ticker"]: {
            "last": str(row["head"]["last"]),
            "fetched_at": row["head"]["fetched_at"],
            "sources": sorted(row["sources"]),
        }
        for row in rows.collect()
    }


def seen_of(**records: DataFrame) -> dict[str, dict[str, str]]:
    """Of each kind by its name when each ticker's newest record was fetched."""
    kinds = (rows.select(F.lit(kind).alias("kind"), "ticker", "fetched_at") for kind, rows in records.items())
    newest = reduce(DataFrame.unionByName, kinds).groupBy("kind", "ticker").agg(F.max("fetched_at").alias("seen"))
    seen: dict[str, dict[str, str]] = {kind: {} for kind in records}
    for row in newest.collect():
        seen[row["kind"]][row["ticker"]] = row["seen"]
    return seen
