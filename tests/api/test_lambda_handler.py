"""The Lambda entry, from real-shaped events of both kinds of gateway; and what it may import."""

import asyncio
import base64
import gc
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.lambda_handler import adapter, handler
from api.page.assets import CHART_LIBRARY, assets
from benchmarks.support.lakes import read_json

EVENTS = Path(__file__).parent / "events"
TOO_MUCH = ("duckdb", "pandas", "pyarrow", "scipy", "pyspark", "uvicorn", "sqlglot", "ingest", "glue")
Call = Callable[[str], dict[str, Any]]


@pytest.fixture
def call(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Hands an event to the handler, in an environment with a lake and a stage."""
    monkeypatch.setenv("LAKE", str(root))
    monkeypatch.setenv("ROOT_PATH", "prod")
    adapter.cache_clear()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield lambda name: handler(read_json(EVENTS / f"{name}.json"), None)
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)
    adapter.cache_clear()
    gc.unfreeze()  # what a Lambda keeps for ever, a test lets go


@pytest.mark.parametrize("event", ["rest_compare", "http_compare"])
def test_a_question_with_a_repeated_parameter(call: Call, event: str) -> None:
    answer = call(event)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False)
    body = json.loads(answer["body"])
    assert [summary["ticker"] for summary in body["summary"]] == ["NVDA", "AMZN"]


@pytest.mark.parametrize(("event", "status"), [("rest_unknown_parameter", 400), ("http_unknown_ticker", 404)])
def test_a_problem_body_stays_readable(call: Call, event: str, status: int) -> None:
    answer = call(event)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (status, False)
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answer["body"])["status"] == status


def test_the_page_and_swagger_below_a_stage(call: Call) -> None:
    page, docs = call("rest_page"), call("http_docs")
    assert (page["statusCode"], page["isBase64Encoded"]) == (200, False)
    assert 'href="docs"' in page["body"]
    assert "'/prod/openapi.json'" in docs["body"]


def test_the_chart_library_goes_through_a_gateway(call: Call) -> None:
    """A Lambda answers 6 MB at most, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
    answer = call("rest_chart_library")
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert answer["headers"]["content-encoding"] == "gzip"
    assert len(json.dumps(answer)) < 6_000_000
    library = assets()[CHART_LIBRARY].path.read_bytes()
    assert gzip.decompress(base64.b64decode(answer["body"])) == library


def test_the_application_is_made_once(call: Call) -> None:
    call("rest_page")
    call("rest_compare")
    assert adapter.cache_info().misses == 1


def test_the_lambda_imports_only_what_it_needs() -> None:
    """The store of S3 included. What it must not have costs seconds of cold start, or is not packed at all."""
    script = f"import sys, api.lambda_handler, api.store.athena; print(*sorted(set(sys.modules) & set({TOO_MUCH!r})))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_the_lambda_imports_the_one_resource_that_is_asked(root: Path) -> None:
    script = (
        "import json, sys; from api.lambda_handler import handler;"
        "loaded = lambda: [name for name in sys.modules if name.startswith('api.resources.') and 'routes' in name];"
        "before = loaded(); answer = handler(json.load(sys.stdin), None);"
        "print(before, answer['statusCode'], loaded())"
    )
    event = (EVENTS / "rest_compare.json").read_text(encoding="utf-8")
    environment = {"LAKE": str(root), "ROOT_PATH": "prod", "PATH": os.environ["PATH"]}
    found = subprocess.run(
        [sys.executable, "-c", script], input=event, env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[] 200 ['api.resources.compare.routes']"


def test_the_collector_pauses_only_while_the_application_is_made(call: Call) -> None:
    assert gc.isenabled()
    call("rest_page")
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
