"""4. Outlook: a lean either way, none, and without enough history."""

from datetime import date
from typing import Any

import pytest

from api.panel.window import Between, Last
from api.resources.outlook.request import OutlookRequest, Prior, parse_horizon
from api.resources.outlook.schemas import BasketOutlook, OutlookResponse, OutlookSummary, PastSpread
from api.resources.questions.outlook import no_outlook, outlook_answer
from api.resources.questions.schemas import OutlookAnswer
from tests.api.resources.questions.figures import figures, meta

SPAN = Last(6, "m")
TWO = OutlookRequest(("META", "GOOGL"), ("VOO",), parse_horizon("3m"))
POWER = "It takes about 25 years."


def answered(
    chance: float, verdict: str, request: OutlookRequest = TWO, past: tuple[Any, Any] = (0.142, -0.011)
) -> OutlookAnswer:
    """The answer for a probability, with a range of five points around it."""
    summary = figures(
        OutlookSummary,
        p_a_beats_b=chance,
        p_low=chance - 0.05,
        p_high=chance + 0.05,
        verdict=verdict,
        weight_on_history=0.134,
    )
    outlook = OutlookResponse.model_construct(
        meta=meta(),
        summary=[summary],
        baskets=[figures(BasketOutlook, past_return=value) for value in past],
        past=figures(PastSpread, first_session=date(2026, 8, 21), last_session=date(2026, 11, 19)),
        power=POWER,
        rows=[],
        warnings=[],
    )
    return outlook_answer(outlook, request, SPAN)


def asked(*given: Any, **named: Any) -> str:
    answer = answered(*given, **named).answer
    assert answer is not None
    return answer


PAST = (
    "From the close of 20 August to that of 19 November 2026, dividends included, META and GOOGL returned 14.2 % and "
    "VOO −1.1 % in equal parts, a gap of 15.3 percentage points; the model carries 13 % of that gap forward."
)
CHANCE = "The probability that META and GOOGL return more than VOO over the next three months is"


@pytest.mark.parametrize(
    ("chance", "verdict", "headline", "words"),
    [
        (
            0.52,
            "no reliable difference",
            "META and GOOGL vs VOO: no reliable difference (52 %).",
            f"{CHANCE} 52 %, and between 47 % and 57 % with other past windows and assumptions.",
        ),
        (
            0.65,
            "slight lean to A",
            "META and GOOGL are slightly likelier than VOO to return more over the next three months (65 %).",
            f"{CHANCE} 65 %, and between 60 % and 70 % with other past windows and assumptions.",
        ),
        (
            0.35,
            "slight lean to B",
            "VOO is slightly likelier than META and GOOGL to return more over the next three months (65 %).",
            f"{CHANCE} 35 %, and between 30 % and 40 % with other past windows and assumptions.",
        ),
    ],
)
def test_the_sentences_follow_the_verdict(chance: float, verdict: str, headline: str, words: str) -> None:
    found = answered(chance, verdict)
    assert found.headline == headline
    assert found.details == [words, PAST, POWER, "This is not advice."]
    assert found.answer == " ".join((headline, *found.details))


def test_the_key_figures_are_the_chance_its_range_and_the_past() -> None:
    found = answered(0.52, "no reliable difference")
    assert [(one.label, one.ticker, one.unit, one.text) for one in found.key_figures] == [
        ("Probability that META and GOOGL return more", None, "ratio", "52 %"),
        ("Lowest under other assumptions", None, "ratio", "47 %"),
        ("Highest under other assumptions", None, "ratio", "57 %"),
        ("Past return, META and GOOGL", None, "signed_ratio", "+14.2 %"),
        ("Past return, VOO", None, "signed_ratio", "−1.1 %"),
    ]


def test_a_gap_is_that_of_the_returns_shown() -> None:
    answer = asked(0.5, "no reliable difference", past=(0.0836, -0.0386))
    assert "returned 8.4 % and VOO −3.9 % in equal parts, a gap of 12.3 percentage points" in answer


def test_without_a_gap_nothing_is_carried_forward() -> None:
    answer = asked(0.5, "no reliable difference", past=(0.1001, 0.1))
    assert "returned 10.0 % and VOO 10.0 % in equal parts. It takes" in answer


def test_one_ticker_returns_and_one_month_is_a_month() -> None:
    answer = asked(0.5, "no reliable difference", OutlookRequest(("META",), ("VOO",), parse_horizon("1m")))
    assert "The probability that META returns more than VOO over the next month is 50 %" in answer


def test_without_a_base_the_past_is_left_out() -> None:
    answer = asked(0.5, "no reliable difference", past=(None, 0.1))
    assert "dividends included" not in answer
    assert "The past sessions used run from 21 August to 19 November 2026; no close of every ticker" in answer


def test_the_question_and_its_links() -> None:
    found = no_outlook("too few sessions", meta(), ["a warning"], TWO, SPAN)
    assert (found.answer, found.reason, found.rows, found.summary) == (None, "too few sessions", [], [])
    assert found.question == (
        "From the past six months, which is likelier to return more over the next three months: META and GOOGL, or VOO?"
    )
    assert found.links == [
        "outlook?a=META,GOOGL&b=VOO&range=6m&horizon=3m",
        "outlook/calibration?a=META,GOOGL&b=VOO&horizon=3m",
        "portfolio?weights=equal:META,GOOGL&rebalance=daily&range=6m",
        "portfolio?weights=equal:VOO&rebalance=daily&range=6m",
    ]
    cautious = no_outlook("", meta(), [], TWO._replace(prior=Prior(0.05, 0.08)), SPAN)
    assert cautious.links[0] == "outlook?a=META,GOOGL&b=VOO&range=6m&horizon=3m&tau=0.05"
    between = no_outlook("", meta(), [], TWO, Between(date(2026, 1, 2), date(2026, 6, 30)))
    assert between.links[0] == "outlook?a=META,GOOGL&b=VOO&from=2026-01-02&to=2026-06-30&horizon=3m"
    assert between.question.startswith("From the time from 2 January to 30 June 2026, which")
