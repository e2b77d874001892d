"""4. Outlook: a lean either way, none, and without enough history."""

from datetime import date
from typing import Any

import pytest

from api.panel.window import Between, Last
from api.resources.outlook.request import OutlookRequest, parse_horizon
from api.resources.outlook.schemas import BasketOutlook, OutlookResponse, OutlookSummary, PastSpread
from api.resources.questions.outlook import no_outlook, outlook_answer
from tests.api.resources.questions.figures import figures, meta

SPAN = Last(6, "m")
TWO = OutlookRequest(("META", "GOOGL"), ("VOO",), parse_horizon("3m"))
POWER = "It takes about 25 years."


def asked(chance: float, verdict: str, request: OutlookRequest = TWO, past: tuple[Any, Any] = (0.142, -0.011)) -> str:
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
    answer = outlook_answer(outlook, request, SPAN).answer
    assert answer is not None
    return answer


PAST = (
    "From the close of 20 August to that of 19 November 2026 META and GOOGL returned 14.2 % and VOO −1.1 %, in equal "
    "parts and dividends included, "
    "and 13 % of such a difference is taken as lasting."
)


@pytest.mark.parametrize(
    ("chance", "verdict", "words"),
    [
        (
            0.55,
            "no reliable difference",
            (
                "Neither can be called likelier: the probability that META and GOOGL return more than VOO over the "
                "next three months is 55 % (50 % to 60 % under other windows and priors), which is no reliable "
                "difference."
            ),
        ),
        (
            0.65,
            "slight lean to A",
            (
                "META and GOOGL are slightly likelier to return more: the probability that META and GOOGL return "
                "more than VOO over the next three months is 65 % (60 % to 70 % under other windows and priors)."
            ),
        ),
        (
            0.35,
            "slight lean to B",
            (
                "VOO is slightly likelier to return more: the probability that META and GOOGL return more than VOO "
                "over the next three months is 35 % (30 % to 40 % under other windows and priors)."
            ),
        ),
    ],
)
def test_the_sentence_follows_the_verdict(chance: float, verdict: str, words: str) -> None:
    assert asked(chance, verdict) == f"{words} {PAST} {POWER} This is not advice."


def test_one_ticker_returns_and_one_month_is_a_month() -> None:
    answer = asked(0.5, "no reliable difference", OutlookRequest(("META",), ("VOO",), parse_horizon("1m")))
    assert "the probability that META returns more than VOO over the next month is 50 %" in answer


def test_without_a_base_the_past_is_left_out() -> None:
    answer = asked(0.5, "no reliable difference", past=(None, 0.1))
    assert "dividends included" not in answer
    assert "The past is that of the sessions from 21 August to 19 November 2026; the lake lacks" in answer


def test_the_question_and_its_links() -> None:
    found = no_outlook("too few sessions", meta(), ["a warning"], TWO, SPAN)
    assert (found.answer, found.reason, found.rows, found.summary) == (None, "too few sessions", [], [])
    assert found.question == (
        "From the past six months, which is likelier to return more over the next three months: META and GOOGL, or VOO?"
    )
    assert found.links[0] == "outlook?a=META,GOOGL&b=VOO&range=6m&horizon=3m"
    between = no_outlook("", meta(), [], TWO, Between(date(2026, 1, 2), date(2026, 6, 30)))
    assert between.links[0] == "outlook?a=META,GOOGL&b=VOO&from=2026-01-02&to=2026-06-30&horizon=3m"
    assert between.question.startswith("From the time from 2 January to 30 June 2026, which")
