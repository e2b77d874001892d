"""What should never have been sent, as arguments of tools: an answer or a tool error in one printable sentence."""

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from api.errors import ApiError
from api.mcp.snapshots import snapshots_of
from api.mcp.tools import TOOLS
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from tests.hostile.amount import FUZZ
from tests.hostile.values import HOSTILE

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1e308, 2**70, [], {}, [[]], [None], [1], {"a": 1}, [{"$ref": "#"}], [["NVDA"]]),
    *(float("nan"), float("inf"), "NVDA" * 5000, ["NVDA"] * 3000),
)
VALUES = (*ODD, *(value for values in HOSTILE.values() for value in values))
NEEDED = {"tickers": ["NVDA"], "weights": "NVDA:1", "name": "volume"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBStore]:
    store = DuckDBStore(publish(tmp_path_factory.mktemp("lake"), small_market()))
    yield store
    store.close()


@pytest.mark.parametrize("tool", TOOLS)
def test_hostile_arguments(store: DuckDBStore, tool: str) -> None:
    """Every argument of every tool is sent some of them, others each time in `make fuzz`."""
    snapshots = snapshots_of(store)
    draws = random.Random(None if FUZZ else tool)

    async def every_argument() -> None:
        fields = TOOLS[tool].arguments.model_fields
        needed = {name: value for name, value in NEEDED.items() if name in fields and fields[name].is_required()}
        names = [field.alias or name for name, field in fields.items()]
        for name in (*names, "no_such_argument", "__class__", ""):
            for value in draws.sample(VALUES, min(len(VALUES), 12 * max(FUZZ, 1))):
                await one(needed | {name: value})

    async def one(arguments: dict[str, Any]) -> None:
        asked = f"{tool} {arguments!r}"[:300]
        try:
            answer = await TOOLS[tool].call(await snapshots(), arguments)
        except ApiError as error:
            check_refusal(str(error), asked)
            return
        json.dumps(answer.structured, allow_nan=False)
        assert answer.text.replace("\n", " ").isprintable(), asked

    asyncio.run(every_argument())


def check_refusal(message: str, asked: str) -> None:
    assert message.isprintable(), asked
    assert len(message) < 1500, asked
    assert "pydantic" not in message, asked
