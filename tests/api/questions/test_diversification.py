"""3. Diversification: more, less, as much, and missing; the mix by hand."""

from typing import Any

import numpy as np
import pytest

from api.models.compare import CompareResponse, CompareRow, CompareSummary
from api.models.questions import DiversificationAnswer
from api.questions.diversification import diversification_answer
from api.window import Last
from tests.api.questions.figures import figures, meta, series

DAYS = ("2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20")
CLOSES = {
    "QQQ": [100.0, 110.0, 99.0, 108.9],  # +10 %, −10 %, +10 %
    "SCHG": [100.0, 100.0, 100.0, 100.0],
    "VOO": [100.0, 90.0, 99.0, 89.1],  # −10 %, +10 %, −10 %: the opposite of QQQ
}


def asked(
    known: dict[str, dict[str, Any]], *warnings: str, closes: dict[str, list[float]] = CLOSES
) -> DiversificationAnswer:
    rows = {ticker: dict(zip(DAYS, values, strict=True)) for ticker, values in closes.items() if ticker in known}
    return diversification_answer(
        CompareResponse.model_construct(
            meta=meta(base="2026-05-20"),
            summary=[figures(CompareSummary, ticker=ticker, **one) for ticker, one in known.items()],
            correlation=[],
            rows=list(series(CompareRow, "close", rows)),
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
        "correlation to VOO of −1.00 (QQQ), an equal mix of QQQ, SCHG and VOO fluctuated by 0.0 % a year against "
        "122.2 % for its parts on average, so holding them together diversified considerably."
    )


def test_the_mix_by_hand() -> None:
    """Returns of QQQ are ±10 % and VOO's their opposites: their mix stands still; each moves by √(4/3) · 10 %."""
    both = {"QQQ": {"volatility": 1.0}, "VOO": {"volatility": 1.0}}
    mix = asked(both).mix
    each = 0.1 * np.sqrt(4 / 3) * np.sqrt(252)
    assert mix.tickers == ["QQQ", "VOO"]
    assert mix.volatility == pytest.approx(0, abs=1e-12)
    assert mix.mean_volatility == pytest.approx(each)
    assert mix.diversification_ratio == pytest.approx(0, abs=1e-12)
    alike = asked(both, closes={"QQQ": CLOSES["QQQ"], "VOO": CLOSES["QQQ"]}).mix
    assert alike.diversification_ratio == pytest.approx(1)
    still = asked(both, closes={"QQQ": CLOSES["SCHG"], "VOO": CLOSES["SCHG"]}).mix
    assert still.diversification_ratio is None


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ([100.0, 110.0, 99.0, 108.9], "little"),
        ([100.0, 110.0, 104.5, 104.5], "somewhat"),
        ([100.0, 110.0, 110.0, 99.0], "considerably"),
    ],
)
def test_how_much_it_diversified(other: list[float], word: str) -> None:
    known = {"volatility": 0.2, "correlation_to_benchmark": 0.5, "cumulative_return": 0.1}
    answer = asked({"QQQ": known, "VOO": known}, closes={"QQQ": CLOSES["QQQ"], "VOO": other}).answer
    assert answer is not None
    assert answer.endswith(f"so holding them together diversified {word}.")
    assert "VOO returned 10.0 %; QQQ 10.0 %, as much." in answer


def test_without_the_benchmark_there_is_no_answer() -> None:
    found = asked({"QQQ": {"volatility": 0.2}, "VOO": {}}, "VOO: not in the lake", closes={"QQQ": CLOSES["QQQ"]})
    assert (found.answer, found.reason) == (None, "VOO: not in the lake")
    assert found.mix.diversification_ratio is None


def test_a_missing_ticker_is_said_and_the_others_answered() -> None:
    known = {"volatility": 0.2, "cumulative_return": 0.1, "average_daily_return": 0.001}
    found = asked({"QQQ": known, "SCHG": {}, "VOO": known}, "SCHG: its dividends are unknown", closes=CLOSES)
    assert found.answer is not None
    assert found.answer.endswith(" SCHG: its dividends are unknown.")
    assert found.mix.tickers == ["QQQ", "VOO"]
