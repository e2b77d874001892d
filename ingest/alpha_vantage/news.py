"""Articles → one record a session: their mean score, weighted by how relevant each is to the ticker. Pure.

An article belongs to the first session whose closing bell it did not miss: after a close, on a weekend or a holiday it
is news for the next one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from ingest.alpha_vantage.parse import Origin, Payload, Refused, reason_of
from ingest.alpha_vantage.protocol import NEWS_KEY, NEWS_LIMIT, NewsOrder
from ingest.records import Sentiment
from lake import calendar


@dataclass(frozen=True)
class News:
    """`records` of the sessions with articles; `sessions` is what the answer speaks of, ascending, silent ones too."""

    records: tuple[Sentiment, ...]
    refused: tuple[Refused, ...]
    sessions: tuple[date, ...]


@dataclass(frozen=True)
class _Article:
    session: date
    relevance: float
    score: float


def news(payload: Payload, ticker: str, origin: Origin, wanted: Sequence[date], order: NewsOrder) -> News:
    """The wanted sessions of a NEWS_SENTIMENT answer. One that was cut off at its limit speaks of fewer of them."""
    feed = payload[NEWS_KEY]
    sessions = _whole(wanted, [day for article in feed if (day := _session_of(article))], order, len(feed))
    read = list(_articles(feed, ticker))
    refused = tuple(article for article in read if isinstance(article, Refused))
    good = [article for article in read if isinstance(article, _Article) and article.session in set(sessions)]
    by_session = groupby(sorted(good, key=lambda article: article.session), key=lambda article: article.session)
    records = tuple(_record(ticker, day, list(articles), origin) for day, articles in by_session)
    return News(records, refused, sessions)


def _whole(wanted: Sequence[date], seen: Sequence[date], order: NewsOrder, articles: int) -> tuple[date, ...]:
    """The sessions that no cut at the limit has touched; the one at the cut, where there is no other."""
    if articles < NEWS_LIMIT or not seen:
        return tuple(wanted)
    edge = max(seen) if order == "EARLIEST" else min(seen)
    whole = tuple(day for day in wanted if (day < edge if order == "EARLIEST" else day > edge))
    return whole or (edge,)


def _articles(feed: Sequence[Any], ticker: str) -> Iterator[_Article | Refused]:
    """What the feed says of the ticker, each article once; passing mentions of no relevance are left out."""
    known = set()
    for article in feed:
        try:
            name = (article.get("url"), article["time_published"])
            if name in known:
                continue
            known.add(name)
            about = next((one for one in article["ticker_sentiment"] if one["ticker"] == ticker), None)
            if about and float(about["relevance_score"]) != 0:
                yield _Article(_session(article), _within(about, "relevance_score", 0), _within(about, _SCORE, -1))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Refused(ticker, _time_of(article), reason_of(error), "article")


_SCORE = "ticker_sentiment_score"


def _within(about: Mapping[str, str], name: str, low: float) -> float:
    value = float(about[name])
    if not low <= value <= 1:
        raise ValueError(f"{name} {value} is not within {low} and 1")
    return value


def _session(article: Mapping[str, str]) -> date:
    published = datetime.strptime(article["time_published"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return calendar.session_of(published)


def _session_of(article: Any) -> date | None:
    try:
        return _session(article)
    except (ValueError, KeyError, TypeError):
        return None  # told as refused where the articles are read


def _time_of(article: Any) -> str:
    return str(article.get("time_published")) if isinstance(article, Mapping) else "?"


def _record(ticker: str, session: date, articles: Sequence[_Article], origin: Origin) -> Sentiment:
    weight = sum(article.relevance for article in articles)
    score = sum(article.relevance * article.score for article in articles) / weight
    return Sentiment(
        ticker=ticker,
        date=session,
        score=round(score, 6),
        articles=len(articles),
        source=origin.source,
        fetched_at=origin.fetched_at,
    )
