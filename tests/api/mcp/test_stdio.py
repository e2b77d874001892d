"""`python -m api.mcp`, started by the SDK's own client as a desktop assistant starts it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters

from tests.api.mcp.conftest import text_of


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_answer_over_standard_input_and_output(root: Path, mode: Any) -> None:
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "api.mcp"], env=os.environ | {"LAKE": str(root)}
    )

    async def conversation() -> None:
        async with Client(started, mode=mode) as client:
            assert len((await client.list_tools()).tools) == 8
            result = await client.call_tool("compare", {"tickers": ["NVDA", "AMZN"]})
            assert text_of(result).startswith("Simulated prices")
            refused = await client.call_tool("compare", {"tickers": ["ZZZZ"]})
            assert refused.is_error

    asyncio.run(conversation())


def test_it_ends_with_its_input(root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "api.mcp"],
        env=os.environ | {"LAKE": str(root)},
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, "")


def test_a_lake_that_is_none_is_said_in_a_line() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "api.mcp"],
        env=os.environ | {"LAKE": "ftp://mistyped"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("bellwether: LAKE=ftp://mistyped")
    assert len(run.stderr.splitlines()) == 1
