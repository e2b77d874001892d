"""3. Diversification: more, less, as much, and missing."""

from typing import Any

import pytest

from api.panel.window import Last
from api.resources.calendar_returns.schemas import CalendarSummary
from api.resources.compare.schemas import CompareResponse, CompareSummary, Diversification
from api.resources.portfolio.schemas import Holding, PortfolioSummary
from api.resources.questions.diversification import diversification_answer
from api.resources.questions.mix import Mix
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
    known: dict[str, dict[str, Any]],
    *warnings: str,
    ratio: float | None = 0.9,
    returns: int = 3,
    mix: Mix | None = None,
) -> DiversificationAnswer:
    """The answer where the mix fluctuates `ratio` times as much as its parts, which fluctuate by 20 %."""
    whole = None if ratio is None else 0.2 * ratio
    parts = Diversification(
        tickers=list(known), returns=returns, mix_volatility=whole, mean_volatility=0.2, ratio=ratio
    )
    return diversification_answer(
        CompareResponse.model_construct(
            meta=meta(base="2026-05-20").model_copy(update={"basis": "total"}),
            summary=[figures(CompareSummary, ticker=ticker, **one) for ticker, one in known.items()],
            correlation=[],
            diversification=parts,
            rows=[],
            warnings=list(warnings),
        ),
        mix,
        Last(6, "m"),
    )


THREE = {
    "QQQ": {
        "cumulative_return": 0.12,
        "average_daily_return": 0.0009,
        "volatility": 0.2,
        "correlation_to_benchmark": -1.0,
    },
    "SCHG": {"cumulative_return": 0.07, "average_daily_return": -0.0002, "volatility": 0.0},
    "VOO": {"cumulative_return": 0.08, "average_daily_return": 0.0006, "volatility": 0.2},
}


def mix_of_three() -> Mix:
    """Contributions to return sum to 9.1 %, those to risk to 1."""
    contributions = {"QQQ": (0.0404, 0.336), "SCHG": (0.0203, 0.336), "VOO": (0.0303, 0.328)}
    holdings = [
        figures(Holding, ticker=ticker, contribution_to_return=gain, contribution_to_risk=risk)
        for ticker, (gain, risk) in contributions.items()
    ]
    months = [
        figures(CalendarSummary, ticker=ticker, worst=worst, worst_period=month)
        for ticker, worst, month in (
            ("portfolio", -0.021, "2026-09"),
            ("QQQ", -0.05, "2026-09"),
            ("VOO", 0.001, "2026-06"),
        )
    ]
    own = figures(PortfolioSummary, ticker="portfolio", cumulative_return=0.0910)
    return Mix(own, holdings, [*months, figures(CalendarSummary, ticker="SCHG")])


def test_more_and_less_than_the_benchmark() -> None:
    found = asked(THREE, mix=mix_of_three())
    assert found.headline == (
        "QQQ returned 4.0 percentage points more than VOO and SCHG 1.0 percentage point less over the past six months; "
        "mixing them diversified somewhat."
    )
    assert found.details == [
        (
            "From the close of 20 May to that of 20 November 2026, dividends included, the return was 12.0 % for QQQ, "
            "7.0 % for SCHG, 8.0 % for VOO and 9.1 % for an equal mix of QQQ, SCHG and VOO."
        ),
        "The average daily return was 0.09 % for QQQ, −0.02 % for SCHG and 0.06 % for VOO.",
        (
            "Higher returns say nothing about diversification; low correlation does: with a correlation to VOO of "
            "−1.00 (QQQ), an equal mix had a volatility of 18.0 % a year against 20.0 % for its parts on average, so "
            "holding them together diversified somewhat."
        ),
        # 4.04, 2.03 and 3.03 %, which rounded alone would sum to 9.0: the largest remainder, 4.04's, gets the step.
        # 33.6, 33.6 and 32.8 %, which rounded alone would sum to 101.
        (
            "Of the mix's return of 9.1 % and of its risk (100 %), QQQ contributed 4.1 % and 34 %, SCHG contributed "
            "2.0 % and 33 % and VOO contributed 3.0 % and 33 %."
        ),
        (
            "The worst full month was −2.1 % for the mix (September 2026), −5.0 % for QQQ (September 2026) and 0.1 % "
            "for VOO (June 2026)."
        ),
    ]
    assert found.answer == " ".join((found.headline, *found.details))
    assert [(one.label, one.ticker, one.text) for one in found.key_figures] == [
        ("Return vs VOO", "QQQ", "+4.0 points"),
        ("Return vs VOO", "SCHG", "−1.0 point"),
        ("Return, equal mix", None, "+9.1 %"),
        ("Volatility (ann.), equal mix", None, "18.0 %"),
        ("Volatility (ann.), mean of its parts", None, "20.0 %"),
    ]
    assert found.links == [
        "compare?tickers=QQQ,SCHG,VOO&range=6m&basis=total&benchmark=VOO",
        "portfolio?weights=equal:QQQ,SCHG,VOO&rebalance=daily&range=6m&benchmark=VOO",
        "returns/calendar?tickers=QQQ,SCHG,VOO&by=month&range=6m&basis=total",
    ]


def test_a_lead_is_that_of_the_returns_shown() -> None:
    """+8.4 and −3.9 are 12.3 apart, though 8.36 and −3.86 are 12.22."""
    found = asked({"QQQ": KNOWN | {"cumulative_return": 0.0836}, "VOO": KNOWN | {"cumulative_return": -0.0386}})
    assert found.headline is not None
    assert found.headline.startswith("QQQ returned 12.3 percentage points more than VOO over")
    assert found.key_figures[0].text == "+12.3 points"
    assert found.key_figures[0].value == pytest.approx(0.123)


def test_of_many_the_best_and_the_worst_are_named() -> None:
    gains = {"QQQ": 0.12, "SCHG": 0.07, "META": 0.2, "TSLA": -0.1, "VOO": 0.08}
    found = asked({ticker: KNOWN | {"cumulative_return": gain} for ticker, gain in gains.items()})
    assert found.headline == (
        "Of 4 tickers META did best and TSLA worst: META returned 12.0 percentage points more than VOO and TSLA 18.0 "
        "percentage points less over the past six months; mixing them diversified somewhat."
    )
    assert [one.ticker for one in found.key_figures] == ["META", "TSLA", None, None, None]


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(1.0, "little"), (0.95, "little"), (0.949, "somewhat"), (0.85, "somewhat"), (0.849, "considerably")],
)
def test_how_much_it_diversified(ratio: float, word: str) -> None:
    found = asked({"QQQ": KNOWN, "VOO": KNOWN}, ratio=ratio)
    assert found.headline == (f"QQQ returned as much as VOO over the past six months; mixing them diversified {word}.")
    assert found.details[-1].endswith(f"so holding them together diversified {word}.")


def test_without_a_base_or_a_mix_their_sentences_are_left_out() -> None:
    rootless = {"QQQ": KNOWN | {"cumulative_return": None}, "VOO": KNOWN | {"cumulative_return": None}}
    found = asked(rootless, ratio=None)
    assert found.headline == "The return over the whole period is unknown."
    assert found.details == [
        "No close before the period that all tickers share is known, so no cumulative return is given.",
        "The average daily return was 0.10 % for QQQ and 0.10 % for VOO.",
    ]


def test_of_one_return_gains_are_answered_and_diversifying_is_not() -> None:
    one = {"cumulative_return": 0.015, "average_daily_return": 0.015, "returns": 1}
    found = asked({"QQQ": one, "VOO": one | {"cumulative_return": 0.003}}, ratio=None, returns=1)
    assert found.headline == "QQQ returned 1.2 percentage points more than VOO over the past six months."
    assert found.details[-1] == (
        "No volatility is given: it needs at least two daily returns, and only one is known, so it is too early to "
        "judge diversification."
    )


def test_without_a_correlation_the_mix_is_described_all_the_same() -> None:
    """Two daily returns make a volatility, and no correlation."""
    two = KNOWN | {"correlation_to_benchmark": None}
    found = asked({"QQQ": two, "VOO": two}, returns=2)
    assert found.answer is not None
    assert "low correlation does: an equal mix had a volatility of 18.0 % a year" in found.answer


def test_without_the_benchmark_there_is_no_answer() -> None:
    found = asked({"QQQ": KNOWN, "VOO": {}}, "VOO: not in the lake")
    assert (found.answer, found.reason) == (None, "VOO: not in the lake")


def test_a_missing_ticker_is_named_and_the_others_answered() -> None:
    warnings = ("SCHG: 60 of the period's 64 sessions are in the lake", "SCHG: its dividends are unknown")
    found = asked({"QQQ": KNOWN, "SCHG": {}, "VOO": KNOWN}, *warnings, ratio=None)
    assert found.answer is not None
    assert found.answer.endswith(" SCHG: its dividends are unknown.")


def test_the_question_of_one_ticker() -> None:
    question = asked({"QQQ": KNOWN, "VOO": KNOWN}).question
    assert question.startswith("Compared to VOO, how much more has QQQ gained over the past six months; what are its")
