"""4. Which of two baskets is likelier to return more? Figures of `/outlook`."""

from typing import TypedDict

from api.formatting import listed, percent, period, verb
from api.http.schemas import Meta
from api.panel.window import Span
from api.resources.outlook.request import OutlookRequest
from api.resources.outlook.schemas import OutlookResponse, OutlookSummary
from api.resources.questions.links import link, span_parameters
from api.resources.questions.phrases import describe_closes, describe_holes, describe_span, number
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import OutlookAnswer

_UNITS = {"d": "session", "w": "week", "m": "month"}


class QuestionFields(TypedDict):
    """The fields of an answer that depend on the question alone."""

    name: str
    question: str
    links: list[str]


def outlook_answer(outlook: OutlookResponse, request: OutlookRequest, span: Span) -> OutlookAnswer:
    """The answer from an outlook."""
    (summary,) = outlook.summary
    sentences = (
        _describe_probability(summary, request),
        _describe_past(outlook, request),
        f"{holes}." if (holes := describe_holes(outlook.meta, request.tickers)) else "",
        outlook.power,
        "This is not advice.",
    )
    return OutlookAnswer(
        meta=outlook.meta,
        **_question_fields(request, span),
        answer=" ".join(sentence for sentence in sentences if sentence),
        reason=None,
        summary=outlook.summary,
        rows=outlook.rows,
        warnings=outlook.warnings,
    )


def no_outlook(reason: str, meta: Meta, warnings: list[str], request: OutlookRequest, span: Span) -> OutlookAnswer:
    """The answer where there is too little history: the reason."""
    return OutlookAnswer(
        meta=meta, **_question_fields(request, span), answer=None, reason=reason, summary=[], rows=[], warnings=warnings
    )


def _question_fields(request: OutlookRequest, span: Span) -> QuestionFields:
    horizon = request.horizon
    words = {"a": listed(request.a), "b": listed(request.b), "horizon": _describe_horizon(request)}
    return {
        "name": "outlook",
        "question": QUESTIONS["outlook"].of((), span=describe_span(span), **words),
        "links": [
            link(
                "outlook", a=request.a, b=request.b, **span_parameters(span), horizon=f"{horizon.count}{horizon.unit}"
            ),
            link("outlook/calibration", a=request.a, b=request.b),
        ],
    }


def _describe_horizon(request: OutlookRequest) -> str:
    """Three months: what follows "the next"."""
    count, noun = request.horizon.count, _UNITS[request.horizon.unit]
    return noun if count == 1 else number(count, noun)


def _describe_probability(summary: OutlookSummary, request: OutlookRequest) -> str:
    """The verdict, which is never more than a slight lean, and the probability with its range."""
    a, b = request.a, request.b
    chance = (
        f"the probability that {listed(a)} {verb(a, 'returns', 'return')} more than {listed(b)} over the next "
        f"{_describe_horizon(request)} is {percent(summary.p_a_beats_b, 0)} ({percent(summary.p_low, 0)} to "
        f"{percent(summary.p_high, 0)} under other windows and priors)"
    )
    if summary.verdict == "no reliable difference":
        return f"Neither can be called likelier: {chance}, which is no reliable difference."
    ahead = a if summary.verdict == "slight lean to A" else b
    return f"{listed(ahead)} {verb(ahead, 'is', 'are')} slightly likelier to return more: {chance}."


def _describe_past(outlook: OutlookResponse, request: OutlookRequest) -> str:
    """The past returns of both, and the share of their difference that is taken as lasting."""
    (summary,), (a, b), past = outlook.summary, outlook.baskets, outlook.past
    if a.past_return is None or b.past_return is None:
        sessions = period(past.first_session, past.last_session)
        lacking = "the lake lacks a ticker's close before them, so past returns are unknown"
        return f"The past is that of the sessions {sessions}; {lacking}."
    return (
        f"{describe_closes(outlook.meta, past.last_session)} {listed(request.a)} returned {percent(a.past_return)} and "
        f"{listed(request.b)} {percent(b.past_return)}, in equal parts and dividends included, and "
        f"{percent(summary.weight_on_history, 0)} of such a difference is taken as lasting."
    )
