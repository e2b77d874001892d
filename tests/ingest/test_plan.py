from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ingest.plan import EVENTS_AGE, Plan, PlannedRequest, plan, plan_history
from ingest.vendor_plan import FREE, PREMIUM, RECORDED, SIMULATED, VendorPlan
from lake.calendar import NEW_YORK, evening_of, sessions_back
from lake.snapshot import TickerManifest
from lake.universe import universe
from tests.ingest.fakes import FRIDAY, held

NOW = evening_of(FRIDAY)
SATURDAY = NOW + timedelta(days=1)
LAST = sessions_back(FRIDAY, 200)


def entry(last: date = FRIDAY, fetched: datetime = NOW, seen: datetime = NOW, **fields: object) -> TickerManifest:
    base = TickerManifest(LAST[0], last, 200, fetched.isoformat(), seen.isoformat(), seen.isoformat())
    return replace(base, **fields)  # type: ignore[arg-type]  # the fields of one test


def of(ticker: TickerManifest, vendor: VendorPlan = FREE, now: datetime = NOW) -> Plan:
    return plan(held({"VOO": ticker}), ["VOO"], now, vendor)


def bars(ticker: TickerManifest, vendor: VendorPlan = FREE, now: datetime = NOW) -> PlannedRequest:
    (request,) = [r for r in of(ticker, vendor, now).requests if r.function == "TIME_SERIES_DAILY"]
    return request


def test_an_empty_lake_asks_for_everything_bars_first() -> None:
    asked = plan(None, ["VOO", "QQQ"], NOW, PREMIUM)
    assert [str(request) for request in asked.requests] == [
        "TIME_SERIES_DAILY of VOO",
        "TIME_SERIES_DAILY of QQQ",
        "SPLITS of VOO",
        "SPLITS of QQQ",
        "DIVIDENDS of VOO",
        "DIVIDENDS of QQQ",
    ]
    assert {request.wanted for request in asked.requests} == {None}


@pytest.mark.parametrize(
    ("vendor", "size"), [(FREE, "compact"), (RECORDED, "compact"), (PREMIUM, "full"), (SIMULATED, "full")]
)
def test_a_first_fetch_is_as_deep_as_the_plan_allows(vendor: VendorPlan, size: str) -> None:
    assert plan(None, ["VOO"], NOW, vendor).requests[0].outputsize == size
    assert plan_history(["VOO"], vendor).requests[0].outputsize == size


def test_a_daily_limit_cuts_off_the_end_and_names_what_is_left() -> None:
    asked = plan(None, tuple(universe()), NOW, FREE)
    assert len(asked.requests) == 25
    assert [request.function for request in asked.left] == ["DIVIDENDS"] * 5
    assert len(plan_history(tuple(universe()), FREE).left) == 5
    assert plan_history(tuple(universe()), PREMIUM).left == ()


@pytest.mark.parametrize("vendor", [FREE, PREMIUM, SIMULATED, RECORDED])
def test_a_second_run_on_the_same_evening_asks_for_nothing(vendor: VendorPlan) -> None:
    assert of(entry(missing=(LAST[-3],), refused=(LAST[-9],)), vendor).requests == ()


def test_new_sessions_are_asked_for() -> None:
    request = bars(entry(last=LAST[-4]))
    assert request.wanted == frozenset({LAST[-3], LAST[-2], LAST[-1]})
    assert request.outputsize == "compact"
    assert request.why == f"missing 3 sessions, {LAST[-3]} to {LAST[-1]}"


def test_a_session_that_is_still_open_is_not_missing() -> None:
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
    assert of(entry(last=LAST[-2], fetched=noon), now=noon).requests == ()


def test_holes_and_refused_bars_are_asked_for_again_on_another_day() -> None:
    request = bars(entry(missing=(LAST[-30],), refused=(LAST[-20],), fetched=NOW - timedelta(days=1)))
    assert request.wanted == frozenset({LAST[-30], LAST[-20]})
    assert request.why == f"missing 1 session, {LAST[-30]}; refused 1 session, {LAST[-20]}"


def test_a_session_missing_after_the_last_is_asked_for_at_once() -> None:
    assert bars(entry(last=LAST[-2])).wanted == frozenset({FRIDAY})


def test_a_volume_of_the_same_day_is_asked_for_again_later() -> None:
    request = bars(entry(), now=SATURDAY)
    assert request.wanted == frozenset({FRIDAY})
    assert request.why == f"the volume of {FRIDAY} was provisional"
    assert of(entry(fetched=SATURDAY), now=SATURDAY).requests == ()


def test_a_gap_beyond_the_compact_answer_is_told() -> None:
    request = bars(entry(last=LAST[49]))
    assert request.wanted == frozenset(LAST[100:])
    assert request.outputsize == "compact"
    assert f"only an import can fill 50 sessions, {LAST[50]} to {LAST[99]}" in request.why


def test_holes_that_the_plan_cannot_reach_cost_no_request() -> None:
    assert of(entry(missing=(LAST[3],), fetched=NOW - timedelta(days=1))).requests == ()


def test_a_full_history_fills_old_gaps_and_is_asked_only_for_them() -> None:
    yesterday = NOW - timedelta(days=1)
    assert bars(entry(missing=(LAST[3],), fetched=yesterday), PREMIUM).outputsize == "full"
    assert bars(entry(missing=(LAST[-3],), fetched=yesterday), PREMIUM).outputsize == "compact"


def functions(asked: Plan) -> list[str]:
    return [request.function for request in asked.requests]


def test_unknown_events_come_first_then_those_seen_longest_ago() -> None:
    week, month = entry(seen=NOW - EVENTS_AGE), entry(seen=NOW - timedelta(days=30))
    tickers = {"AAPL": entry(), "MSFT": week, "NVDA": month, "META": entry(dividends_seen=None)}
    asked = plan(held(tickers), list(tickers), NOW, FREE)
    assert [str(request) for request in asked.requests] == [
        "SPLITS of NVDA",
        "SPLITS of MSFT",
        "DIVIDENDS of META",
        "DIVIDENDS of NVDA",
        "DIVIDENDS of MSFT",
    ]


def test_events_come_with_new_bars_only_where_requests_are_free() -> None:
    stale = entry(last=LAST[-2])
    assert functions(of(stale, PREMIUM)) == ["TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS"]
    assert functions(of(stale, FREE)) == ["TIME_SERIES_DAILY"]


def test_a_refused_bar_may_be_an_unknown_split() -> None:
    assert functions(of(entry(last=LAST[-2], refused=(LAST[-5],)), FREE)) == ["TIME_SERIES_DAILY", "SPLITS"]


def test_a_recorded_feed_that_is_older_than_its_fetch_asks_for_nothing_again() -> None:
    fetched = NOW + timedelta(days=300)
    assert of(entry(fetched=fetched, seen=fetched), RECORDED).requests == ()
