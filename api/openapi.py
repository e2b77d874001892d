"""Adds an example to each path of `/openapi.json`: a shortened answer."""

import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Add the examples to the OpenAPI document of `app`."""
    plain: Callable[[], dict[str, Any]] = app.openapi
    app.openapi = cache(lambda: with_examples(plain()))  # type: ignore[method-assign] # as FastAPI's manual does it


def with_examples(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the example of each path that has one."""
    for path, example in examples().items():
        if path in document["paths"]:
            content = document["paths"][path]["get"]["responses"]["200"]["content"]
            content["application/json"]["example"] = example
    return document


def examples() -> dict[str, Any]:
    """Path to answer, as tools/openapi_examples.py wrote them."""
    text = resources.files("api").joinpath("examples.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
