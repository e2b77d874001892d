"""2. Comparison: rising, falling, equal, and missing."""

from datetime import date
from typing import Any

import pytest

from api.panel.window import Last
from api.resources.compare.schemas import CompareResponse, CompareSummary, CorrelationPair
from api.resources.questions.comparison import comparison_answer
from api.resources.questions.schemas import ComparisonAnswer
from tests.api.resources.questions.figures import figures, meta

SPAN = Last(3, "m")
CLOSES = "from the close of 20 August to that of 20 November 2026, without dividends"
WINDOW = f"F{CLOSES[1:]}, "
RISING = {"cumulative_return": 0.123, "volatility": 0.48, "trend_slope": 0.0018, "trend_standard_error": 0.0001}
FALLING = {"cumulative_return": -0.045, "volatility": 0.30, "trend_slope": -0.0007, "trend_standard_error": 0.0001}
FLAT = {"cumulative_return": 0.0, "volatility": 0.30, "trend_slope": 0.0001, "trend_standard_error": 0.0001}


def answered(tickers: dict[str, dict[str, Any]], correlation: float | None = None, *warnings: str) -> ComparisonAnswer:
    names = list(tickers)
    pairs = [CorrelationPair(ticker=names[0], other=names[-1], correlation=correlation, sessions=64)]
    return comparison_answer(
        CompareResponse.model_construct(
            meta=meta(),
            summary=[figures(CompareSummary, ticker=ticker, **known) for ticker, known in tickers.items()],
            correlation=pairs if len(names) == 2 else [],
            rows=[],
            warnings=list(warnings),
        ),
        SPAN,
    )


def asked(
    tickers: dict[str, dict[str, Any]], correlation: float | None = None, *warnings: str
) -> tuple[str | None, str | None]:
    found = answered(tickers, correlation, *warnings)
    return found.answer, found.reason


def test_one_rises_and_one_falls() -> None:
    found = answered(
        {"NVDA": RISING | {"trend_r_squared": 0.85}, "AMZN": FALLING | {"trend_r_squared": 0.3}}, correlation=0.55
    )
    assert found.reason is None
    assert (
        found.headline == "NVDA rose 12.3 % and AMZN fell 4.5 % over the past three months; NVDA was the more volatile."
    )
    assert found.details == [
        f"{WINDOW}NVDA did better than AMZN by 16.8 percentage points.",
        "Annual volatility of daily returns was 48.0 % for NVDA and 30.0 % for AMZN.",
        (
            "NVDA trended up steadily (+0.18 % a day, R² 0.85) and AMZN trended down with wide swings around the trend "
            "(−0.07 % a day, R² 0.30)."
        ),
        "The correlation of their daily returns was 0.55.",
    ]
    assert found.answer == " ".join((found.headline, *found.details))
    assert [(one.label, one.ticker, one.unit, one.text) for one in found.key_figures] == [
        ("Price change", "NVDA", "signed_ratio", "+12.3 %"),
        ("Price change", "AMZN", "signed_ratio", "−4.5 %"),
        ("Volatility (ann.)", "NVDA", "ratio", "48.0 %"),
        ("Volatility (ann.)", "AMZN", "ratio", "30.0 %"),
        ("Correlation of daily returns", None, "number", "0.55"),
    ]


@pytest.mark.parametrize(
    ("best", "worst", "words"),
    [
        # 8.44 − (−3.85) = 12.29, which rounds to 12.3 as 8.4 − (−3.9) does; the others do not.
        (0.0844, -0.0385, "12.3 percentage points"),
        (0.0836, -0.0386, "12.3 percentage points"),  # 12.22 unrounded
        (0.0844, -0.0394, "12.3 percentage points"),  # 12.38 unrounded
        (0.0144, 0.0036, "1.0 percentage point"),  # 1.08 unrounded
    ],
)
def test_a_difference_is_that_of_the_figures_shown(best: float, worst: float, words: str) -> None:
    found = answered({"NVDA": RISING | {"cumulative_return": best}, "AMZN": RISING | {"cumulative_return": worst}})
    assert found.details[0] == f"{WINDOW}NVDA did better than AMZN by {words}."


def test_both_are_equal_and_flat() -> None:
    flat = FLAT | {"trend_r_squared": 0.02}
    found = answered({"NVDA": flat, "AMZN": flat | {"volatility": 0.305}}, correlation=-0.1)
    assert found.headline == (
        "NVDA was unchanged and AMZN was unchanged over the past three months; their volatility was similar."
    )
    assert found.details == [
        f"The change is measured {CLOSES}.",
        "Annual volatility of daily returns was 30.5 % for AMZN and 30.0 % for NVDA.",
        "NVDA had no clear trend (+0.01 % a day, R² 0.02) and AMZN had no clear trend (+0.01 % a day, R² 0.02).",
        "The correlation of their daily returns was −0.10.",
    ]


def test_of_three_each_and_the_most_volatile_are_named() -> None:
    found = answered({"NVDA": RISING, "AMZN": FALLING, "VOO": FLAT | {"volatility": 0.1}})
    assert found.headline == (
        "NVDA rose 12.3 %, AMZN fell 4.5 % and VOO was unchanged over the past three months; NVDA was the most "
        "volatile."
    )
    assert [one.text for one in found.key_figures] == ["+12.3 %", "−4.5 %", "0.0 %"]


def test_of_many_the_best_and_the_worst_are_named() -> None:
    others = dict.fromkeys(("VOO", "QQQ", "META", "TSLA"), FLAT)
    found = answered({"NVDA": RISING, "AMZN": FALLING, **others})
    assert found.headline == (
        "Of 6 tickers NVDA did best (+12.3 %) and AMZN worst (−4.5 %) over the past three months; NVDA was the most "
        "volatile."
    )
    assert found.details[0].startswith(f"{WINDOW}NVDA rose 12.3 %, AMZN fell 4.5 %, VOO was unchanged")
    assert [(one.label, one.ticker) for one in found.key_figures] == [
        ("Price change", "NVDA"),
        ("Price change", "AMZN"),
        ("Volatility (ann.)", "NVDA"),
        ("Volatility (ann.)", "AMZN"),
    ]


def test_one_alone() -> None:
    found = answered({"NVDA": RISING | {"trend_r_squared": 0.85}})
    assert found.headline == "NVDA rose 12.3 % over the past three months."
    assert found.details == [
        f"The change is measured {CLOSES}.",
        "Annual volatility of daily returns was 48.0 % for NVDA.",
        "NVDA trended up steadily (+0.18 % a day, R² 0.85).",
    ]
    assert [one.text for one in found.key_figures] == ["+12.3 %", "48.0 %", "+0.18 %", "–"]


def test_without_a_base_the_change_is_not_made_up() -> None:
    found = answered({"NVDA": {"volatility": 0.48, "returns": 63}, "AMZN": {"volatility": 0.3, "returns": 63}})
    assert found.headline == "The change over the whole period is unknown; NVDA was the more volatile."
    assert found.details[0] == (
        "No close before the period that all tickers share is known, so no change over the whole of it is given."
    )
    days = {"first_session": date(2026, 8, 21), "last_session": date(2026, 11, 19), "returns": 63}
    alone = answered({"NVDA": {"volatility": 0.48} | days})
    assert alone.headline == "The change over the whole period is unknown."
    assert alone.details[0] == (
        "No close before the period is known, so no change over the whole of it is given; the other figures are of the "
        "sessions from 21 August to 19 November 2026."
    )


def test_the_sentence_ends_with_the_last_session_of_the_figures() -> None:
    found = answered({"NVDA": RISING | {"last_session": date(2026, 11, 13)}, "AMZN": FALLING})
    closes = "rom the close of 20 August to that of 13 November 2026"
    assert found.headline == f"NVDA rose 12.3 % and AMZN fell 4.5 % f{closes}; NVDA was the more volatile."
    assert found.details[0].startswith(f"F{closes}, without dividends, NVDA did better than AMZN by 16.8")


def test_of_one_return_the_changes_are_answered_and_volatility_withheld() -> None:
    answer, reason = asked(
        {"QQQ": {"cumulative_return": 0.015, "returns": 1}, "VOO": {"cumulative_return": 0.003, "returns": 1}}
    )
    assert reason is None
    assert answer == (
        "QQQ rose 1.5 % and VOO rose 0.3 % over the past three months. "
        f"{WINDOW}QQQ did better than VOO by 1.2 percentage points. No volatility is given: it needs at least two "
        "daily returns, and only one is known."
    )


def test_a_falling_slope_without_a_clear_trend_keeps_its_sign() -> None:
    flat = {"cumulative_return": -0.045, "returns": 21, "volatility": 0.2311}
    slope = {"trend_slope": -0.0007312478, "trend_standard_error": 0.0006621812, "trend_r_squared": 0.0603}
    answer, _ = asked({"AMZN": flat | slope})
    assert answer is not None
    assert answer.endswith("AMZN had no clear trend (−0.07 % a day, R² 0.06).")


def test_unknown_dividends_are_no_reason_on_the_split_basis() -> None:
    _, reason = asked({"TSLA": {}}, None, "TSLA: its dividends are unknown, so no total return is given")
    assert reason == "TSLA: no change of its close in the window is known"


def test_of_a_window_without_a_session_the_reason_is_given_once() -> None:
    closed = meta(base="2026-09-05", to="2026-09-07", as_of=date(2026, 9, 30))
    closed = closed.model_copy(update={"window": closed.window.model_copy(update={"sessions": 0})})
    summary = [figures(CompareSummary, ticker=ticker) for ticker in ("NVDA", "AMZN")]
    compared = CompareResponse.model_construct(meta=closed, summary=summary, correlation=[], rows=[], warnings=[])
    found = comparison_answer(compared, SPAN)
    assert found.reason == "the market was closed from 2026-09-05 to 2026-09-07: the period has no NYSE session"


def test_what_is_missing_is_said() -> None:
    answer, reason = asked({"NVDA": RISING, "AMZN": {}}, None, "AMZN: not in the lake, so nothing is given for it")
    assert reason is None
    assert answer is not None
    assert answer.endswith(" AMZN: not in the lake, so nothing is given for it.")
    answer, reason = asked({"NVDA": {}, "AMZN": {}}, None, "AMZN: not in the lake")
    assert answer is None
    assert reason == "NVDA: no change of its close in the window is known; AMZN: not in the lake"


@pytest.mark.parametrize(
    ("tickers", "words"),
    [
        (("NVDA", "AMZN"), "How have NVDA and AMZN changed over the past three months, and how do their daily"),
        (("VOO",), "How has VOO changed over the past three months, and how do its daily fluctuations"),
    ],
)
def test_the_question_is_asked_in_good_grammar(tickers: tuple[str, ...], words: str) -> None:
    summary = [figures(CompareSummary, ticker=ticker) for ticker in tickers]
    compared = CompareResponse.model_construct(meta=meta(), summary=summary, correlation=[], rows=[], warnings=[])
    assert comparison_answer(compared, SPAN).question.startswith(words)
