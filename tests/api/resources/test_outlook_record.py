"""`/outlook/record`: committed forecasts against what came, and what is claimed of them."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.resources.outlook.committed import Committed
from api.resources.outlook.record import describe_record, record_bins, record_summaries
from api.resources.outlook.schemas import RecordRow, RecordSummary
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake import calendar
from lake.layout import forecast
from lake.storage import FolderStorage
from tests.api.resources.questions.figures import figures
from tests.support.client import Client

SEEDS = {"QQQ": 1, "VOO": 2, "SCHG": 3}
CLOSES = {ticker: [bar.close for bar in walk(seed, SESSIONS, 50)] for ticker, seed in SEEDS.items()}
# Places of sessions, and the probability of QQQ over VOO then: the second one's horizon overlaps the first one's.
MADE = {100: 0.6, 110: 0.9, 121: 0.3, 142: 0.8, 290: 0.5}


def line(place: int, chance: float, made: str | None = None, horizon: int = 21, a: str = "QQQ") -> dict[str, Any]:
    """A forecast as it was committed in the evening of a session."""
    day = SESSIONS[place]
    return {
        "made": made or f"{day}T23:30:00Z",
        "as_of": str(day),
        "horizon": horizon,
        "baskets": {"a": [a], "b": ["VOO"]},
        "probability": chance,
        "snapshot": f"{day:%Y%m%d}T233000Z",
        "window_months": 6,
        "tau": 0.1,
        "of a later release": True,
    }


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    root = tmp_path_factory.mktemp("record")
    store = DuckDBStore(
        publish(root, {ticker: History(walk(seed, SESSIONS, 50)) for ticker, seed in SEEDS.items()}, origin="live")
    )
    storage = FolderStorage(root)
    for place, chance in MADE.items():
        lines = [json.dumps(line(place, chance))]
        if place == 290:
            lines.append(json.dumps(line(place, 0.55, horizon=63)))
        storage.write_if(forecast(SESSIONS[place], "QQQ_VOO"), "\n".join(lines).encode(), None)
    # Made long afterwards, from an old lake: 1 for what had already come.
    storage.write_if(
        forecast(SESSIONS[100], "SCHG_VOO"), json.dumps(line(100, 1.0, f"{LAST}T23:30:00Z", a="SCHG")).encode(), None
    )
    storage.write_if(forecast(SESSIONS[120], "broken"), b'{"probability": 2}', None)
    yield Client.of(store)
    store.close()


def spread(ticker: str, place: int) -> float:
    """From the close of a session to that of the 21st after it; these tickers pay no dividends."""
    mine, theirs = (CLOSES[name][place + 21] / CLOSES[name][place] for name in (ticker, "VOO"))
    return mine / theirs - 1


def test_each_forecast_and_what_came_of_it(record: Client) -> None:
    body = record.json("/outlook/record")
    rows = [row for row in body["rows"] if row["a"] == "QQQ"]
    assert [(row["time"][:10], row["horizon_sessions"]) for row in rows] == [
        *((str(SESSIONS[place]), 21) for place in MADE),
        (str(SESSIONS[290]), 63),
    ]
    assert [row["status"] for row in rows] == ["scored", "overlapping", "scored", "scored", "pending", "pending"]
    for row, (place, chance) in zip(rows[:4], MADE.items(), strict=False):
        assert row["p_a_beats_b"] == chance
        assert row["spread"] == pytest.approx(spread("QQQ", place))
        assert row["outcome"] == float(spread("QQQ", place) > 0)
        assert row["ends"] == str(SESSIONS[place + 21])
    assert (rows[4]["outcome"], rows[4]["spread"], rows[4]["ends"]) == (
        None,
        None,
        str(calendar.sessions(LAST, date(2026, 12, 31))[12]),
    )
    assert rows[0]["made"] == f"{SESSIONS[100]}T23:30:00Z"
    assert body["warnings"] == [f"forecasts/dt={SESSIONS[120]}/broken.json is damaged, so its forecasts are left out"]


def test_scores_are_of_the_forecasts_that_do_not_overlap(record: Client) -> None:
    body = record.json("/outlook/record")
    said = np.array([MADE[place] for place in (100, 121, 142)])
    came = np.array([float(spread("QQQ", place) > 0) for place in (100, 121, 142)])
    ahead = [one for one in body["summary"] if one["timing"] == "ahead"]
    assert [(one["method"], one["horizon_sessions"], one["days"], one["forecasts"]) for one in ahead] == [
        (method, 21, 3, 3) for method in ("outlook", "coin", "base_rate")
    ]
    own, coin, rate = ahead
    assert own["brier"] == pytest.approx(np.mean((said - came) ** 2))
    assert (coin["brier"], coin["less_coin"]) == (0.25, 0)
    assert rate["brier"] == pytest.approx(came.mean() * (1 - came.mean()))
    errors = (said - came) ** 2 - 0.25
    assert own["less_coin_standard_error"] == pytest.approx(np.std(errors, ddof=1) / np.sqrt(3))
    assert "with fewer than 30 periods no skill can be claimed" in body["claim"]


def test_what_was_made_afterwards_is_scored_apart(record: Client) -> None:
    body = record.json("/outlook/record")
    (late,) = [one for one in body["summary"] if one["timing"] == "afterwards" and one["method"] == "outlook"]
    assert (late["forecasts"], late["less_coin_standard_error"]) == (1, None)
    assert late["brier"] == pytest.approx(float(spread("SCHG", 100) < 0))
    assert body["claim"].endswith(
        "1 forecast was made after the next session had closed: scored apart, because such forecasts prove nothing."
    )


def test_a_forecast_is_in_the_record_at_once(tmp_path: Path) -> None:
    """No cache keeps the answer of a snapshot: its forecasts are committed after it is published."""
    store = DuckDBStore(
        publish(tmp_path, {"QQQ": History(walk(1, SESSIONS, 50)), "VOO": History(walk(2, SESSIONS, 50))}, origin="live")
    )
    client = Client.of(store)
    before = client.json("/outlook/record")
    assert before["claim"].startswith("No forecast has been committed yet.")
    FolderStorage(tmp_path).write_if(forecast(LAST, "QQQ_VOO"), json.dumps(line(299, 0.5)).encode(), None)
    body = client.json("/outlook/record")
    store.close()
    assert [row["status"] for row in body["rows"]] == ["pending"]
    due = calendar.sessions(LAST, date(2027, 1, 31))[21]
    assert body["claim"] == (
        f"No forecast made ahead of time is due yet (1 forecast committed; the first is due on {due.day} December "
        "2026), so no skill can be claimed."
    )


def test_without_a_close_at_its_end_a_forecast_is_not_scored(tmp_path: Path) -> None:
    days = [day for place, day in enumerate(SESSIONS) if place != 121]
    market = {"QQQ": History(walk(1, days, 50)), "VOO": History(walk(2, SESSIONS, 50))}
    store = DuckDBStore(publish(tmp_path, market, origin="live"))
    FolderStorage(tmp_path).write_if(forecast(SESSIONS[100], "QQQ_VOO"), json.dumps(line(100, 0.5)).encode(), None)
    body = Client.of(store).json("/outlook/record")
    store.close()
    assert [(row["status"], row["outcome"]) for row in body["rows"]] == [("unknown", None)]


@pytest.mark.parametrize(
    ("made", "ahead"),
    [
        ("2026-11-20T20:59:00Z", True),  # before the bell: the close was not known yet, only that of the day before
        ("2026-11-21T02:00:00Z", True),
        ("2026-11-23T20:59:00Z", True),  # Monday, one minute before the bell
        ("2026-11-23T21:00:00Z", False),
        ("2027-11-23T21:00:00Z", False),
        ("2090-01-01T00:00:00Z", False),  # after the calendar's end
    ],
)
def test_ahead_is_before_the_next_session_has_closed(made: str, ahead: bool) -> None:
    assert Committed.model_validate(line(299, 0.5, made)).ahead is ahead


def scored(day: str, chance: float, outcome: float) -> RecordRow:
    return figures(
        RecordRow,
        time=f"{day}T00:00:00Z",
        timing="ahead",
        status="scored",
        horizon_sessions=21,
        p_a_beats_b=chance,
        outcome=outcome,
    )


# By hand. Errors of the first day 0.16 and 0.09, of the second 0.64 and 0.25: daily means 0.125 and 0.445.
BY_HAND = [
    scored("2026-01-02", 0.6, 1),
    scored("2026-01-02", 0.3, 0),
    scored("2026-02-03", 0.8, 0),
    scored("2026-02-03", 0.5, 1),
]


def test_scores_by_hand() -> None:
    own, coin, rate = record_summaries(BY_HAND)
    assert (own.brier, coin.brier, rate.brier) == pytest.approx((0.285, 0.25, 0.25))
    # The differences of the days to a coin are −0.125 and 0.195: their deviation is 0.32 ÷ √2, its error 0.16.
    assert (own.less_coin, own.less_coin_standard_error) == pytest.approx((0.035, 0.16))
    assert (own.forecasts, own.days) == (4, 2)


def test_reliability_by_hand() -> None:
    found = [(one.low, one.forecasts, one.mean_forecast, one.share_a_won) for one in record_bins(BY_HAND)]
    assert found == [(0.3, 1, 0.3, 0), (0.5, 1, 0.5, 1), (0.6, 1, 0.6, 1), (0.8, 1, 0.8, 0)]


@pytest.mark.parametrize(
    ("days", "less_coin", "less_rate", "words"),
    [
        (29, -0.1, -0.1, "with fewer than 30 periods no skill can be claimed."),
        (30, -0.1, -0.1, "better than both by more than two standard errors."),
        (30, -0.1, -0.01, "not better than both by more than two standard errors, so no skill can be claimed."),
        (30, 0.1, 0.1, "not better than both by more than two standard errors, so no skill can be claimed."),
    ],
)
def test_skill_is_claimed_only_beyond_two_standard_errors_of_both(
    days: int, less_coin: float, less_rate: float, words: str
) -> None:
    one = figures(
        RecordSummary,
        method="outlook",
        timing="ahead",
        horizon_sessions=63,
        days=days,
        brier=0.25 + less_coin,
        less_coin=less_coin,
        less_coin_standard_error=0.02,
        less_base_rate=less_rate,
        less_base_rate_standard_error=0.02,
    )
    assert describe_record(BY_HAND, [one], simulated=False).endswith(words)
