"""`answer_question`: one of the five questions, of any tickers, by the functions of `/questions`."""

import json
from collections.abc import Sequence
from typing import Any

from api.errors import BadParameterError
from api.http.parameters import parse_benchmark, parse_tickers
from api.mcp import schemas
from api.mcp.answers import Answer, answer_of, window_of
from api.mcp.arguments import QuestionArguments
from api.mcp.schemas import Schema
from api.resources.questions.registry import QUESTIONS
from api.resources.questions.routes import (
    read_comparison,
    read_diversification,
    read_outlook_question,
    read_patterns,
    read_volume,
)
from api.resources.questions.schemas import KeyFigure, QuestionAnswer
from api.store.protocol import Snapshot

_FIGURE = ("label", "ticker", "value", "unit", "text")
_WINDOW = ("range", "from", "to")
_TAKES = {
    "volume": ("tickers",),
    "comparison": ("tickers", *_WINDOW),
    "diversification": ("tickers", "benchmark", *_WINDOW),
    "outlook": ("a", "b", "horizon", *_WINDOW),
    "patterns": ("tickers", *_WINDOW),
}
_BENCHMARK = "VOO"
_MOST_BYTES = 3_600  # of an answer as JSON, so that it stays below 4 kB with what the protocol adds


async def ask(snapshot: Snapshot, asked: QuestionArguments) -> Answer:
    """The answer in a headline, key figures and details; why there is none, where there is none."""
    _refuse_unused(asked)
    found = await _read(snapshot, asked)
    said = found.headline or f"No answer: {found.reason}."
    short = answer_of(
        found.meta,
        found.warnings,
        [said, *_figure_lines(found.key_figures)],
        window=window_of(found.meta.window),
        question=found.question,
        headline=found.headline,
        key_figures=[{name: getattr(one, name) for name in _FIGURE} for one in found.key_figures],
        details=found.details,
        reason=found.reason,
    )
    return _with_details(short, found.details)


def _figure_lines(figures: Sequence[KeyFigure]) -> list[str]:
    """A line a label: `Volatility: TSLA 45.0 %, MSFT 18.5 %`."""
    texts: dict[str, list[str]] = {}
    for one in figures:
        texts.setdefault(one.label, []).append(f"{one.ticker} {one.text}" if one.ticker else one.text)
    return [f"{label}: {', '.join(known)}" for label, known in texts.items()]


def _with_details(answer: Answer, details: Sequence[str]) -> Answer:
    """The answer with as many details in its text too as its size allows: some clients show an agent the text alone."""
    room = _MOST_BYTES - len(json.dumps(answer))
    fitting = 0
    while fitting < len(details) and (room := room - len(json.dumps(details[fitting]))) >= 0:
        fitting += 1
    left = [] if fitting == len(details) else ["The structured answer has the other details. Nothing here is advice."]
    return Answer(answer.structured, "\n".join([answer.text, *details[:fitting], *left]))


def question_schema() -> Schema:
    """What `ask` gives."""
    text: Schema = {"type": "string"}
    parts: dict[str, Schema] = {
        "window": schemas.WINDOW,
        "question": text | {"description": "The question as it was understood"},
        "headline": text | {"description": "The answer in a sentence; absent where there is none"},
        "key_figures": schemas.table(KeyFigure, _FIGURE, "The figures that it rests on; text is how to say them"),
        "details": {"type": "array", "items": text, "description": "The rest of the answer"},
        "reason": text | {"description": "Only without a headline: why there is no answer"},
    }
    return schemas.output_schema(parts, ("window", "question", "key_figures", "details"))


async def _read(snapshot: Snapshot, asked: QuestionArguments) -> QuestionAnswer:
    usual = QUESTIONS[asked.name]
    tickers = usual.tickers if asked.tickers is None else parse_tickers(asked.tickers)
    span = asked.span(snapshot.published, usual.range)
    match asked.name:
        case "volume":
            return await read_volume(tickers, snapshot)
        case "comparison":
            return await read_comparison(tickers, span, snapshot)
        case "diversification":
            return await read_diversification(tickers, span, _benchmark(asked.benchmark), snapshot)
        case "outlook":
            return await read_outlook_question(asked.request(), span, snapshot)
        case "patterns":
            return await read_patterns(tickers, span, snapshot)


def _benchmark(given: str | None) -> str:
    found = parse_benchmark(given or _BENCHMARK)
    if found is None:
        raise BadParameterError("benchmark", given, "the answer is a comparison with it", "a ticker, such as VOO")
    return found


def _refuse_unused(asked: QuestionArguments) -> None:
    """BadParameterError for an argument that the question would leave unread."""
    given: dict[str, Any] = asked.model_dump(by_alias=True, exclude_unset=True, exclude={"name"})
    takes = _TAKES[asked.name]
    for name, value in given.items():
        if value is not None and name not in takes:
            why = f"the question {asked.name} has no such argument"
            raise BadParameterError(name, value, why, f"it takes {', '.join(takes)}")
