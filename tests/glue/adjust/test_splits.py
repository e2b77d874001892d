"""The split rule: its Python predicates against their SQL text in Spark, and the terms of a ratio."""

import random
from fractions import Fraction

import pytest
from pyspark.sql import SparkSession

from glue.spark import literal_frame
from lake.splits import (
    POSSIBLE_RATIOS,
    RATIO_TOLERANCE,
    STEP_TOLERANCE,
    STOCK_DIVIDENDS,
    is_share_split,
    is_share_split_sql,
    may_be_a_split,
    may_be_a_split_sql,
    split_terms,
    steps_like_a_split,
    steps_like_a_split_sql,
)

# Reverse splits of any ratio; n:1, n:2, n:3, 5:4 and stock dividends; spin-offs with whole numbers near their ratio
# (54:43, 49:39, 25:24), of 2021 IBM's Kyndryl and of 2013 Abbott's AbbVie; and both sides of the tolerance.
KNOWN = {
    0.031: True,
    0.008: True,
    0.01: True,
    0.0333: True,
    0.95: True,
    2.0: True,
    1.5: True,
    2.5: True,
    1.3333: True,
    2.6667: True,
    50.0: True,
    100.0: True,
    1.01: True,
    1.02: True,
    1.03: True,
    1.04: True,
    1.05: True,
    1.1: True,
    1.15: True,
    1.2: True,
    1.25: True,
    1.2502: False,
    1.2558: False,
    1.2564: False,
    1.0417: False,
    1.046: False,
    1.06: False,
    1.75: False,
    1.998: False,
    2.0899: False,
}


def ratios() -> list[float]:
    """Every ratio of small whole numbers, the same just within and just outside of the tolerance, and random ones."""
    exact = {new / old for new in range(1, 52) for old in range(1, 52)} | {1 + share for share in STOCK_DIVIDENDS}
    near = {ratio + off * RATIO_TOLERANCE for ratio in exact for off in (-1.01, -0.99, 0.99, 1.01)}
    draws = random.Random(5)
    return sorted({*KNOWN, *exact, *(r for r in near if r > 0), *(draws.uniform(0.01, 60) for _ in range(2000))})


def test_known_ratios() -> None:
    assert {ratio: is_share_split(ratio) for ratio in KNOWN} == KNOWN


def test_python_and_sql_agree_on_every_ratio(spark: SparkSession) -> None:
    frame = literal_frame([{"ratio": ratio} for ratio in ratios()], "ratio double")
    found = {
        row["ratio"]: row["is_split"]
        for row in frame.selectExpr("ratio", f"{is_share_split_sql('ratio')} as is_split").collect()
    }
    assert {ratio for ratio, says in found.items() if says != is_share_split(ratio)} == set()
    assert {True, False} == set(found.values())


def test_python_and_sql_agree_on_every_step(spark: SparkSession) -> None:
    """Steps by each common ratio, up and down, and to both sides of the tolerance."""
    factors = [ratio**way * 2.718281828**off for ratio in POSSIBLE_RATIOS for way in (1, -1) for off in _offsets()]
    pairs = [
        {"before": 100.0, "open": 100.0 * one, "close": 100.0 * other}
        for one, other in zip(factors, reversed(factors), strict=True)
    ]
    frame = literal_frame(pairs, "before double, open double, close double")
    for in_sql, in_python in ((steps_like_a_split_sql, steps_like_a_split), (may_be_a_split_sql, may_be_a_split)):
        condition = in_sql("before", "open", "close")
        rows = frame.selectExpr("before", "open", "close", f"{condition} as steps").collect()
        assert [row for row in rows if row["steps"] != in_python(row["before"], row["open"], row["close"])] == []
        assert {True, False} == {row["steps"] for row in rows}


def _offsets() -> list[float]:
    return [0.0, *(sign * STEP_TOLERANCE * by for sign in (1, -1) for by in (0.98, 1.02))]


@pytest.mark.parametrize(
    ("ratio", "terms"),
    [
        (10.0, (10, 1)),
        (100.0, (100, 1)),
        (1.5, (3, 2)),
        (1.25, (5, 4)),
        (1.05, (21, 20)),
        (1.3333, (4, 3)),
        (0.05, (1, 20)),
        (0.0333, (1, 30)),
        (0.031, (31, 1000)),
        (0.008, (1, 125)),
    ],
)
def test_the_terms_of_a_split(ratio: float, terms: tuple[int, int]) -> None:
    assert split_terms(ratio) == terms
    assert abs(Fraction(*terms) - Fraction(ratio)) < RATIO_TOLERANCE
