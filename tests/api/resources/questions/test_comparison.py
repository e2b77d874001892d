"""2. Comparison: rising, falling, equal, and missing."""

from datetime import date
from typing import Any

import pytest

from api.panel.window import Last
from api.resources.compare.schemas import CompareResponse, CompareSummary, CorrelationPair
from api.resources.questions.comparison import comparison_answer
from tests.api.resources.questions.figures import figures, meta

SPAN = Last(3, "m")
WINDOW = "From the close of 20 August to that of 20 November 2026, dividends apart, "
RISING = {"cumulative_return": 0.123, "volatility": 0.48, "trend_slope": 0.0018, "trend_standard_error": 0.0001}
FALLING = {"cumulative_return": -0.045, "volatility": 0.30, "trend_slope": -0.0007, "trend_standard_error": 0.0001}
FLAT = {"cumulative_return": 0.0, "volatility": 0.30, "trend_slope": 0.0001, "trend_standard_error": 0.0001}


def asked(
    tickers: dict[str, dict[str, Any]], correlation: float | None = None, *warnings: str
) -> tuple[str | None, str | None]:
    names = list(tickers)
    pairs = [CorrelationPair(ticker=names[0], other=names[-1], correlation=correlation, sessions=64)]
    found = comparison_answer(
        CompareResponse.model_construct(
            meta=meta(),
            summary=[figures(CompareSummary, ticker=ticker, **known) for ticker, known in tickers.items()],
            correlation=pairs if len(names) == 2 else [],
            rows=[],
            warnings=list(warnings),
        ),
        SPAN,
    )
    return found.answer, found.reason


def test_one_rises_and_one_falls() -> None:
    answer, reason = asked(
        {"NVDA": RISING | {"trend_r_squared": 0.85}, "AMZN": FALLING | {"trend_r_squared": 0.3}}, correlation=0.55
    )
    assert reason is None
    assert answer == (
        f"{WINDOW}NVDA rose 12.3 % and AMZN fell 4.5 %, so that NVDA did better than AMZN by 16.8 percentage points. "
        "NVDA's daily returns fluctuated more: a volatility of 48.0 % a year for NVDA and 30.0 % a year for AMZN. "
        "NVDA trended up, close to a line (0.18 % a session, R² 0.85) and AMZN trended down, with much scatter (−0.07 "
        "% a session, R² 0.30). Their daily returns had a correlation of 0.55."
    )


def test_both_are_equal_and_flat() -> None:
    flat = FLAT | {"trend_r_squared": 0.02}
    answer, _ = asked({"NVDA": flat, "AMZN": flat | {"volatility": 0.305}}, correlation=-0.1)
    assert answer == (
        f"{WINDOW}NVDA ended where it began and AMZN ended where it began. Their daily returns fluctuated about as "
        "much: a volatility of 30.5 % a year for AMZN and 30.0 % a year for NVDA. NVDA had no clear trend (0.01 % a "
        "session, R² 0.02) and AMZN had no clear trend (0.01 % a session, R² 0.02). Their daily returns had a "
        "correlation of −0.10."
    )


def test_of_three_the_best_and_the_most_restless_are_named() -> None:
    answer, _ = asked({"NVDA": RISING, "AMZN": FALLING, "VOO": FLAT | {"volatility": 0.1}})
    assert answer is not None
    assert "NVDA rose 12.3 %, AMZN fell 4.5 % and VOO ended where it began, so that NVDA did better than AMZN" in answer
    assert (
        "NVDA's daily returns fluctuated most: a volatility of 48.0 % a year for NVDA, 30.0 % a year for AMZN" in answer
    )


def test_one_alone() -> None:
    answer, _ = asked({"NVDA": RISING | {"trend_r_squared": 0.85}})
    assert answer == (
        f"{WINDOW}NVDA rose 12.3 %. The volatility of its daily returns was 48.0 % a year. NVDA trended up, close to "
        "a line (0.18 % a session, R² 0.85)."
    )


def test_without_a_base_the_change_is_not_made_up() -> None:
    answer, _ = asked({"NVDA": {"volatility": 0.48, "returns": 63}, "AMZN": {"volatility": 0.3, "returns": 63}})
    assert answer is not None
    assert answer.startswith(
        "Without a close before the window that all have, no change over the whole of it is known. NVDA's daily"
    )
    days = {"first_session": date(2026, 8, 21), "last_session": date(2026, 11, 19), "returns": 63}
    alone, _ = asked({"NVDA": {"volatility": 0.48} | days})
    assert alone is not None
    assert alone.startswith(
        "Without a close before the window, no change over the whole of it is known; the figures are of the sessions "
        "from 21 August to 19 November 2026."
    )


def test_the_sentence_ends_with_the_last_session_of_the_figures() -> None:
    answer, _ = asked({"NVDA": RISING | {"last_session": date(2026, 11, 13)}, "AMZN": FALLING})
    assert answer is not None
    assert answer.startswith("From the close of 20 August to that of 13 November 2026, dividends apart, NVDA rose")


def test_of_one_return_the_changes_are_answered_and_volatility_withheld() -> None:
    answer, reason = asked(
        {"QQQ": {"cumulative_return": 0.015, "returns": 1}, "VOO": {"cumulative_return": 0.003, "returns": 1}}
    )
    assert reason is None
    assert answer == (
        f"{WINDOW}QQQ rose 1.5 % and VOO rose 0.3 %, so that QQQ did better than VOO by 1.2 percentage points. No "
        "volatility is given, because it takes at least two daily returns and only one is known."
    )


def test_a_falling_slope_without_a_clear_trend_keeps_its_sign() -> None:
    flat = {"cumulative_return": -0.045, "returns": 21, "volatility": 0.2311}
    slope = {"trend_slope": -0.0007312478, "trend_standard_error": 0.0006621812, "trend_r_squared": 0.0603}
    answer, _ = asked({"AMZN": flat | slope})
    assert answer is not None
    assert answer.endswith("AMZN had no clear trend (−0.07 % a session, R² 0.06).")


def test_unknown_dividends_are_no_reason_on_the_split_basis() -> None:
    _, reason = asked({"TSLA": {}}, None, "TSLA: its dividends are unknown, so no total return is given")
    assert reason == "TSLA: no change of its close in the window is known"


def test_of_a_window_without_a_session_the_reason_is_given_once() -> None:
    closed = meta(base="2026-09-05", to="2026-09-07", as_of=date(2026, 9, 30))
    closed = closed.model_copy(update={"window": closed.window.model_copy(update={"sessions": 0})})
    summary = [figures(CompareSummary, ticker=ticker) for ticker in ("NVDA", "AMZN")]
    compared = CompareResponse.model_construct(meta=closed, summary=summary, correlation=[], rows=[], warnings=[])
    found = comparison_answer(compared, SPAN)
    assert found.reason == "the market was closed from 2026-09-05 to 2026-09-07: the window has no NYSE session"


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
