"""5. Patterns: links that hold, links that do not, market proxies, and missing figures."""

from datetime import date
from typing import Any

import pytest

from api.panel.window import Last
from api.resources.questions.patterns import patterns_answer
from api.resources.questions.schemas import PatternsAnswer
from api.resources.volatility.schemas import AssociationRow, VolatilityResponse, VolatilitySummary
from tests.api.resources.questions.figures import figures, meta

DAYS = {"first_session": date(2026, 6, 30), "last_session": date(2026, 11, 20), "returns": 100}
KNOWN = DAYS | {
    "volatility": 0.52,
    "yang_zhang": 0.501,
    "regime": "elevated",
    "regime_percentile": 0.81,
    "cone_percentile": 0.72,
    "expected_range_1d": 0.031,
    "expected_range_5d": 0.0693,
}
LEVEL = (
    "TSLA fluctuated by 52.0 % a year by its closes and 50.1 % by its whole days (Yang and Zhang) from 30 June to 20 "
    "November 2026 (100 daily returns); "
)
EXPECTED = (
    "If its volatility stays as it is after the close of 20 November 2026, about two outcomes of three lie within "
    "±3.1 % "
    "over the next session and ±6.9 % over the next five; its current volatility is at the 72nd percentile of its cone."
)


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
        rows=[],
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
                "Its daily range showed no reliable link with its volume (0.05, −0.15 to 0.25) and the sentiment of "
                f"its news the day before (−0.05, −0.25 to 0.15){HELD}"
            ),
        ),
        (
            (link_with("breadth_above_mean", 0.1, 0.3, -1), link_with("market_range", 0.2, 0.4, -1)),
            (
                "Its daily range was wider with a broader market the day before (0.20, 0.10 to 0.30) and a wider "
                f"range of VOO the day before (0.30, 0.20 to 0.40){HELD} The lake has too little sentiment of it, so "
                "that the market's breadth and VOO's range stand in for it."
            ),
        ),
        (
            (
                link_with("volume", None, None),
                link_with("volume", 0.1, 0.2, 1),
                link_with("volume", 0.1, 0.2, 0, "change"),
            ),
            "Too few sessions are known to say what its daily range goes with.",
        ),
    ],
)
def test_a_link_is_claimed_only_where_its_interval_excludes_zero(links: tuple[AssociationRow, ...], words: str) -> None:
    found = asked(KNOWN, *links)
    assert found.answer == f"{LEVEL}its regime is elevated. {words} {EXPECTED}"
    assert found.associations == list(links)


def test_a_short_history_has_no_regime() -> None:
    answer = asked(DAYS | {"volatility": 0.52, "yang_zhang": 0.501}).answer
    assert answer == (
        f"{LEVEL}its history is too short to call it calm, usual or stressed. Too few sessions are known to say what "
        "its daily range goes with."
    )


def test_of_one_return_what_is_expected_next_is_answered_all_the_same() -> None:
    one = DAYS | {"first_session": date(2026, 11, 20), "returns": 1}
    known = one | {"ewma_volatility": 0.5, "expected_range_1d": 0.031, "expected_range_5d": 0.0693}
    assert asked(known).answer == (
        "TSLA has only one daily return, on 20 November 2026, and a volatility takes at least two; its history is too "
        "short to call it calm, usual or stressed. Too few sessions are known to say what its daily range goes with. "
        "If "
        "its volatility stays as it is after the close of 20 November 2026, about two outcomes of three lie within "
        "±3.1 % over the next session and ±6.9 % over the next five."
    )


def test_without_any_return_there_is_the_reason() -> None:
    found = asked({}, warnings=("TSLA: not in the lake",))
    assert (found.answer, found.reason) == (None, "TSLA: not in the lake")
    assert asked({}, warnings=("TSLA: no regime is given",)).reason == "TSLA: no daily return of it is known"
    assert found.question.startswith("From the changes and ranges of the past 100 sessions, what are the volatility")
    assert found.links == ["volatility?tickers=TSLA&range=100d"]
