import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ingest.alpha_vantage.protocol import NewsOrder
from ingest.simulator.simulated import SimulatedFeed, years_before
from lake.calendar import NEW_YORK, evening_of, sessions
from tests.ingest.fakes import FRIDAY

NOW = evening_of(FRIDAY)
FEED = SimulatedFeed(lambda: NOW)


def feed_at(now: datetime) -> SimulatedFeed:
    return SimulatedFeed(lambda: now)


def rows(feed: SimulatedFeed, size: str = "full") -> Mapping[str, Mapping[str, str]]:
    payload: dict[str, Any] = json.loads(feed.daily("NVDA", size))
    found: Mapping[str, Mapping[str, str]] = payload["Time Series (Daily)"]
    return found


def test_twenty_years_up_to_the_last_closed_session() -> None:
    assert sorted(rows(FEED)) == [day.isoformat() for day in sessions(date(2006, 11, 21), FRIDAY)]


def test_nothing_before_a_tickers_listing() -> None:
    payload = json.loads(FEED.daily("VOO", "full"))["Time Series (Daily)"]
    assert min(payload) == "2010-09-09"
    assert min(one["ex_dividend_date"] for one in json.loads(FEED.dividends("VOO"))["data"]) > "2010-09-09"


def test_no_dividend_leaves_the_answer_as_the_years_pass() -> None:
    """As with the vendor: an answer without an old dividend would withdraw it."""
    before, later = (
        [one["ex_dividend_date"] for one in json.loads(feed_at(now).dividends("MSFT"))["data"]]
        for now in (NOW, NOW + timedelta(days=400))
    )
    assert min(before) < "2006-11-21"
    assert set(before) < set(later)


def test_compact_is_the_last_hundred() -> None:
    assert list(rows(FEED, "compact").items()) == list(rows(FEED).items())[:100]


def test_a_bar_does_not_depend_on_the_time_of_the_request() -> None:
    today = rows(FEED)
    for days in (-700, 400):
        other = rows(feed_at(NOW + timedelta(days=days)))
        shared = other.keys() & today.keys()
        assert len(shared) > 1500
        assert {day: other[day] for day in shared} == {day: today[day] for day in shared}


def test_a_session_appears_at_its_closing_bell() -> None:
    bell = datetime(2026, 11, 20, 16, 0, tzinfo=NEW_YORK)
    assert max(rows(feed_at(bell - timedelta(seconds=1)))) == "2026-11-19"
    assert max(rows(feed_at(bell))) == "2026-11-20"


def test_an_answer_has_the_vendors_shape() -> None:
    payload = json.loads(FEED.daily("NVDA", "compact"))
    assert payload["Meta Data"]["2. Symbol"] == "NVDA"
    assert payload["Meta Data"]["3. Last Refreshed"] == "2026-11-20"
    assert list(rows(FEED)) == sorted(rows(FEED), reverse=True)
    newest = next(iter(rows(FEED).values()))
    assert list(newest) == ["1. open", "2. high", "3. low", "4. close", "5. volume"]
    assert all(len(newest[name].split(".")[1]) == 4 for name in list(newest)[:4])
    assert newest["5. volume"].isdigit()


def test_events_of_the_future_are_not_known() -> None:
    before = SimulatedFeed(lambda: evening_of(date(2024, 6, 7)))
    assert [event["effective_date"] for event in json.loads(before.splits("NVDA"))["data"]] == ["2021-07-20"]
    assert json.loads(FEED.splits("NVDA"))["data"][0] == {"effective_date": "2024-06-10", "split_factor": "10.0000"}
    assert max(event["ex_dividend_date"] for event in json.loads(FEED.dividends("VOO"))["data"]) < "2026-11-21"
    assert json.loads(FEED.dividends("TSLA")) == {"symbol": "TSLA", "data": []}


def test_a_symbol_outside_the_universe_is_unknown() -> None:
    for body in (FEED.daily("ZZZZ", "full"), FEED.splits("ZZZZ"), FEED.dividends("ZZZZ")):
        assert json.loads(body)["Error Message"].startswith("Invalid API call")


@pytest.mark.parametrize(("day", "before"), [("2026-11-20", "2016-11-20"), ("2024-02-29", "2014-02-28")])
def test_years_before(day: str, before: str) -> None:
    assert years_before(date.fromisoformat(day), 10) == date.fromisoformat(before)


def found_news(feed: SimulatedFeed, after: datetime, until: datetime, order: NewsOrder = "EARLIEST") -> list[Any]:
    payload = json.loads(feed.news("AAPL", after, until, order, 1000))
    return list(payload.get("feed", []))


def test_news_does_not_depend_on_the_time_of_the_request_and_is_never_of_the_future() -> None:
    after, until = NOW - timedelta(days=20), NOW - timedelta(days=2)
    now, later = (found_news(feed_at(NOW + timedelta(days=days)), after, until) for days in (0, 300))
    assert now == later
    assert len(now) > 15
    newest = found_news(FEED, after, NOW + timedelta(days=9), "LATEST")[0]["time_published"]
    assert newest <= NOW.astimezone(UTC).strftime("%Y%m%dT%H%M%S")


def test_news_has_the_vendors_shape() -> None:
    payload = json.loads(FEED.news("AAPL", NOW - timedelta(days=20), NOW, "LATEST", 3))
    times = [article["time_published"] for article in payload["feed"]]
    assert payload["items"] == "3" == str(len(times))
    assert times == sorted(times, reverse=True)
    (about,) = payload["feed"][0]["ticker_sentiment"]
    assert about["ticker"] == "AAPL"
    assert 0 < float(about["relevance_score"]) <= 1
    assert -1 <= float(about["ticker_sentiment_score"]) <= 1


def test_a_time_without_articles_is_answered_as_the_vendor_does() -> None:
    at = NOW - timedelta(days=1)
    assert "No articles found" in json.loads(FEED.news("AAPL", at, at, "LATEST", 50))["Information"]
