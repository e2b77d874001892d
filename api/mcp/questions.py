"""`answer_question`: one of the five questions, of any tickers, by the functions of `/questions`."""

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
from api.resources.questions.schemas import QuestionAnswer
from api.store.protocol import Snapshot

_WINDOW = ("range", "from", "to")
_TAKES = {
    "volume": ("tickers",),
    "comparison": ("tickers", *_WINDOW),
    "diversification": ("tickers", "benchmark", *_WINDOW),
    "outlook": ("a", "b", "horizon", *_WINDOW),
    "patterns": ("tickers", *_WINDOW),
}
_BENCHMARK = "VOO"


async def ask(snapshot: Snapshot, asked: QuestionArguments) -> Answer:
    """The answer in a few sentences; why there is none, where there is none."""
    _refuse_unused(asked)
    found = await _read(snapshot, asked)
    said = found.answer or f"No answer: {found.reason}."
    return answer_of(
        found.meta,
        found.warnings,
        [found.question, said],
        window=window_of(found.meta.window),
        question=found.question,
        answer=found.answer,
        reason=found.reason,
    )


def question_schema() -> Schema:
    """What `ask` gives."""
    text: Schema = {"type": "string"}
    parts: dict[str, Schema] = {
        "window": schemas.WINDOW,
        "question": text | {"description": "The question as it was understood"},
        "answer": text | {"description": "The answer in a few sentences; absent where there is none"},
        "reason": text | {"description": "Only without an answer: why there is none"},
    }
    return schemas.output_schema(parts, ("window", "question"))


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
