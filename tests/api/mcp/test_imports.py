"""The SDK takes a second to import: no path but `/mcp` pays for it."""

import subprocess
import sys
from pathlib import Path

from tests.support.client import EVENING

SCRIPT = """
import asyncio, sys
from datetime import datetime
import httpx
from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore

def imported():
    ours = ("api.mcp", "api.resources.openbb", "api.resources.llms")
    return sorted(name for name in sys.modules if name in ours or name.split(".")[0] in ("mcp", "mcp_types"))

async def ask():
    store = DuckDBStore({root!r})
    app = create_app(Settings(lake="unused"), store, lambda: datetime.fromisoformat({now!r}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        for path in ("/compare?tickers=NVDA", "/questions", "/openapi.json", "/mcpx"):
            await client.get(path)
        print("others", *imported())
        await client.post("/mcp", headers={{"Host": "evil.example"}})
        await client.get("/llms.txt")
        await client.get("/apps.json")
        print("before", *imported())
        await client.post("/mcp", json={{"jsonrpc": "2.0", "id": 1, "method": "ping"}})
        print("after", "mcp" in imported())
    store.close()

import api.lambda_handler
print("at start", *imported())
asyncio.run(ask())
"""


def test_the_sdk_is_imported_with_the_first_request_that_is_answered(root: Path) -> None:
    script = SCRIPT.format(root=root, now=EVENING.isoformat()).replace("PosixPath", "__import__('pathlib').Path")
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    packages = "before api.mcp api.resources.llms api.resources.openbb"
    assert found.stdout.splitlines() == ["at start", "others", packages, "after True"]
