"""4. Which of two baskets is likelier to return more? Figures of `/outlook`."""

from typing import TypedDict

from api.formatting import listed, percent, period, points, shown_difference, verb
from api.http.schemas import Meta
from api.panel.window import Span
from api.resources.outlook.request import OutlookRequest, Prior
from api.resources.outlook.schemas import OutlookResponse, OutlookSummary
from api.resources.questions.key_figures import figure
from api.resources.questions.links import equal_weights, link, span_parameters
from api.resources.questions.phrases import Answer, describe_closes, describe_holes, describe_span, no_answer, number
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.schemas import KeyFigure, OutlookAnswer

_UNITS = {"d": "session", "w": "week", "m": "month"}


class QuestionFields(TypedDict):
    """The fields of an answer that depend on the question alone."""

    name: str
    question: str
    links: list[str]


def outlook_answer(outlook: OutlookResponse, request: OutlookRequest, span: Span) -> OutlookAnswer:
    """The answer from an outlook."""
    (summary,) = outlook.summary
    details = (
        _describe_probability(summary, request),
        _describe_past(outlook, request),
        f"{holes}." if (holes := describe_holes(outlook.meta, request.tickers)) else "",
        outlook.power,
        "This is not advice.",
    )
    answer = Answer(_headline(summary, request), _key_figures(outlook, request), [part for part in details if part])
    return OutlookAnswer(
        meta=outlook.meta,
        **_question_fields(request, span),
        **answer.fields(),
        summary=outlook.summary,
        rows=outlook.rows,
        warnings=outlook.warnings,
    )


def no_outlook(reason: str, meta: Meta, warnings: list[str], request: OutlookRequest, span: Span) -> OutlookAnswer:
    """The answer where there is too little history: the reason."""
    fields = _question_fields(request, span)
    return OutlookAnswer(
        meta=meta, **fields, **no_answer([reason], "a= and b="), summary=[], rows=[], warnings=warnings
    )


def _question_fields(request: OutlookRequest, span: Span) -> QuestionFields:
    over = span_parameters(span)
    words = {"a": listed(request.a), "b": listed(request.b), "horizon": _describe_horizon(request)}
    # A basket is restored to equal parts every day, as the portfolio behind its link is.
    baskets = [
        link("portfolio", weights=equal_weights(basket), rebalance="daily", **over) for basket in (request.a, request.b)
    ]
    return {
        "name": "outlook",
        "question": QUESTIONS["outlook"].of((), span=describe_span(span), **words),
        "links": [
            link("outlook", a=request.a, b=request.b, **over, **_asked_of(request)),
            link("outlook/calibration", a=request.a, b=request.b, **_asked_of(request)),
            *baskets,
        ],
    }


def _asked_of(request: OutlookRequest) -> dict[str, object]:
    """The horizon, and the prior where it is not the usual one."""
    prior, usual = request.prior, Prior()
    asked: dict[str, object] = {"horizon": f"{request.horizon.count}{request.horizon.unit}"}
    return asked | {name: value for name, value in prior._asdict().items() if value != getattr(usual, name)}


def _describe_horizon(request: OutlookRequest) -> str:
    """Three months: what follows "the next"."""
    count, noun = request.horizon.count, _UNITS[request.horizon.unit]
    return noun if count == 1 else number(count, noun)


def _headline(summary: OutlookSummary, request: OutlookRequest) -> str:
    """The verdict, which is never more than a slight lean, with the probability of the basket that is named first."""
    a, b, chance = request.a, request.b, summary.p_a_beats_b
    if summary.verdict == "no reliable difference":
        return f"{listed(a)} vs {listed(b)}: no reliable difference ({percent(chance, 0)})."
    if summary.verdict == "slight lean to B":
        a, b, chance = b, a, 1 - chance
    likelier = f"{listed(a)} {verb(a, 'is', 'are')} slightly likelier than {listed(b)} to return more"
    return f"{likelier} over the next {_describe_horizon(request)} ({percent(chance, 0)})."


def _key_figures(outlook: OutlookResponse, request: OutlookRequest) -> list[KeyFigure]:
    (summary,), (a, b) = outlook.summary, outlook.baskets
    chances = (
        (f"Probability that {listed(request.a)} {verb(request.a, 'returns', 'return')} more", summary.p_a_beats_b),
        ("Lowest under other assumptions", summary.p_low),
        ("Highest under other assumptions", summary.p_high),
    )
    past = ((request.a, a.past_return), (request.b, b.past_return))
    return [
        *(figure(label, chance, "ratio", text=percent(chance, 0)) for label, chance in chances),
        *(figure(f"Past return, {listed(basket)}", value, "signed_ratio") for basket, value in past),
    ]


def _describe_probability(summary: OutlookSummary, request: OutlookRequest) -> str:
    """The probability that A returns more, with its range under other assumptions."""
    a, b = request.a, request.b
    return (
        f"The probability that {listed(a)} {verb(a, 'returns', 'return')} more than {listed(b)} over the next "
        f"{_describe_horizon(request)} is {percent(summary.p_a_beats_b, 0)}, and between {percent(summary.p_low, 0)} "
        f"and {percent(summary.p_high, 0)} with other past windows and assumptions."
    )


def _describe_past(outlook: OutlookResponse, request: OutlookRequest) -> str:
    """The past returns of both, and the share of their gap that the outlook expects to last."""
    (summary,), (a, b), past = outlook.summary, outlook.baskets, outlook.past
    if a.past_return is None or b.past_return is None:
        sessions = period(past.first_session, past.last_session)
        lacking = "no close of every ticker before them is known, so past returns are not given"
        return f"The past sessions used run {sessions}; {lacking}."
    gap = shown_difference(a.past_return, b.past_return)
    ahead = f", a gap of {points(gap)}" if gap else ""
    carried = f"; the model carries {percent(summary.weight_on_history, 0)} of that gap forward" if gap else ""
    return (
        f"{describe_closes(outlook.meta, past.last_session)}, dividends included, {listed(request.a)} returned "
        f"{percent(a.past_return)} and {listed(request.b)} {percent(b.past_return)} in equal parts{ahead}{carried}."
    )
