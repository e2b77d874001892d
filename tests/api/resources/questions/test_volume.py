"""1. Volume: rising, falling, as usual, and missing."""

from collections.abc import Mapping
from datetime import date

import pytest

from api.http.rows import Rows
from api.panel.window import Between
from api.resources.prices.schemas import PriceRow, PricesResponse, PriceSummary
from api.resources.questions.schemas import VolumeAnswer
from api.resources.questions.volume import usual_span, volume_answer
from tests.api.resources.questions.figures import figures, meta, series

TWO_WEEKS = ("2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13")
WEEK = ("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20")
BEFORE = tuple(f"2026-10-{day:02d}" for day in range(1, 22))


def prices(volumes: Mapping[str, Mapping[str, float | None]], *warnings: str) -> PricesResponse:
    return PricesResponse.model_construct(
        meta=meta(base="2026-11-06"),
        summary=[figures(PriceSummary, ticker=ticker) for ticker in volumes],
        rows=Rows.of(PriceRow, list(series(PriceRow, "volume", volumes))),
        warnings=list(warnings),
    )


def asked(week: float, before: float, usual: float) -> VolumeAnswer:
    """The answer for a volume in the week, in the week before it, and before those."""
    last = dict.fromkeys(WEEK, week)
    both = dict.fromkeys(TWO_WEEKS, before) | last
    return volume_answer(prices({"AAPL": last}), prices({"AAPL": both}), prices({"AAPL": dict.fromkeys(BEFORE, usual)}))


WEEK_DAYS = "the past week is 5 sessions, from 16 to 20 November 2026."
TWO_WEEKS_DAYS = "In the past two weeks (10 sessions, from 9 to 20 November 2026)"
USUAL_DAYS = "the median of the three months before (21 sessions, from 1 to 21 October 2026)."


@pytest.mark.parametrize(
    ("volumes", "headline", "details", "texts"),
    [
        (
            (60e6, 40e6, 50e6),
            "AAPL traded 60 million shares a day on average in the past week, 20.0 % more than usual.",
            [
                (
                    f"{TWO_WEEKS_DAYS} AAPL traded 50 million shares a day on average, from 40 million shares on 9 "
                    f"November to 60 million shares on 16 November; {WEEK_DAYS}"
                ),
                f"Usual for AAPL is 50 million shares a day, {USUAL_DAYS}",
            ],
            ["60 million shares", "+20.0 %", "50 million shares", "60 million shares", "40 million shares"],
        ),
        (
            (30e6, 60e6, 60e6),
            "AAPL traded 30 million shares a day on average in the past week, 50.0 % less than usual.",
            [
                (
                    f"{TWO_WEEKS_DAYS} AAPL traded 45 million shares a day on average, from 30 million shares on 16 "
                    f"November to 60 million shares on 9 November; {WEEK_DAYS}"
                ),
                f"Usual for AAPL is 60 million shares a day, {USUAL_DAYS}",
            ],
            ["30 million shares", "−50.0 %", "45 million shares", "60 million shares", "30 million shares"],
        ),
        (
            (40e6, 40e6, 40e6),
            "AAPL traded 40 million shares a day on average in the past week, about as much as usual.",
            [
                f"{TWO_WEEKS_DAYS} AAPL traded 40 million shares a day on average; {WEEK_DAYS}",
                f"Usual for AAPL is 40 million shares a day, {USUAL_DAYS}",
            ],
            ["40 million shares", "0.0 %", "40 million shares", "40 million shares", "40 million shares"],
        ),
    ],
)
def test_the_sentences_follow_the_figures(
    volumes: tuple[float, float, float], headline: str, details: list[str], texts: list[str]
) -> None:
    found = asked(*volumes)
    assert (found.headline, found.details, found.reason) == (headline, details, None)
    assert found.answer == " ".join((headline, *details))
    assert [one.text for one in found.key_figures] == texts
    assert {one.ticker for one in found.key_figures} == {"AAPL"}


def test_the_share_above_usual_is_that_of_the_volumes_shown() -> None:
    """10.04 and 9.96 million are shown as 10 and 9.96: 0.4 % apart, and not 0.8 %."""
    found = asked(10.04e6, 10.04e6, 9.96e6)
    assert found.headline is not None
    assert found.headline.endswith("10 million shares a day on average in the past week, about as much as usual.")


def test_two_tickers_are_both_in_the_headline_and_of_four_the_extremes() -> None:
    pair = prices({"AAPL": {"2026-11-20": 1e6}, "VOO": {"2026-11-20": 2e6}})
    found = volume_answer(pair, pair, prices({"AAPL": {}, "VOO": dict.fromkeys(BEFORE, 1e6)}))
    assert found.headline == (
        "In the past week AAPL traded 1 million shares a day and VOO traded 2 million shares a day (100.0 % more than "
        "usual), on average."
    )
    assert [(one.label, one.ticker, one.text) for one in found.key_figures] == [
        ("Daily average, past week", "AAPL", "1 million shares"),
        ("Daily average, past week", "VOO", "2 million shares"),
        ("Past week vs usual", "AAPL", "–"),
        ("Past week vs usual", "VOO", "+100.0 %"),
    ]
    names = ("AAPL", "VOO", "QQQ", "NVDA", "META", "SCHG")
    many = prices({ticker: {"2026-11-20": place * 1e6} for place, ticker in enumerate(names, 1)})
    found = volume_answer(many, many, prices({ticker: {} for ticker in names}))
    assert found.headline == (
        "In the past week SCHG traded the most, 6 million shares a day on average, and AAPL the least, 1 million "
        "shares."
    )
    assert [one.ticker for one in found.key_figures[:2]] == ["SCHG", "AAPL"]
    assert len(found.key_figures) <= 5
    assert "NVDA traded 4 million shares a day in the past week." in found.details


def test_one_session_is_one_session() -> None:
    one = prices({"AAPL": {"2026-11-20": 1e6}})
    found = volume_answer(one, one, prices({"AAPL": {}}))
    assert found.headline == "AAPL traded 1 million shares a day on average in the past week."
    assert found.details == [
        (
            "In the past two weeks (1 session, on 20 November 2026) AAPL traded 1 million shares a day on average; the "
            "past week is 1 session, on 20 November 2026."
        )
    ]


def test_without_any_volume_there_is_the_reason() -> None:
    nothing = prices({"AAPL": {}}, "AAPL: not in the lake (no session of it has arrived), so nothing is given for it")
    found = volume_answer(nothing, nothing, nothing)
    assert (found.headline, found.key_figures, found.details) == (None, [], [])
    assert (found.answer, found.reason) == (
        None,
        "AAPL: not in the lake (no session of it has arrived), so nothing is given for it",
    )
    unknown = prices({"QQQ": dict.fromkeys(WEEK)})
    assert volume_answer(unknown, unknown, unknown).reason == "QQQ: no volume of the past week is known"


def test_of_two_tickers_the_known_one_is_answered() -> None:
    bars = prices({"AAPL": {}, "VOO": {"2026-11-20": 1e6}}, "AAPL: not in the lake")
    answer = volume_answer(bars, bars, bars).answer
    assert answer is not None
    assert answer.startswith("VOO traded 1 million shares")
    assert answer.endswith(" AAPL: not in the lake.")


def test_figures_by_hand() -> None:
    week = {"2026-11-19": 30.0, "2026-11-20": 50.0}
    both = {"2026-11-12": 100.0, "2026-11-13": 20.0} | week
    usual = {day: float(place) for place, day in enumerate(BEFORE, 20)}  # 20 … 40: the median is 30
    (one,) = volume_answer(prices({"VOO": week}), prices({"VOO": both}), prices({"VOO": usual})).summary
    assert (one.week_average, one.two_weeks_average, one.usual_volume) == (40, 50, 30)
    assert one.week_to_two_weeks == pytest.approx(-0.2)
    assert one.week_to_usual == pytest.approx(1 / 3)
    assert (one.highest_volume, str(one.highest_day)) == (100, "2026-11-12")
    assert (one.lowest_volume, str(one.lowest_day)) == (20, "2026-11-13")
    few = prices({"VOO": dict.fromkeys(BEFORE[:19], 1.0)})
    assert volume_answer(prices({"VOO": week}), prices({"VOO": both}), few).summary[0].usual_volume is None


def test_usual_is_of_the_three_months_before() -> None:
    assert usual_span(date(2026, 11, 7)) == Between(date(2026, 8, 7), date(2026, 11, 6))
