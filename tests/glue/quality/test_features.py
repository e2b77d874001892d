"""What the features of a row are computed from, and which published rows those of a new row need."""

from datetime import date
from itertools import pairwise
from math import log, pi, sqrt
from statistics import fmean

import pytest
from pyspark.sql import SparkSession

from glue.quality.features import context_start, with_row_features, with_ticker_features
from lake import calendar
from lake.snapshot import TickerManifest
from tests.glue.bars import published_frame, published_row

SEEN = "2026-01-20T22:30:05.000000Z"


def entry(first: str, last: str, *missing: date) -> TickerManifest:
    return TickerManifest(date.fromisoformat(first), date.fromisoformat(last), 0, SEEN, SEEN, None, missing)


def test_context_is_the_trailing_sessions_and_the_close_before_them() -> None:
    """Of a row on 20 January 2026: eleven sessions of that year, and fifty of the year before."""
    first = date(2026, 1, 20)
    held = calendar.sessions(date(2025, 1, 1), date(2026, 1, 16))
    assert held[-11] == date(2026, 1, 2)
    assert context_start(entry("2010-01-04", "2026-01-20"), first) == held[-61]
    assert context_start(entry("2010-01-04", "2026-01-20", held[-3]), first) == held[-62]
    assert context_start(entry("2025-12-30", "2026-01-20"), first) == date(2025, 12, 30)
    assert context_start(entry("2010-01-04", "2024-12-31"), first) == date.max
    assert context_start(None, first) == date.max


def test_means_are_over_the_sixty_sessions_before(spark: SparkSession) -> None:
    """Of 70 sessions, none of which has the close or the volume of another: one session more or less shows."""
    days = calendar.sessions(date(2026, 1, 5), date(2026, 6, 1))[:70]
    closes = [100 + place**1.5 for place in range(70)]
    volumes = [1_000_000 + 30_000 * place**2 for place in range(70)]
    rows = [
        published_row("AAPL", day.isoformat(), close, volume=float(volume), raw_volume=volume)
        for day, close, volume in zip(days, closes, volumes, strict=True)
    ]
    table = with_ticker_features(with_row_features(published_frame(spark, rows)))
    found = {row["date"]: row for row in table.select("date", "sigma", "volume_ratio", "volume_sigma").collect()}

    moves = [log(after / before) for before, after in pairwise(closes)]
    steps = [abs(log(after / before)) for before, after in pairwise(volumes)]
    last = found[days[69]]  # the sessions 9 to 68 are before it, and the moves into them
    assert last["sigma"] == pytest.approx(sqrt(fmean(move**2 for move in moves[8:68])), rel=1e-9)
    assert last["volume_ratio"] == pytest.approx(volumes[69] / fmean(volumes[9:69]), rel=1e-9)
    assert last["volume_sigma"] == pytest.approx(fmean(steps[8:68]) * sqrt(pi) / 2, rel=1e-9)
    assert found[days[19]]["volume_ratio"] is None  # after nineteen sessions
    assert found[days[20]]["volume_ratio"] == pytest.approx(volumes[20] / fmean(volumes[:20]), rel=1e-9)
    assert found[days[20]]["sigma"] is None  # after nineteen moves
