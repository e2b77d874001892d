"""The vendor's answers as they were recorded, one of every kind: `bodies` in the folder RECORDED_FEED.

No recorded answer is in the repository, so these tests are skipped without the folder. The other tests of this package
hold the same cases in shapes written by hand.
"""

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.alpha_vantage import parse
from ingest.alpha_vantage.news import news
from ingest.alpha_vantage.parse import Provenance
from ingest.alpha_vantage.protocol import Answer, Data, Function, Reason, Refusal, classify
from lake.calendar import sessions

FEED = os.environ.get("RECORDED_FEED", "")
BODIES = Path(FEED) / "bodies"
if not FEED or not BODIES.is_dir():
    pytest.skip("no recorded answers with a folder bodies here: name theirs in RECORDED_FEED", allow_module_level=True)

ORIGIN = Provenance("recorded", datetime(2025, 12, 3, 1, 0, tzinfo=UTC))


def classified(name: str, function: Function = "TIME_SERIES_DAILY", status: int = 200) -> Answer:
    return classify(function, status, (BODIES / f"{name}.json").read_bytes(), "REDACTED")


@pytest.mark.parametrize(
    ("name", "reason", "status"),
    [
        ("empty_object", Reason.EMPTY, 200),
        ("error_invalid_symbol_TIME_SERIES_DAILY", Reason.UNKNOWN_SYMBOL, 200),
        ("error_missing_apikey", Reason.BAD_KEY, 200),
        ("global_quote_unknown_symbol", Reason.MALFORMED, 200),
        ("http_406_accept_header", Reason.MALFORMED, 406),
        ("information_burst_1_per_second_free", Reason.BURST, 200),
        ("information_burst_pattern_5_per_second", Reason.BURST, 200),
        ("information_daily_limit_25", Reason.DAILY_LIMIT, 200),
        ("information_daily_limit_25_older_2024", Reason.DAILY_LIMIT, 200),
        ("information_demo_key", Reason.BAD_KEY, 200),
        ("information_news_invalid_inputs", Reason.BAD_INPUT, 200),
        ("information_outputsize_full_premium", Reason.PREMIUM, 200),
        ("information_premium_endpoint", Reason.PREMIUM, 200),
        ("note_5_per_minute_500_per_day_legacy", Reason.BURST, 200),
    ],
)
def test_every_refusal_is_known(name: str, reason: Reason, status: int) -> None:
    answer = classified(name, status=status)
    assert isinstance(answer, Refusal)
    assert answer.reason is reason
    assert "REDACTED" not in str(answer)


def test_no_articles_is_not_a_refusal_of_news() -> None:
    assert classified("information_news_no_articles", "NEWS_SENTIMENT") == Data({"items": "0", "feed": []})


def test_a_spin_off_comes_as_a_split() -> None:
    answer = classified("SPLITS_IBM_spinoff", "SPLITS")
    assert isinstance(answer, Data)
    assert [(e.date, e.ratio) for e in parse.splits(answer.payload, "IBM", ORIGIN).events] == [
        (date(2021, 11, 4), 1.046)
    ]


def test_dividends_without_dates_are_dividends() -> None:
    answer = classified("DIVIDENDS_IBM", "DIVIDENDS")
    assert isinstance(answer, Data)
    paid = parse.dividends(answer.payload, "IBM", ORIGIN).events
    assert [(e.ex_date, e.amount) for e in paid] == [(date(2026, 8, 10), 1.69), (date(1999, 2, 8), 0.22)]


def test_news_of_an_evening_belongs_to_the_next_session() -> None:
    """23:06 in UTC is 19:06 in New York, on 1 April 2025; the score of one article is its own."""
    answer = classified("NEWS_SENTIMENT", "NEWS_SENTIMENT")
    assert isinstance(answer, Data)
    wanted = sessions(date(2025, 3, 31), date(2025, 4, 4))
    (nvda,) = news(answer.payload, "NVDA", ORIGIN, wanted, "LATEST").records
    assert (nvda.date, nvda.score, nvda.articles) == (date(2025, 4, 2), -0.469118, 1)
    (aapl,) = news(answer.payload, "AAPL", ORIGIN, wanted, "LATEST").records
    assert aapl.articles == 2
    about = [
        {one["ticker"]: one for one in article["ticker_sentiment"]}["AAPL"]
        for article in json.loads((BODIES / "NEWS_SENTIMENT.json").read_text())["feed"]
    ]
    weights, scores = ([float(one[name]) for one in about] for name in ("relevance_score", "ticker_sentiment_score"))
    assert aapl.score == pytest.approx(
        sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights), abs=1e-6
    )
