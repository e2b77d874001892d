"""Writes api/examples.json: the examples of `/openapi.json`, all of them from one simulated market at a fixed time.

Of each path, the answer to what Swagger UI fills in, shortened; of each problem, the body of a request that meets it.
"""

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.errors import ApiError, NothingPublishedError, StoreThrottledError, StoreUnavailableError
from api.http.problems import of_error
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import sentiment, simulated_market

_TARGET = Path(__file__).parent.parent / "api" / "examples.json"
_FIRST, _LAST = date(2023, 1, 3), date(2026, 11, 20)
_NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)  # Friday evening in New York, after the last session
_MAX_ITEMS = 2  # of a list
# A finding for /snapshots, older than the window of any other example.
_FLAGGED = {"QQQ": {"2023-06-15": "odd_volume"}}
_RULES = {"odd_volume": "a volume of zero, or absurd for the ticker and the day"}
_REFUSED = (
    ("/compare", {"tickers": "NVDA,AMZN", "range": "3q"}),
    ("/compare", {"tickers": "NVDA,FB"}),
    ("/outlook", {"range": "1m"}),
)
# What a healthy lake does not answer.
_STORE_ERRORS: Sequence[ApiError] = (
    NothingPublishedError("nothing is published in this lake yet; publish a snapshot, then ask again"),
    StoreThrottledError("Athena takes no more queries for the moment"),
    StoreUnavailableError("Athena did not answer within 20 s"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as lake:
        store = DuckDBStore(publish(Path(lake), _market(), flagged=_FLAGGED, rules=_RULES))
        app = create_app(Settings(lake="unused"), store, lambda: _NOW)
        examples = asyncio.run(_ask_all(app))
        store.close()
    _TARGET.write_text(json.dumps(examples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _market() -> dict[str, History]:
    market = simulated_market(_FIRST, _LAST)
    news = {ticker: replace(market[ticker], sentiment=sentiment(seed)) for seed, ticker in enumerate(("NVDA", "AMZN"))}
    return market | news


async def _ask_all(app: FastAPI) -> dict[str, Any]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
        answers = {}
        for path, methods in paths.items():
            response = await client.get(path, params=parameters_of(methods["get"]))
            # An example that fails would be wrong documentation, so any error ends the run.
            answers[path] = shortened(response.raise_for_status().json())
        refused = [(await client.get(path, params=query)).json() for path, query in _REFUSED]
    problems = refused + [json.loads(bytes(of_error(error).body)) for error in _STORE_ERRORS]
    return {"answers": answers, "problems": {body["type"].rsplit(":", 1)[-1]: body for body in problems}}


def parameters_of(operation: Mapping[str, Any]) -> dict[str, Any]:
    """The example of each query parameter, which Swagger UI fills in too."""
    return {one["name"]: one["example"] for one in operation.get("parameters", []) if "example" in one}


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
