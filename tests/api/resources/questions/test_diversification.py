"""3. Diversification: more, less, as much, and missing."""

from typing import Any

import pytest

from api.panel.window import Last
from api.resources.compare.schemas import CompareResponse, CompareSummary, Diversification
from api.resources.questions.diversification import diversification_answer
from api.resources.questions.schemas import DiversificationAnswer
from tests.api.resources.questions.figures import figures, meta

KNOWN = {
    "cumulative_return": 0.1,
    "returns": 126,
    "average_daily_return": 0.001,
    "volatility": 0.2,
    "correlation_to_benchmark": 0.5,
}


def asked(
    known: dict[str, dict[str, Any]], *warnings: str, ratio: float | None = 0.9, returns: int = 3
) -> DiversificationAnswer:
    """The answer where the mix fluctuates `ratio` times as much as its parts, which fluctuate by 20 %."""
    whole = None if ratio is None else 0.2 * ratio
    mix = Diversification(tickers=list(known), returns=returns, mix_volatility=whole, mean_volatility=0.2, ratio=ratio)
    return diversification_answer(
        CompareResponse.model_construct(
            meta=meta(base="2026-05-20").model_copy(update={"basis": "total"}),
            summary=[figures(CompareSummary, ticker=ticker, **one) for ticker, one in known.items()],
            correlation=[],
            diversification=mix,
            rows=[],
            warnings=list(warnings),
        ),
        Last(6, "m"),
    )


def test_more_and_less_than_the_benchmark() -> None:
    found = asked(
        {
            "QQQ": {
                "cumulative_return": 0.12,
                "average_daily_return": 0.0009,
                "volatility": 0.2,
                "correlation_to_benchmark": -1.0,
            },
            "SCHG": {"cumulative_return": 0.07, "average_daily_return": -0.0002, "volatility": 0.0},
            "VOO": {"cumulative_return": 0.08, "average_daily_return": 0.0006, "volatility": 0.2},
        }
    )
    assert found.answer == (
        "From the close of 20 May to that of 20 November 2026, dividends included, VOO returned 8.0 %; QQQ 12.0 %, "
        "4.0 percentage points more; SCHG 7.0 %, 1.0 percentage point less. The average day brought 0.09 % for QQQ, "
        "−0.02 % for SCHG and 0.06 % for VOO. Gains say nothing of diversifying; moving apart does: with a "
        "correlation to VOO of −1.00 (QQQ), an equal mix of QQQ, SCHG and VOO fluctuated by 18.0 % a year against "
        "20.0 % for its parts on average, so holding them together diversified somewhat."
    )


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(1.0, "little"), (0.95, "little"), (0.949, "somewhat"), (0.85, "somewhat"), (0.849, "considerably")],
)
def test_how_much_it_diversified(ratio: float, word: str) -> None:
    answer = asked({"QQQ": KNOWN, "VOO": KNOWN}, ratio=ratio).answer
    assert answer is not None
    assert answer.endswith(f"so holding them together diversified {word}.")
    assert "VOO returned 10.0 %; QQQ 10.0 %, as much." in answer


def test_without_a_base_or_a_mix_their_sentences_are_left_out() -> None:
    rootless = {"QQQ": KNOWN | {"cumulative_return": None}, "VOO": KNOWN | {"cumulative_return": None}}
    assert asked(rootless, ratio=None).answer == (
        "Without a close before the window that all have, no cumulative return is known. The average day brought "
        "0.10 % for QQQ and "
        "0.10 % for VOO."
    )


def test_of_one_return_gains_are_answered_and_diversifying_is_not() -> None:
    one = {"cumulative_return": 0.015, "average_daily_return": 0.015, "returns": 1}
    found = asked({"QQQ": one, "VOO": one | {"cumulative_return": 0.003}}, ratio=None, returns=1)
    assert found.answer is not None
    assert "VOO returned 0.3 %; QQQ 1.5 %, 1.2 percentage points more." in found.answer
    assert found.answer.endswith(
        "No volatility is given, because it takes at least two daily returns and only one is known, so nothing can be "
        "said of diversifying."
    )


def test_without_a_correlation_the_mix_is_described_all_the_same() -> None:
    """Two daily returns make a volatility, and no correlation."""
    two = KNOWN | {"correlation_to_benchmark": None}
    found = asked({"QQQ": two, "VOO": two}, returns=2)
    assert found.answer is not None
    assert "moving apart does: an equal mix of QQQ and VOO fluctuated by 18.0 % a year" in found.answer


def test_without_the_benchmark_there_is_no_answer() -> None:
    found = asked({"QQQ": KNOWN, "VOO": {}}, "VOO: not in the lake")
    assert (found.answer, found.reason) == (None, "VOO: not in the lake")


def test_a_missing_ticker_is_named_and_the_others_answered() -> None:
    warnings = ("SCHG: 60 of the window's 64 sessions are in the lake", "SCHG: its dividends are unknown")
    found = asked({"QQQ": KNOWN, "SCHG": {}, "VOO": KNOWN}, *warnings, ratio=None)
    assert found.answer is not None
    assert found.answer.endswith(" SCHG: its dividends are unknown.")


def test_the_question_of_one_ticker() -> None:
    question = asked({"QQQ": KNOWN, "VOO": KNOWN}).question
    assert question.startswith("Compared to VOO, how much more has QQQ gained over the past six months; what are its")
