"""`answer_question`: what `/questions` answers, in one call of at most 4 kB; and the prompts that ask them."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.mcp import reading
from api.resources.questions.registry import QUESTIONS
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import simulated_market
from tests.api.mcp.conftest import Call, text_of
from tests.api.mcp.test_http import HEADERS, calling
from tests.support.client import EVENING
from tests.support.client import Client as Asking

MOST_BYTES = 4_096
ASKED: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    ("volume", {"tickers": ["NVDA", "VOO"]}, {"tickers": "NVDA,VOO"}),
    ("comparison", {"tickers": "TSLA,QQQ", "range": "6m"}, {"tickers": "TSLA,QQQ", "range": "6m"}),
    ("diversification", {"tickers": ["NVDA"], "benchmark": "QQQ"}, {"tickers": "NVDA", "benchmark": "QQQ"}),
    ("outlook", {"a": ["NVDA"], "b": ["VOO"], "horizon": "2w"}, {"a": "NVDA", "b": "VOO", "horizon": "2w"}),
    ("patterns", {"tickers": ["NVDA"], "from": "2026-06-01"}, {"tickers": "NVDA", "first": "2026-06-01"}),
)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The API over the simulator's ten tickers, of which nothing is missing but sentiment."""
    market = simulated_market(date(2025, 1, 2), date(2026, 11, 20))
    store = DuckDBStore(publish(tmp_path_factory.mktemp("simulated"), market))
    yield create_app(Settings(lake="unused"), store, lambda: EVENING)
    store.close()


@pytest.mark.parametrize(("name", "arguments", "parameters"), ASKED, ids=[one[0] for one in ASKED])
def test_a_question_is_answered_as_its_path_answers(
    call: Call, client: Asking, name: str, arguments: dict[str, Any], parameters: dict[str, str]
) -> None:
    result, body = call("answer_question", name=name, **arguments), client.json(f"/questions/{name}", **parameters)
    answer = result.structured_content
    assert {part: answer[part] for part in ("question", "headline", "details", "warnings")} == {
        part: body[part] for part in ("question", "headline", "details", "warnings")
    }
    assert [(one["label"], one["ticker"], one["text"]) for one in answer["key_figures"]] == [
        (one["label"], one["ticker"], one["text"]) for one in body["key_figures"]
    ]
    assert answer["simulated"] is True
    assert text_of(result).startswith("Simulated prices")
    assert body["headline"] in text_of(result)


def test_a_question_without_an_answer_says_why(call: Call) -> None:
    result = call("answer_question", name="volume", tickers=["AAPL"])
    assert not result.is_error
    assert "headline" not in result.structured_content
    assert result.structured_content["reason"] in text_of(result)


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_of_the_five_is_answered_in_one_call_of_four_kilobytes(simulated: Any, name: str) -> None:
    """The whole body as it goes over the network, with the text, the structured answer and what the protocol adds."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=simulated)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.post("/mcp", json=calling("answer_question", name=name), headers=HEADERS)

    response = asyncio.run(send())
    answer = response.json()["result"]["structuredContent"]
    assert answer["headline"]
    assert 3 <= len(answer["key_figures"]) <= 5
    assert answer["details"]
    assert len(response.content) <= MOST_BYTES


@pytest.mark.parametrize("name", QUESTIONS)
def test_there_is_a_prompt_for_each(name: str) -> None:
    text = reading.prompt(name, {})
    assert reading.wording(name) in text
    assert "{" not in text
    assert f"answer_question, name {name}." in text


def test_a_prompt_passes_its_arguments_on() -> None:
    text = reading.prompt("outlook", {"a": "NVDA", "b": "VOO", "range": ""})
    assert "name outlook, a NVDA, b VOO." in text


def test_the_arguments_of_a_prompt_are_those_of_its_question(call: Call) -> None:
    for name, known in reading.PROMPTS.items():
        usual = {"tickers": "NVDA", "range": "6m", "benchmark": "VOO", "a": "NVDA", "b": "VOO", "horizon": "2w"}
        result = call("answer_question", name=name, **{one.name: usual[one.name] for one in known})
        assert not result.is_error, text_of(result)


def test_the_glossary_is_that_of_the_documentation() -> None:
    """A link leads to it, in whose place the zip and the image have the file."""
    docs = Path(__file__).parents[3] / "docs" / "glossary.md"
    assert reading.glossary() == docs.read_text(encoding="utf-8")
    assert "| drawdown |" in reading.glossary()


def test_every_metric_is_defined() -> None:
    text = reading.metrics()
    assert "**max_drawdown**: " in text
    assert "Null: " in json.dumps(text)
    assert reading.read("bellwether://metrics/beta").startswith("# beta\n")
