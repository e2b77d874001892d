"""Weights as people write them, and the closes at which they are restored."""

from datetime import date

import pytest

from api.errors import BadParameterError
from api.resources.portfolio.request import Rebalance, parse_weights, rebalancing_days


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("NVDA:0.4,VOO:0.6", {"NVDA": 0.4, "VOO": 0.6}),
        ("nvda:40, voo:60", {"NVDA": 0.4, "VOO": 0.6}),
        ("NVDA:40%,VOO:60%", {"NVDA": 0.4, "VOO": 0.6}),
        ("{NVDA:1,VOO:0}", {"NVDA": 1.0, "VOO": 0.0}),
        ("equal:NVDA,VOO,META,AMZN", dict.fromkeys(["NVDA", "VOO", "META", "AMZN"], 0.25)),
        ("VOO:.3333333,QQQ:.3333333,SCHG:.3333333", dict.fromkeys(["VOO", "QQQ", "SCHG"], 1 / 3)),
    ],
)
def test_weights_are_fractions_or_percent(text: str, wanted: dict[str, float]) -> None:
    assert parse_weights(text) == pytest.approx(wanted)


def test_weights_sum_to_one_exactly() -> None:
    assert sum(parse_weights("VOO:33.33333,QQQ:33.33333,SCHG:33.33334").values()) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NVDA:0.5,VOO:0.6", "sums to 1.1"),
        ("NVDA:60,VOO:60", "sums to 120"),
        ("NVDA:0.5,VOO:0.49999", "sums to 0.99999"),
        ("NVDA:0.5,NVDA:0.5", "names NVDA twice"),
        ("NVDA:-0.5,VOO:1.5", "'NVDA:-0.5' is short"),
        ("NVDA,VOO", "'NVDA' has no weight"),
        ("NVDA:x,VOO:1", "'x' is not a weight"),
        ("NVDA:nan,VOO:1", "'nan' is not a weight"),
        ("NVDA:0x1", "'0x1' is not a weight"),
        ("", "names no holding"),
        ("equal:", "no ticker is given"),
        ("equal:" + ",".join(f"T{number}" for number in range(51)), "at most 50"),
        ("N VDA:1", "not a ticker"),
    ],
)
def test_other_weights_are_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(BadParameterError) as refusal:
        parse_weights(text)
    assert refusal.value.parameter == "weights"
    assert said in str(refusal.value)


DAYS = [
    date(2024, 12, 27),
    date(2024, 12, 30),
    date(2024, 12, 31),
    date(2025, 1, 2),
    date(2025, 1, 31),
    date(2025, 2, 3),
]


@pytest.mark.parametrize(
    ("rebalance", "restored"),
    [
        ("none", []),
        ("daily", [1, 2, 3, 4]),
        ("weekly", [3, 4]),  # 30 and 31 December and 2 January are in one ISO week
        ("monthly", [2, 4]),
        ("quarterly", [2]),
        ("yearly", [2]),
    ],
)
def test_weights_are_restored_at_the_last_close_of_a_period(rebalance: Rebalance, restored: list[int]) -> None:
    assert [place for place, is_one in enumerate(rebalancing_days(DAYS, rebalance)) if is_one] == restored
