"""NEWS_SENTIMENT answers as records: a session's mean score, weighted by each article's relevance. No I/O.

An article belongs to the first session that closes after it: news after a close, on a weekend or on a holiday counts
for the next session.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from ingest.alpha_vantage.parse import Payload, Provenance, RefusedRow, reason_of
from ingest.alpha_vantage.protocol import NEWS_KEY, NEWS_LIMIT, NewsOrder
from ingest.records import Sentiment
from lake import calendar


@dataclass(frozen=True)
class ParsedNews:
    """`records` of the sessions with articles. `sessions`: all that the answer covers, ascending."""

    records: tuple[Sentiment, ...]
    refused: tuple[RefusedRow, ...]
    sessions: tuple[date, ...]


@dataclass(frozen=True)
class _Article:
    session: date
    relevance: float
    score: float


def news(payload: Payload, ticker: str, provenance: Provenance, wanted: Sequence[date], order: NewsOrder) -> ParsedNews:
    """The wanted sessions of a NEWS_SENTIMENT answer. An answer at its limit of articles covers fewer of them."""
    feed = payload[NEWS_KEY]
    sessions = _covered(wanted, feed, order)
    inside = frozenset(sessions)
    read = list(_articles(feed, ticker))
    refused = tuple(article for article in read if isinstance(article, RefusedRow))
    good = [article for article in read if isinstance(article, _Article) and article.session in inside]
    by_session = groupby(sorted(good, key=lambda article: article.session), key=lambda article: article.session)
    records = tuple(_record(ticker, day, list(articles), provenance) for day, articles in by_session)
    return ParsedNews(records, refused, sessions)


def _covered(wanted: Sequence[date], feed: Sequence[Any], order: NewsOrder) -> tuple[date, ...]:
    """The sessions that are complete although the answer ends at its limit of articles.

    The session at the limit is incomplete. It is taken only where there is no other, because the next request would
    end at it again.
    """
    seen = [day for article in feed if (day := _session_of(article))] if len(feed) >= NEWS_LIMIT else []
    if not seen:
        return tuple(wanted)
    edge = max(seen) if order == "EARLIEST" else min(seen)
    complete = tuple(day for day in wanted if (day < edge if order == "EARLIEST" else day > edge))
    return complete or (edge,)


def _articles(feed: Sequence[Any], ticker: str) -> Iterator[_Article | RefusedRow]:
    """The ticker's articles, each once, without those of no relevance to it."""
    seen = set()
    for article in feed:
        try:
            # A repeated article would weigh twice in the score.
            name = (article.get("url"), article["time_published"])
            if name in seen:
                continue
            seen.add(name)
            about = next((one for one in article["ticker_sentiment"] if one["ticker"] == ticker), None)
            if about and float(about["relevance_score"]) != 0:
                yield _Article(_session(article), _within(about, "relevance_score", 0), _within(about, _SCORE, -1))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield RefusedRow(ticker, _time_of(article), reason_of(error), "article")


_SCORE = "ticker_sentiment_score"
_TIME = re.compile(r"[0-9]{8}T[0-9]{6}")


def _within(about: Mapping[str, str], name: str, low: float) -> float:
    value = float(about[name])
    if not low <= value <= 1:
        raise ValueError(f"{name} {value} is not within {low} and 1")
    return value


def _session(article: Mapping[str, object]) -> date:
    text = str(article["time_published"])
    try:
        # A tenth of what strptime takes: a year of an index has three hundred thousand articles.
        published = datetime.fromisoformat(f"{text}+00:00") if _TIME.fullmatch(text) else None
    except ValueError:  # such as 30 February
        published = None
    if published is None:
        raise ValueError(f"time_published: {text[:40]!r} is not a time such as 20261120T153000")
    return calendar.session_of(published)


def _session_of(article: Any) -> date | None:
    try:
        return _session(article)
    except (ValueError, KeyError, TypeError):
        return None  # _articles reports it as refused


def _time_of(article: Any) -> str:
    return str(article.get("time_published")) if isinstance(article, Mapping) else "?"


def _record(ticker: str, session: date, articles: Sequence[_Article], provenance: Provenance) -> Sentiment:
    weight = sum(article.relevance for article in articles)
    score = sum(article.relevance * article.score for article in articles) / weight
    return Sentiment(
        ticker=ticker,
        date=session,
        score=round(score, 6),
        articles=len(articles),
        source=provenance.source,
        fetched_at=provenance.fetched_at,
    )
