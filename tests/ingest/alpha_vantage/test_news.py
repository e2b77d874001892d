"""Articles written by hand: their ticker, their session, and the score of a session."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from ingest.alpha_vantage.news import ParsedNews, news
from ingest.alpha_vantage.parse import Provenance
from ingest.alpha_vantage.protocol import NEWS_LIMIT, NewsOrder
from lake.calendar import sessions
from tests.ingest.fakes import FRIDAY_EVENING, article, news_payload

ORIGIN = Provenance("alpha_vantage", FRIDAY_EVENING)
WEEK = sessions(date(2026, 11, 16), date(2026, 11, 20))


def of(*articles: dict[str, object], wanted: Sequence[date] = WEEK, order: NewsOrder = "LATEST") -> ParsedNews:
    return news(news_payload(*articles), "AAPL", ORIGIN, wanted, order)


def test_a_score_is_weighted_by_relevance() -> None:
    """(0.9 × 0.5 + 0.1 × −0.5) ÷ 1 = 0.4: by hand."""
    (record,) = of(
        article("20261118T150000", AAPL=(0.9, 0.5), MSFT=(0.5, -1)), article("20261118T160000", AAPL=(0.1, -0.5))
    ).records
    assert (record.ticker, record.date, record.score, record.articles) == ("AAPL", date(2026, 11, 18), 0.4, 2)
    assert (record.source, record.fetched_at) == ("alpha_vantage", FRIDAY_EVENING)


@pytest.mark.parametrize(
    ("published", "session"),
    [
        ("20261118T050000", "2026-11-18"),  # midnight in New York
        ("20261118T210000", "2026-11-18"),  # the bell
        ("20261118T210001", "2026-11-19"),  # a second after
        ("20261114T120000", "2026-11-16"),  # a Saturday
        ("20261120T213000", None),  # Friday evening: Monday's, which was not asked for
    ],
)
def test_news_after_a_close_belongs_to_the_next_session(published: str, session: str | None) -> None:
    found = of(article(published, AAPL=(1, 0.1))).records
    assert [record.date.isoformat() for record in found] == ([session] if session else [])


def test_news_on_a_holiday_belongs_to_the_next_session_and_a_half_day_ends_early() -> None:
    thanksgiving = sessions(date(2026, 11, 25), date(2026, 11, 30))
    times = ("20261126T150000", "20261127T180000", "20261127T180001")
    found = of(*(article(time, AAPL=(1, 0.1)) for time in times), wanted=thanksgiving)
    assert [(record.date.day, record.articles) for record in found.records] == [(27, 2), (30, 1)]


def test_articles_about_others_and_without_relevance_do_not_count() -> None:
    found = of(article("20261118T150000", MSFT=(1, 1)), article("20261118T160000", AAPL=(0, 1)))
    assert (found.records, found.refused, found.sessions) == ((), (), tuple(WEEK))


def test_an_article_counts_once() -> None:
    twice = article("20261118T150000", "https://a.example", AAPL=(1, 0.2))
    other = article("20261118T150000", "https://b.example", AAPL=(1, 0.4))
    (record,) = of(twice, twice, other).records
    assert record.articles == 2
    assert record.score == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (article("yesterday", AAPL=(1, 0.2)), "yesterday"),
        (article("20261118T150000", AAPL=(1, 1.2)), "ticker_sentiment_score"),
        (article("20261118T150000", AAPL=(-1, 0.2)), "relevance_score"),
        (article("20261118T150000", AAPL=(float("nan"), 0.2)), "relevance_score"),
        ({"time_published": "20261118T150000"}, "'ticker_sentiment' is missing"),
        ({}, "'time_published' is missing"),
        (article("20261131T150000", AAPL=(1, 0.2)), "time_published: '20261131T150000' is not a time such as"),
        (article("2026-11-18T15:00", AAPL=(1, 0.2)), "time_published: '2026-11-18T15:00' is not a time such as"),
    ],
)
def test_a_malformed_article_is_refused_and_does_not_stop_the_rest(bad: dict[str, object], reason: str) -> None:
    found = of(bad, article("20261117T150000", AAPL=(1, 0.2)))
    assert [record.date.day for record in found.records] == [17]
    (refused,) = found.refused
    assert (refused.ticker, refused.what) == ("AAPL", "article")
    assert reason in refused.reason


def full(first: datetime, order: NewsOrder) -> list[dict[str, object]]:
    """As many articles as an answer holds, one every six minutes from `first` on."""
    times = (first + timedelta(minutes=6 * n) for n in range(NEWS_LIMIT))
    found = [article(time.strftime("%Y%m%dT%H%M%S"), AAPL=(1, 0.2)) for time in times]
    return found if order == "EARLIEST" else found[::-1]


@pytest.mark.parametrize(
    ("order", "first", "whole"),
    [
        ("EARLIEST", datetime(2026, 11, 13, 22, 0, tzinfo=UTC), (16, 17)),  # to Wednesday, two in the morning
        ("LATEST", datetime(2026, 11, 16, 17, 0, tzinfo=UTC), (17, 18, 19, 20)),  # from Monday noon on
    ],
)
def test_an_answer_at_its_limit_covers_only_complete_sessions(
    order: NewsOrder, first: datetime, whole: tuple[int, ...]
) -> None:
    found = of(*full(first, order), order=order)
    assert tuple(day.day for day in found.sessions) == whole
    assert {record.date.day for record in found.records} == set(whole)


def test_a_session_with_more_articles_than_the_limit_is_taken_incomplete() -> None:
    crowd = [article(f"20261118T15{n // 60:02}{n % 60:02}", f"https://{n}.example", AAPL=(1, 0.2)) for n in range(1000)]
    found = of(*crowd, wanted=WEEK[:3], order="EARLIEST")
    assert found.sessions == WEEK[:2]
    (alone,) = of(*crowd, wanted=WEEK[2:3], order="EARLIEST").records
    assert (alone.date, alone.articles) == (WEEK[2], 1000)
