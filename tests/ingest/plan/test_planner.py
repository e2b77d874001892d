from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from ingest.alpha_vantage.plans import FREE, PREMIUM, RECORDED, SIMULATED, VendorPlan
from ingest.alpha_vantage.protocol import COMPACT_SESSIONS
from ingest.plan.known import DeliveredTicker
from ingest.plan.news import NEWS_SESSIONS
from ingest.plan.planner import plan
from ingest.plan.requests import Plan, PlannedRequest, SessionRange, Task
from lake import calendar
from lake.calendar import NEW_YORK, evening_of, sessions, sessions_back
from lake.errors import CalendarError
from lake.snapshot import TickerManifest
from lake.universe import Instrument, universe
from tests.ingest.fakes import FRIDAY, manifest_of

NOW = evening_of(FRIDAY)
SATURDAY = NOW + timedelta(days=1)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=NEW_YORK)
LAST = sessions_back(FRIDAY, 200)


def entry(last: date = FRIDAY, fetched: datetime = NOW, seen: datetime = NOW, **fields: object) -> TickerManifest:
    base = TickerManifest(LAST[0], last, 200, fetched.isoformat(), seen.isoformat(), seen.isoformat())
    return replace(base, **fields)  # type: ignore[arg-type]  # the fields of one test


def some(*tickers: str) -> dict[str, Instrument]:
    return {ticker: universe()[ticker] for ticker in tickers}


def of(ticker: TickerManifest, vendor: VendorPlan = FREE, now: datetime = NOW) -> Plan:
    return plan(manifest_of({"VOO": ticker}), some("VOO"), now, vendor)


def bars_of(ticker: TickerManifest, vendor: VendorPlan = FREE, now: datetime = NOW) -> list[PlannedRequest]:
    return [request for request in of(ticker, vendor, now).requests if request.function == "TIME_SERIES_DAILY"]


def bars(ticker: TickerManifest, vendor: VendorPlan = FREE, now: datetime = NOW) -> PlannedRequest:
    (request,) = bars_of(ticker, vendor, now)
    return request


def test_an_empty_lake_needs_everything_bars_first() -> None:
    planned = plan(None, some("VOO", "QQQ"), NOW, PREMIUM)
    assert [str(request) for request in planned.requests] == [
        "TIME_SERIES_DAILY of VOO",
        "TIME_SERIES_DAILY of QQQ",
        "SPLITS of VOO",
        "SPLITS of QQQ",
        "DIVIDENDS of VOO",
        "DIVIDENDS of QQQ",
    ]
    assert {request.wanted for request in planned.requests} == {None}


@pytest.mark.parametrize(
    ("vendor", "size"), [(FREE, "compact"), (RECORDED, "compact"), (PREMIUM, "full"), (SIMULATED, "full")]
)
def test_a_first_fetch_is_as_deep_as_the_plan_allows(vendor: VendorPlan, size: str) -> None:
    for task in ("daily", "bars", "history"):
        assert plan(None, some("VOO"), NOW, vendor, task=task).requests[0].outputsize == size


def test_a_free_keys_first_day_is_bars_then_splits_then_dividends() -> None:
    planned = plan(None, universe(), NOW, FREE)
    assert functions(planned) == ["TIME_SERIES_DAILY"] * 10 + ["SPLITS"] * 10 + ["DIVIDENDS"] * 5
    assert [request.function for request in planned.deferred] == ["DIVIDENDS"] * 5 + ["NEWS_SENTIMENT"] * 7


@pytest.mark.parametrize("task", ["daily", "history", "bars", "events"])
def test_the_plan_keeps_to_what_is_left_of_the_days_budget(task: Task) -> None:
    whole = plan(None, universe(), NOW, PREMIUM, task=task)
    for spent in (0, 7, 25, 30):
        cut = plan(None, universe(), NOW, FREE, task=task, spent=spent)
        assert len(cut.requests) == min(len(whole.requests), max(0, 25 - spent))
        assert [str(one) for one in (*cut.requests, *cut.deferred)] == [str(one) for one in whole.requests]


def test_bars_and_events_together_are_daily_and_share_no_request() -> None:
    entries = {
        "VOO": entry(last=LAST[-2], refused=(LAST[-5],)),
        "QQQ": entry(seen=NOW - timedelta(days=9)),
        "AAPL": None,
    }
    manifest = manifest_of({ticker: one for ticker, one in entries.items() if one})
    whole, bars, events = (
        [str(one) for one in plan(manifest, some(*entries), NOW, PREMIUM, task=task).requests]
        for task in ("daily", "bars", "events")
    )
    assert bars == ["TIME_SERIES_DAILY of VOO", "TIME_SERIES_DAILY of AAPL", "SPLITS of VOO", "SPLITS of AAPL"]
    assert whole == bars + events
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("vendor", [FREE, PREMIUM, SIMULATED, RECORDED])
def test_a_second_run_on_the_same_evening_requests_nothing(vendor: VendorPlan) -> None:
    assert of(entry(missing=(LAST[-3],), refused=(LAST[-9],)), vendor).requests == ()


@pytest.mark.parametrize("vendor", [FREE, PREMIUM, SIMULATED, RECORDED])
def test_no_bars_are_planned_on_a_day_that_is_no_session(vendor: VendorPlan) -> None:
    """Neither for a provisional volume nor for a gap; Thanksgiving is not a session either."""
    thanksgiving = datetime(2026, 11, 26, 20, 0, tzinfo=NEW_YORK)
    wednesday = date(2026, 11, 25)
    gaps = entry(missing=(LAST[-3],), refused=(LAST[-9],))
    assert bars_of(gaps, vendor, SATURDAY) == []
    assert (
        bars_of(replace(gaps, last=wednesday, fetched_at=evening_of(wednesday).isoformat()), vendor, thanksgiving) == []
    )


def test_an_outage_is_made_up_for_on_any_day() -> None:
    assert bars(entry(last=LAST[-4]), now=SATURDAY).wanted == frozenset(LAST[-3:])


def test_new_sessions_are_requested() -> None:
    request = bars(entry(last=LAST[-4]))
    assert request.wanted == frozenset({LAST[-3], LAST[-2], LAST[-1]})
    assert request.outputsize == "compact"
    assert request.why == f"missing 3 sessions, {LAST[-3]} to {LAST[-1]}"


def test_a_session_that_is_still_open_is_not_missing() -> None:
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
    assert of(entry(last=LAST[-2], fetched=noon), now=noon).requests == ()


def test_gaps_and_refused_bars_are_requested_again_on_another_day() -> None:
    request = bars(entry(missing=(LAST[-30],), refused=(LAST[-20],), fetched=NOW - timedelta(days=1)))
    assert request.wanted == frozenset({LAST[-30], LAST[-20]})
    assert request.why == f"missing 1 session, {LAST[-30]}; refused 1 session, {LAST[-20]}"


def test_a_late_bar_of_a_recorded_feed_is_requested() -> None:
    """Its clock stands in the past, and the records of the day before were stamped by the real one."""
    request = bars(entry(missing=(LAST[-30],), fetched=NOW + timedelta(days=400)), RECORDED)
    assert request.wanted == frozenset({LAST[-30]})


def test_a_session_missing_after_the_last_is_requested_at_once() -> None:
    assert bars(entry(last=LAST[-2])).wanted == frozenset({FRIDAY})


def test_a_volume_fetched_on_its_own_day_is_requested_again_later() -> None:
    request = bars(entry(), now=MONDAY_NOON)
    assert request.wanted == frozenset({FRIDAY})
    assert request.why == f"the volume of {FRIDAY} was provisional"
    assert bars_of(entry(fetched=SATURDAY), now=MONDAY_NOON) == []


@pytest.mark.parametrize("vendor", [FREE, RECORDED])
def test_a_provisional_volume_beyond_the_compact_answer_is_not_requested(vendor: VendorPlan) -> None:
    """After an outage longer than a compact answer: a full one would be refused every day."""
    last = LAST[49]
    request = bars(entry(last=last, fetched=evening_of(last)), vendor, MONDAY_NOON)
    assert (request.outputsize, request.wanted) == ("compact", frozenset(LAST[100:]))


def test_an_outage_of_a_hundred_sessions_is_closed_by_one_request() -> None:
    planned = of(entry(last=LAST[-COMPACT_SESSIONS - 1]))
    assert planned.requests[0].wanted == frozenset(LAST[-COMPACT_SESSIONS:])
    assert planned.unreachable == ()


def test_a_gap_beyond_the_compact_answer_is_reported() -> None:
    planned = of(entry(last=LAST[49]))
    assert planned.requests[0].wanted == frozenset(LAST[100:])
    assert planned.requests[0].outputsize == "compact"
    assert planned.unreachable == (f"VOO: only an import can fill 50 sessions, {LAST[50]} to {LAST[99]}",)
    assert of(entry(last=LAST[49]), PREMIUM).unreachable == ()


def test_gaps_beyond_the_plan_are_reported_and_not_requested() -> None:
    planned = of(entry(missing=(LAST[3],), fetched=NOW - timedelta(days=1)))
    assert [request for request in planned.requests if request.function == "TIME_SERIES_DAILY"] == []
    assert planned.unreachable == (f"VOO: only an import can fill 1 session, {LAST[3]}",)


def test_a_full_history_is_requested_only_for_old_gaps() -> None:
    yesterday = NOW - timedelta(days=1)
    assert bars(entry(missing=(LAST[3],), fetched=yesterday), PREMIUM).outputsize == "full"
    assert bars(entry(missing=(LAST[-3],), fetched=yesterday), PREMIUM).outputsize == "compact"


def functions(planned: Plan) -> list[str]:
    return [request.function for request in planned.requests]


def test_unknown_events_come_first_then_those_seen_longest_ago() -> None:
    week, month = entry(seen=NOW - timedelta(days=7)), entry(seen=NOW - timedelta(days=30))
    tickers = {"VOO": entry(), "SCHG": week, "QQQ": month, "META": entry(dividends_seen=None)}
    planned = plan(manifest_of(tickers), some(*tickers), NOW, RECORDED)
    assert [str(request) for request in planned.requests] == [
        "DIVIDENDS of META",
        "SPLITS of QQQ",
        "DIVIDENDS of QQQ",
        "SPLITS of SCHG",
        "DIVIDENDS of SCHG",
    ]


def test_events_come_with_new_bars_only_where_requests_are_free() -> None:
    stale = entry(last=LAST[-2])
    assert functions(of(stale, PREMIUM)) == ["TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS"]
    assert functions(of(stale, FREE)) == ["TIME_SERIES_DAILY"]


def test_a_refused_bar_may_be_an_unknown_split() -> None:
    assert functions(of(entry(last=LAST[-2], refused=(LAST[-5],)), FREE)) == ["TIME_SERIES_DAILY", "SPLITS"]


def test_a_recorded_feed_older_than_its_fetch_is_not_requested_again() -> None:
    fetched = NOW + timedelta(days=300)
    assert of(entry(fetched=fetched, seen=fetched), RECORDED).requests == ()


def events_of(planned: Plan) -> list[tuple[str, str]]:
    return [(one.function, one.ticker) for one in planned.requests if one.function in {"SPLITS", "DIVIDENDS"}]


def test_in_rotation_every_ticker_is_seen_weekly_and_never_many_at_once() -> None:
    """Six weeks of evenings on a free key, from its first day: each evening's run is published before the next."""
    evenings = [evening_of(day) for day in sessions(date(2026, 1, 5), date(2026, 2, 13))]
    seen: dict[tuple[str, str], datetime] = {}
    manifest = None
    for place, now in enumerate(evenings):
        planned = plan(manifest, universe(), now, FREE)
        assert len(planned.requests) <= 25
        if place > 1:
            assert len(events_of(planned)) <= 8  # 4 in a whole week; what a holiday left over comes after it
            assert len([one for one in planned.requests if one.function == "NEWS_SENTIMENT"]) >= 7
        seen |= dict.fromkeys(events_of(planned), now)
        if place > 0:
            assert len(seen) == 20
            assert max(now - moment for moment in seen.values()) <= timedelta(days=7)
        manifest = manifest_of({ticker: _seen_entry(ticker, now, seen) for ticker in universe()})
        again = plan(manifest, universe(), now + timedelta(minutes=30), FREE)
        assert len(events_of(again)) == 20 - len(seen)


def _seen_entry(ticker: str, now: datetime, seen: dict[tuple[str, str], datetime]) -> TickerManifest:
    paid = seen.get(("DIVIDENDS", ticker))
    known = seen["SPLITS", ticker].isoformat()
    return TickerManifest(LAST[0], now.date(), 9, now.isoformat(), known, paid.isoformat() if paid else None)


HORIZON = sessions_back(FRIDAY, NEWS_SESSIONS)


def news_of(covered: dict[str, SessionRange], vendor: VendorPlan = FREE, **fields: object) -> list[PlannedRequest]:
    found = plan(manifest_of({"AAPL": entry(**fields)}), some("AAPL", "VOO"), NOW, vendor, news=covered)  # type: ignore[arg-type]
    return [request for request in found.requests if request.function == "NEWS_SENTIMENT"]


def test_the_first_news_request_covers_a_year_newest_articles_first() -> None:
    (request,) = news_of({})
    assert (request.ticker, request.order, request.wanted) == ("AAPL", "LATEST", frozenset(HORIZON))


def test_news_of_newer_sessions_comes_before_older_ones() -> None:
    newer, older = news_of({"AAPL": SessionRange(LAST[-40], LAST[-3])})
    assert (newer.order, newer.wanted) == ("EARLIEST", frozenset(LAST[-3:]))
    assert (older.order, older.wanted) == ("LATEST", frozenset(HORIZON[:-40]))


def test_covered_news_is_not_requested_again() -> None:
    assert news_of({"AAPL": SessionRange(HORIZON[0], FRIDAY)}) == []


def test_news_that_the_lake_lost_is_requested_again_with_the_next_session() -> None:
    seen = evening_of(LAST[-20]).isoformat()
    (newer,) = news_of({"AAPL": SessionRange(HORIZON[0], LAST[-2])}, sentiment_seen=seen)
    assert newer.wanted == frozenset(LAST[-20:])


def test_no_news_is_requested_from_a_feed_without_any() -> None:
    assert news_of({}, RECORDED) == []


def test_a_request_for_news_runs_from_the_close_before_to_the_close() -> None:
    (newer, _) = news_of({"AAPL": SessionRange(LAST[-40], LAST[-2])})
    assert newer.options() == {
        "time_from": "20261118T2100",  # 16:00 in New York on Wednesday
        "time_to": "20261120T2100",
        "sort": "EARLIEST",
        "limit": "1000",
    }


def names(planned: Plan) -> list[str]:
    return [str(request) for request in planned.requests]


WHOLE = dict.fromkeys(LAST[-100:], NOW.isoformat())


def with_delivered(
    published: dict[str, TickerManifest] | None,
    delivered: dict[str, DeliveredTicker],
    vendor: VendorPlan = FREE,
    now: datetime = NOW,
    task: Task = "daily",
) -> Plan:
    manifest = manifest_of(published) if published is not None else None
    return plan(manifest, some("VOO", "QQQ"), now, vendor, task=task, delivered=delivered)


def test_what_is_delivered_and_not_published_is_not_requested_again() -> None:
    """A first run on a free key that was killed after the bars of both and the splits of one."""
    seen = NOW.isoformat()
    planned = with_delivered(None, {"VOO": DeliveredTicker(WHOLE, splits=seen), "QQQ": DeliveredTicker(WHOLE)})
    assert names(planned) == ["SPLITS of QQQ", "DIVIDENDS of VOO", "DIVIDENDS of QQQ"]
    assert planned.waiting == (
        "3 answers of earlier runs in raw/ not published yet, and not requested again: "
        "bars of 2 tickers, splits of 1 ticker"
    )
    everything = DeliveredTicker(WHOLE, splits=seen, dividends=seen)
    assert names(with_delivered(None, {"VOO": everything, "QQQ": everything})) == []


def test_a_delivered_evening_is_not_requested_again_and_the_next_one_is() -> None:
    published = {"VOO": entry(last=LAST[-2], fetched=NOW - timedelta(days=1)), "QQQ": entry()}
    delivered = {"VOO": DeliveredTicker(dict.fromkeys(LAST[-6:], NOW.isoformat()))}
    assert names(with_delivered(published, delivered)) == []
    monday = date(2026, 11, 23)
    later = with_delivered(published, delivered, now=evening_of(monday))
    wanted = [request.wanted for request in later.requests if request.function == "TIME_SERIES_DAILY"]
    assert wanted == [frozenset({FRIDAY, monday})] * 2  # Friday's volume was provisional


def test_delivered_sessions_fill_gaps_and_leave_the_others() -> None:
    yesterday = NOW - timedelta(days=1)
    gaps = {"VOO": entry(missing=(LAST[-30], LAST[-20]), fetched=yesterday), "QQQ": entry()}
    one = {"VOO": DeliveredTicker({LAST[-30]: yesterday.isoformat()})}
    (request,) = with_delivered(gaps, one).requests
    assert request.wanted == frozenset({LAST[-20]})
    holes = DeliveredTicker({day: yesterday.isoformat() for day in LAST[-100:] if day != LAST[-50]})
    request = with_delivered({"QQQ": entry()}, {"VOO": holes}).requests[0]
    assert (request.ticker, request.wanted) == ("VOO", frozenset({LAST[-50]}))


@pytest.mark.parametrize(("vendor", "sessions"), [(FREE, 100), (PREMIUM, 200)])
def test_a_killed_history_goes_on_where_it_was(vendor: VendorPlan, sessions: int) -> None:
    seen = NOW.isoformat()
    whole = DeliveredTicker(dict.fromkeys(LAST[-sessions:], seen), splits=seen)
    delivered = {"VOO": whole, "QQQ": DeliveredTicker(dict.fromkeys(LAST[-6:], seen))}
    published = {"VOO": entry(), "QQQ": entry()}
    left = names(with_delivered(published, delivered, vendor, task="history"))
    assert left == ["TIME_SERIES_DAILY of QQQ", "SPLITS of QQQ", "DIVIDENDS of VOO", "DIVIDENDS of QQQ"]
    again = with_delivered(published, delivered, vendor, NOW + timedelta(days=1), "history")
    assert len(again.requests) == 6


@pytest.mark.parametrize("rule", ["unexplained_jump", "absurd_price", "wrong_split", "withdrawn_split"])
def test_a_ticker_that_waits_for_its_splits_gets_them_in_the_next_run_and_once(rule: str) -> None:
    """On a Saturday too, when no bar is due; before anything that can wait, and within the budget."""
    published = {"VOO": entry(refused=(FRIDAY,)), "QQQ": entry(seen=NOW - timedelta(days=30))}
    manifest = replace(
        manifest_of(published),
        snapshot="20261121T020000Z",
        held=({"kind": "bar", "ticker": "VOO", "date": str(FRIDAY), "rule": rule},),
    )

    def made(delivered: dict[str, DeliveredTicker], spent: int = 0) -> Plan:
        return plan(manifest, some("VOO", "QQQ"), SATURDAY, FREE, delivered=delivered, spent=spent)

    first = made({})
    assert names(first)[0] == "SPLITS of VOO"
    assert first.requests[0].why == "its bars wait for an answer about its splits"
    assert names(first).count("SPLITS of VOO") == 1
    assert names(made({}, spent=24)) == ["SPLITS of VOO"]
    assert names(made({}, spent=25)) == []
    asked = {"VOO": DeliveredTicker(splits="2026-11-21T02:00:01.000000Z")}
    assert "SPLITS of VOO" not in names(made(asked))


@pytest.mark.parametrize(
    ("days", "said"), [(365, ""), (364, "warning"), (180, "warning"), (179, "error"), (0, "error")]
)
@pytest.mark.parametrize("task", ["daily", "history"])
def test_a_calendar_that_ends_is_said_long_before(days: int, said: str, task: Task) -> None:
    now = evening_of(date(2028, 12, 31) - timedelta(days=days))
    made = plan(None, some("VOO"), now, FREE, task=task)
    assert [said] * bool(said) == ["warning"] * len(made.warnings) + ["error"] * len(made.errors)
    assert all(f"ends on 2028-12-31, in {days} days" in text for text in (*made.warnings, *made.errors))
    assert made.requests


def test_after_its_end_the_calendar_stops_a_run_with_the_reason() -> None:
    with pytest.raises(CalendarError, match="make calendar"):
        plan(manifest_of({"VOO": entry()}), some("VOO"), evening_of(date(2028, 12, 31)) + timedelta(days=1), FREE)


INDEX = {f"T{number}": Instrument(f"T{number}", f"T{number}", "stock") for number in range(503)}


def test_a_free_key_takes_an_index_ticker_by_ticker_and_says_how_many_days() -> None:
    """3 × 503 requests are 1,509: 61 days of 25. The news of 503 stocks is last."""
    planned = plan(None, INDEX, NOW, FREE)
    assert [str(one) for one in planned.requests[:4]] == [
        "TIME_SERIES_DAILY of T0", "SPLITS of T0", "DIVIDENDS of T0", "TIME_SERIES_DAILY of T1",
    ]  # fmt: skip
    assert len(planned.requests) == 25
    assert {one.function for one in planned.deferred[-503:]} == {"NEWS_SENTIMENT"}
    last = NOW.astimezone(calendar.NEW_YORK).date() + timedelta(days=60)
    assert planned.budget == (
        "25 of 25 requests are left today; bars, splits and dividends of 503 tickers are 1,509 requests: at 25 a day "
        f"they take 61 days, until {last}; each ticker gets all three in its turn, those without bars first, in the "
        "order of the universe; after that a ticker's turn comes about every 61 days, and news is not reached; a "
        "premium key has no such limit"
    )


def test_a_run_of_bars_takes_whole_turns_too() -> None:
    """Or the evening's run of bars would leave nothing of any day for dividends."""
    planned = plan(None, INDEX, NOW, FREE, task="bars")
    assert {one.function for one in planned.requests} == {"TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS"}


def test_the_next_day_goes_on_with_those_that_have_nothing_yet() -> None:
    at = (NOW - timedelta(days=1)).isoformat()
    last = calendar.last_closed(NOW - timedelta(days=1))
    entry = TickerManifest(calendar.sessions_back(last, 100)[0], last, 100, at, at, at)
    planned = plan(manifest_of(dict.fromkeys(["T0", "T1"], entry)), INDEX, NOW, FREE)
    assert planned.requests[0].ticker == "T2"


def test_a_gap_that_soon_cannot_be_filled_comes_first_and_then_what_only_lacks_splits() -> None:
    """A compact answer has 100 sessions: of a ticker that ends 80 sessions ago, 20 days are left."""
    newest = calendar.last_closed(NOW)
    recent, old = calendar.sessions_back(newest, 2)[0], calendar.sessions_back(newest, 81)[0]
    at = (NOW - timedelta(days=30)).isoformat()
    known = {
        "T9": TickerManifest(old, old, 1, at, at, at),
        "T7": TickerManifest(recent, recent, 1, at, at, at),
    }
    delivered = {"T5": DeliveredTicker({recent: at})}
    planned = plan(manifest_of(known), INDEX, NOW, FREE, delivered=delivered)
    tickers = list(dict.fromkeys(one.ticker for one in (*planned.requests, *planned.deferred)))
    assert tickers[:3] == ["T9", "T5", "T0"]


def test_what_fits_into_a_day_keeps_its_order_and_a_remainder_is_said() -> None:
    planned = plan(None, universe(), NOW, FREE)
    assert planned.requests[0].function == planned.requests[9].function == "TIME_SERIES_DAILY"
    assert planned.budget == "25 of 25 requests are left today; the 37 requests take 1 more day, at 25 a day"


def test_a_premium_key_has_no_days_but_minutes() -> None:
    planned = plan(None, INDEX, NOW, PREMIUM)
    assert (len(planned.requests), planned.deferred) == (2012, ())
    assert planned.budget == "2,012 requests at 75 a minute take 27 minutes at least"
    assert plan(None, some("VOO"), NOW, PREMIUM).budget is None
