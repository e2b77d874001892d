"""Writes api/examples.json: the answer of every path to the examples in `/openapi.json`, shortened, from LAKE."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.settings import read_settings
from api.store.open import open_store

_TARGET = Path(__file__).parent.parent / "api" / "examples.json"
_MAX_ITEMS = 2  # of a list
_PATH_PARAMETERS = {"name": "volume"}


def main() -> None:
    settings = read_settings()
    app = create_app(settings, open_store(settings), lambda: datetime.now(UTC))
    answers = asyncio.run(_ask_all(app))
    _TARGET.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


async def _ask_all(app: FastAPI) -> dict[str, Any]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        answers = {}
        for path, methods in paths.items():
            response = await client.get(path.format(**_PATH_PARAMETERS), params=parameters_of(methods["get"]))
            # An example that fails would be wrong documentation, so any error ends the run.
            answers[path] = shortened(response.raise_for_status().json())
        return answers


def parameters_of(operation: Mapping[str, Any]) -> dict[str, Any]:
    """The first example of each query parameter, which Swagger UI fills in too."""
    named = [one for one in operation.get("parameters", []) if one["in"] == "query" and one.get("examples")]
    return {one["name"]: next(iter(one["examples"].values()))["value"] for one in named}


def shortened(value: Any) -> Any:
    """The value with at most two items a list and numbers rounded to six decimals."""
    match value:
        case dict():
            return {name: shortened(part) for name, part in value.items()}
        case list():
            return [shortened(part) for part in value[:_MAX_ITEMS]]
        case float():
            return round(value, 6)
    return value


if __name__ == "__main__":
    main()
