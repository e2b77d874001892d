"""4. Which of two baskets is likelier to return more? The figures are those of `/outlook`."""

from typing import TypedDict

from api.formatting import listed, percent, verb
from api.http.schemas import Meta
from api.panel.window import Span
from api.resources.outlook.schemas import OutlookResponse, OutlookSummary
from api.resources.outlook.service import Inquiry
from api.resources.questions.links import link
from api.resources.questions.phrases import number, span_in_words, span_parameters
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import OutlookAnswer

_UNITS = {"d": "session", "w": "week", "m": "month"}


class Asked(TypedDict):
    """What an answer says of its question."""

    name: str
    question: str
    links: list[str]


def outlook_answer(outlook: OutlookResponse, inquiry: Inquiry, span: Span) -> OutlookAnswer:
    """The answer from an outlook."""
    (summary,) = outlook.summary
    sentences = (_chance(summary, inquiry), _past(outlook, inquiry, span), outlook.power, "This is not advice.")
    return OutlookAnswer(
        meta=outlook.meta,
        **_asked(inquiry, span),
        answer=" ".join(sentence for sentence in sentences if sentence),
        reason=None,
        summary=outlook.summary,
        rows=outlook.rows,
        warnings=outlook.warnings,
    )


def no_outlook(reason: str, meta: Meta, warnings: list[str], inquiry: Inquiry, span: Span) -> OutlookAnswer:
    """Without enough history: why."""
    return OutlookAnswer(
        meta=meta, **_asked(inquiry, span), answer=None, reason=reason, summary=[], rows=[], warnings=warnings
    )


def _asked(inquiry: Inquiry, span: Span) -> Asked:
    horizon = inquiry.horizon
    words = {"a": listed(inquiry.a), "b": listed(inquiry.b), "horizon": _ahead(inquiry)}
    return {
        "name": "outlook",
        "question": QUESTIONS["outlook"].of((), span=span_in_words(span), **words),
        "links": [
            link(
                "outlook", a=inquiry.a, b=inquiry.b, **span_parameters(span), horizon=f"{horizon.count}{horizon.unit}"
            ),
            link("outlook/calibration", a=inquiry.a, b=inquiry.b),
        ],
    }


def _ahead(inquiry: Inquiry) -> str:
    """Three months, after "the next"."""
    count, noun = inquiry.horizon.count, _UNITS[inquiry.horizon.unit]
    return noun if count == 1 else number(count, noun)


def _chance(summary: OutlookSummary, inquiry: Inquiry) -> str:
    """The probability with its range, and what may be concluded: that one is slightly likelier at most."""
    a, b = inquiry.a, inquiry.b
    chance = (
        f"the probability that {listed(a)} {verb(a, 'returns', 'return')} more than {listed(b)} over the next "
        f"{_ahead(inquiry)} is {percent(summary.p_a_beats_b, 0)} ({percent(summary.p_low, 0)} to "
        f"{percent(summary.p_high, 0)} under other windows and priors)"
    )
    if summary.verdict == "no reliable difference":
        return f"Neither can be called likelier: {chance}, which is no reliable difference."
    ahead = a if summary.verdict == "slight lean to A" else b
    return f"{listed(ahead)} {verb(ahead, 'is', 'are')} slightly likelier to return more: {chance}."


def _past(outlook: OutlookResponse, inquiry: Inquiry, span: Span) -> str:
    """What was, and how much of it is taken as lasting."""
    (summary,), (a, b) = outlook.summary, outlook.baskets
    if a.past_return is None or b.past_return is None:
        return ""
    return (
        f"Over {span_in_words(span)} {listed(inquiry.a)} returned {percent(a.past_return)} and {listed(inquiry.b)} "
        f"{percent(b.past_return)}, in equal parts and dividends included, and "
        f"{percent(summary.weight_on_history, 0)} of such a difference is taken as lasting."
    )
