"""The split rule: its Python predicates against their SQL text in Spark, and the terms of a ratio."""

import random
from fractions import Fraction

import pytest
from pyspark.sql import SparkSession

from lake.splits import (
    MAX_SHARES,
    POSSIBLE_RATIOS,
    RATIO_TOLERANCE,
    STEP_TOLERANCE,
    is_share_split,
    is_share_split_sql,
    may_be_a_split,
    may_be_a_split_sql,
    split_terms,
    steps_like_a_split,
    steps_like_a_split_sql,
)

# Of 2014 GOOGL's class C (a stock dividend), of 2021 IBM's Kyndryl, and ratios on both sides of the tolerance.
KNOWN = {
    2.0: True,
    1.5: True,
    0.05: True,
    1.3333: True,
    50.0: True,
    51.0: False,
    0.019: False,
    1.046: False,
    1.998: False,
}


def ratios() -> list[float]:
    """Every ratio of small whole numbers, the same just within and just outside of the tolerance, and random ones."""
    exact = {new / old for new in range(1, MAX_SHARES + 2) for old in range(1, MAX_SHARES + 2)}
    near = {ratio + off * RATIO_TOLERANCE for ratio in exact for off in (-1.01, -0.99, 0.99, 1.01)}
    draws = random.Random(5)
    return sorted({*KNOWN, *exact, *(r for r in near if r > 0), *(draws.uniform(0.01, 60) for _ in range(2000))})


def test_known_ratios() -> None:
    assert {ratio: is_share_split(ratio) for ratio in KNOWN} == KNOWN


def test_python_and_sql_agree_on_every_ratio(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(ratio,) for ratio in ratios()], "ratio double")
    found = {
        row["ratio"]: row["is_split"]
        for row in frame.selectExpr("ratio", f"{is_share_split_sql('ratio')} as is_split").collect()
    }
    assert {ratio for ratio, says in found.items() if says != is_share_split(ratio)} == set()
    assert {True, False} == set(found.values())


def test_python_and_sql_agree_on_every_step(spark: SparkSession) -> None:
    """Steps by each common ratio, up and down, and to both sides of the tolerance."""
    factors = [ratio**way * 2.718281828**off for ratio in POSSIBLE_RATIOS for way in (1, -1) for off in _offsets()]
    pairs = [(100.0, 100.0 * one, 100.0 * other) for one, other in zip(factors, reversed(factors), strict=True)]
    frame = spark.createDataFrame(pairs, "before double, open double, close double")
    for in_sql, in_python in ((steps_like_a_split_sql, steps_like_a_split), (may_be_a_split_sql, may_be_a_split)):
        condition = in_sql("before", "open", "close")
        rows = frame.selectExpr("before", "open", "close", f"{condition} as steps").collect()
        assert [row for row in rows if row["steps"] != in_python(row["before"], row["open"], row["close"])] == []
        assert {True, False} == {row["steps"] for row in rows}


def _offsets() -> list[float]:
    return [0.0, *(sign * STEP_TOLERANCE * by for sign in (1, -1) for by in (0.98, 1.02))]


@pytest.mark.parametrize(("ratio", "terms"), [(10.0, (10, 1)), (1.5, (3, 2)), (0.05, (1, 20)), (1.3333, (4, 3))])
def test_the_terms_of_a_split(ratio: float, terms: tuple[int, int]) -> None:
    assert split_terms(ratio) == terms
    assert abs(Fraction(*terms) - Fraction(ratio)) < RATIO_TOLERANCE
