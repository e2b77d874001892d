"""Small frames of what Python knows."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.spark import spark_session


def frame_of(rows: Iterable[Mapping[str, Any]], ddl: str) -> DataFrame:
    """Rows as a frame; dates are ISO.

    They travel as one literal. Spark's own way starts a worker process of Python to read them back, each time.
    """
    parsed = F.from_json(F.lit(json.dumps(list(rows))), f"array<struct<{ddl}>>")
    return spark_session().range(0, 1, 1, 1).select(F.inline(parsed))
