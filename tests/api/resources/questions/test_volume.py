"""1. Volume: rising, falling, as usual, and missing."""

from collections.abc import Mapping
from datetime import date

import pytest

from api.http.rows import Rows
from api.panel.window import Between
from api.resources.prices.schemas import PriceRow, PricesResponse, PriceSummary
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


def asked(week: float, before: float, usual: float) -> tuple[str | None, str | None]:
    """The answer for a volume in the week, in the week before it, and before those."""
    last = dict.fromkeys(WEEK, week)
    both = dict.fromkeys(TWO_WEEKS, before) | last
    answer = volume_answer(
        prices({"AAPL": last}), prices({"AAPL": both}), prices({"AAPL": dict.fromkeys(BEFORE, usual)})
    )
    return answer.answer, answer.reason


@pytest.mark.parametrize(
    ("volumes", "words"),
    [
        (
            (60e6, 40e6, 50e6),
            (
                "AAPL traded 60 million shares a day on average in the past week (5 sessions, from 16 to 20 November "
                "2026) and 50 million shares "
                "a day in the past two (10 sessions, from 9 to 20 November 2026). Its highest volume of the two "
                "weeks was 60 million shares, on 16 November, and its lowest 40 million shares, on 9 November. The "
                "past week was 20.0 % busier than usual: the median day of the three months before (21 sessions, "
                "from 1 to 21 October 2026) had 50 million "
                "shares."
            ),
        ),
        (
            (30e6, 60e6, 60e6),
            (
                "AAPL traded 30 million shares a day on average in the past week (5 sessions, from 16 to 20 November "
                "2026) and 45 million shares "
                "a day in the past two (10 sessions, from 9 to 20 November 2026). Its highest volume of the two "
                "weeks was 60 million shares, on 9 November, and its lowest 30 million shares, on 16 November. The "
                "past week was 50.0 % quieter than usual: the median day of the three months before (21 sessions, "
                "from 1 to 21 October 2026) had 60 million "
                "shares."
            ),
        ),
        (
            (40e6, 40e6, 40e6),
            (
                "AAPL traded 40 million shares a day on average in the past week (5 sessions, from 16 to 20 November "
                "2026) and 40 million shares "
                "a day in the past two (10 sessions, from 9 to 20 November 2026). The past week was about as busy as "
                "usual: the median day of the three months before (21 sessions, from 1 to 21 October 2026) had 40 "
                "million shares."
            ),
        ),
    ],
)
def test_the_sentence_follows_the_figures(volumes: tuple[float, float, float], words: str) -> None:
    assert asked(*volumes) == (words, None)


def test_one_session_is_one_session() -> None:
    one = prices({"AAPL": {"2026-11-20": 1e6}})
    answer = volume_answer(one, one, prices({"AAPL": {}})).answer
    assert answer == (
        "AAPL traded 1 million shares a day on average in the past week (1 session, on 20 November 2026) and 1 "
        "million shares a day in "
        "the past two (1 session, on 20 November 2026)."
    )


def test_without_any_volume_there_is_the_reason() -> None:
    nothing = prices({"AAPL": {}}, "AAPL: not in the lake (no session of it has arrived), so nothing is given for it")
    found = volume_answer(nothing, nothing, nothing)
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
