"""5. Patterns: links that hold, links that do not, market proxies, and missing figures."""

from datetime import date
from typing import Any

import pytest

from api.http.rows import Rows
from api.panel.window import Last
from api.resources.questions.patterns import patterns_answer
from api.resources.questions.range_fit import range_fits
from api.resources.questions.schemas import PatternsAnswer
from api.resources.volatility.schemas import AssociationRow, VolatilityResponse, VolatilityRow, VolatilitySummary
from tests.api.resources.questions.figures import figures, meta

NO_ROWS = Rows.of(VolatilityRow, [])
DAYS = {"first_session": date(2026, 6, 30), "last_session": date(2026, 11, 20), "returns": 100}
KNOWN = DAYS | {
    "volatility": 0.52,
    "yang_zhang": 0.501,
    "regime": "elevated",
    "regime_percentile": 0.81,
    "cone_percentile": 0.81,
    "expected_range_1d": 0.031,
    "expected_range_5d": 0.0693,
}
LEVEL = (
    "TSLA's volatility was 52.0 % a year from closes and 50.1 % from daily ranges (Yang-Zhang) from 30 June to 20 "
    "November 2026 (100 daily returns); "
)
REGIME = "its latest volatility is high for TSLA (81st percentile of its history)."
EXPECTED = (
    "If volatility stays as it is after the close of 20 November 2026, TSLA should move by less than ±3.1 % on the "
    "next day and ±6.9 % over the next five, about two times in three."
)
NEXT_DAY = "two times in three the next day's move should stay within ±3.1 %"


def link_with(other: str, low: float | None, high: float | None, lag: int = 0, move: str = "range") -> AssociationRow:
    middle = None if low is None or high is None else (low + high) / 2
    return figures(
        AssociationRow, ticker="TSLA", move=move, other=other, lag=lag, rho=middle, low=low, high=high, n=100
    )


def asked(known: dict[str, Any], *links: AssociationRow, warnings: tuple[str, ...] = ()) -> PatternsAnswer:
    moves = VolatilityResponse.model_construct(
        meta=meta(),
        summary=[figures(VolatilitySummary, ticker="TSLA", **known)],
        cone=[],
        associations=list(links),
        rows=NO_ROWS,
        warnings=list(warnings),
    )
    return patterns_answer(moves, Last(100, "d"))


MOVE = "change"
HELD = "; in brackets the rank correlation and its 95 % interval."


@pytest.mark.parametrize(
    ("links", "words"),
    [
        (
            (link_with("volume", 0.35, 0.75), link_with("sentiment", -0.45, -0.05, -1)),
            (
                "Its daily range was wider with higher volume (0.55, 0.35 to 0.75) and was narrower with better news "
                f"the day before (−0.25, −0.45 to −0.05){HELD}"
            ),
        ),
        (
            (link_with("volume", -0.15, 0.25), link_with("sentiment", -0.25, 0.15, -1)),
            (
                "Its daily range showed no reliable link with its volume (0.05, −0.15 to 0.25) and news sentiment "
                f"the day before (−0.05, −0.25 to 0.15){HELD}"
            ),
        ),
        (
            (link_with("breadth_above_mean", 0.1, 0.3, -1), link_with("market_range", 0.2, 0.4, -1)),
            (
                "Its daily range was wider with broader market strength the day before (0.20, 0.10 to 0.30) and a "
                f"wider range of VOO the day before (0.30, 0.20 to 0.40){HELD} There is too little news sentiment for "
                "TSLA; market breadth and VOO's range are used instead."
            ),
        ),
        (
            (
                link_with("volume", None, None),
                link_with("volume", 0.1, 0.2, 1),
                link_with("volume", 0.1, 0.2, 0, "change"),
            ),
            "Too few sessions are known to say what TSLA's daily range depends on.",
        ),
    ],
)
def test_a_link_is_claimed_only_where_its_interval_excludes_zero(links: tuple[AssociationRow, ...], words: str) -> None:
    found = asked(KNOWN, *links)
    assert found.headline == f"Volatility is high for TSLA (81st percentile of its history); {NEXT_DAY}."
    assert " ".join(found.details) == f"{LEVEL}{REGIME} {words} {EXPECTED}"
    assert [(one.label, one.text) for one in found.key_figures] == [
        ("Volatility (ann.)", "52.0 %"),
        ("Expected range, next day", "±3.1 %"),
        ("Volatility vs own history", "81st percentile"),
        ("Expected range, next five days", "±6.9 %"),
    ]
    assert found.associations == list(links)


@pytest.mark.parametrize(
    ("regime", "words"), [("calm", "low"), ("usual", "normal"), ("elevated", "high"), ("stressed", "very high")]
)
def test_a_regime_is_said_in_plain_words(regime: str, words: str) -> None:
    found = asked(KNOWN | {"regime": regime})
    assert found.headline is not None
    assert found.headline.startswith(f"Volatility is {words} for TSLA (81st percentile of its history); ")
    assert f"its latest volatility is {words} for TSLA" in found.details[0]


@pytest.mark.parametrize("percentile", [None, 0.1])
def test_a_short_history_has_no_regime(percentile: float | None) -> None:
    found = asked(DAYS | {"volatility": 0.52, "yang_zhang": 0.501, "cone_percentile": percentile})
    assert found.headline == "Volatility was 52.0 % a year for TSLA."
    assert found.details == [
        f"{LEVEL}its history is too short to say what is normal for it.",
        "Too few sessions are known to say what TSLA's daily range depends on.",
    ]


def test_of_one_return_what_is_expected_next_is_answered_all_the_same() -> None:
    one = DAYS | {"first_session": date(2026, 11, 20), "returns": 1}
    found = asked(one | {"ewma_volatility": 0.5, "expected_range_1d": 0.031, "expected_range_5d": 0.0693})
    assert found.headline == f"If volatility stays as it is, {NEXT_DAY}."
    assert found.details == [
        (
            "TSLA has only one daily return, on 20 November 2026, and volatility needs at least two; its history is "
            "too short to say what is normal for it."
        ),
        "Too few sessions are known to say what TSLA's daily range depends on.",
        EXPECTED,
    ]


def test_two_tickers_are_both_in_the_headline_and_of_four_the_extremes() -> None:
    places = {"TSLA": ("elevated", 0.81), "MSFT": ("calm", 0.1), "VOO": ("usual", 0.5), "QQQ": ("usual", 0.6)}
    known = [
        figures(VolatilitySummary, ticker=ticker, **KNOWN | {"regime": regime, "cone_percentile": place})
        for ticker, (regime, place) in places.items()
    ]
    moves = VolatilityResponse.model_construct(
        meta=meta(), summary=known[:2], cone=[], associations=[], rows=NO_ROWS, warnings=[]
    )
    assert patterns_answer(moves, Last(100, "d")).headline == (
        "Volatility is high for TSLA (81st percentile of its history) and low for MSFT (10th); two times in three the "
        "next day's move should stay within ±3.1 % for TSLA and ±3.1 % for MSFT."
    )
    many = moves.model_copy(update={"summary": known})
    assert patterns_answer(many, Last(100, "d")).headline == (
        "Against its own history TSLA is the most volatile of 4 tickers (81st percentile) and MSFT the least (10th)."
    )


def test_the_line_of_range_on_volume_goes_through_the_sessions() -> None:
    """By hand: means 2 and 0.02, Σxy = 0.01, Σxx = 2, so that the slope is 0.005; R² = 0.01² ÷ (2 · 0.0002) = 0.25."""
    pairs = {"2026-11-16": (1.0, 0.01), "2026-11-17": (2.0, 0.03), "2026-11-18": (3.0, 0.02), "2026-11-19": (9.0, None)}
    rows = [
        figures(VolatilityRow, time=f"{day}T00:00:00Z", ticker="TSLA", volume=volume, log_range=height)
        for day, (volume, height) in pairs.items()
    ]
    fits = range_fits(Rows.of(VolatilityRow, rows), ["TSLA", "MSFT"])
    assert [(one.ticker, one.sessions) for one in fits] == [("TSLA", 3)]
    (fit,) = fits
    assert (fit.slope, fit.intercept, fit.r_squared) == pytest.approx((0.005, 0.01, 0.25))
    assert (fit.volume_from, fit.range_from, fit.volume_to, fit.range_to) == pytest.approx((1, 0.015, 3, 0.025))
    assert range_fits(Rows.of(VolatilityRow, rows[:2]), ["TSLA"]) == []


def test_without_any_return_there_is_the_reason() -> None:
    found = asked({}, warnings=("TSLA: not in the lake",))
    assert (found.answer, found.reason) == (None, "TSLA: not in the lake")
    assert asked({}, warnings=("TSLA: no regime is given",)).reason == "TSLA: no daily return of it is known"
    assert found.question.startswith("From the past 100 sessions, what are the volatility")
    assert found.links == ["volatility?tickers=TSLA&range=100d"]
