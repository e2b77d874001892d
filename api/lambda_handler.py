"""The Lambda entry. The application is made at the first event, and reused."""
# ruff: noqa: E402 - the imports below run while the garbage collector is paused

import gc

# A cold start makes a hundred thousand objects that stay. Garbage collection would traverse them again and again, which
# takes a fifth of the cold start: it is paused meanwhile, and `gc.freeze` exempts them afterwards.
gc.disable()

import logging
from datetime import UTC, datetime
from functools import cache
from typing import Any

from mangum import Mangum

from api.app import create_app
from api.settings import read_settings
from api.store.open import open_store

gc.freeze()  # or the collector would traverse all of them as soon as it is enabled
gc.enable()

# Mangum encodes all other media types as base64, in which a person could not read a problem body.
_TEXT = ["text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml"]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One API Gateway event, REST or HTTP, to its answer."""
    return adapter()(event, context)


@cache
def adapter() -> Mangum:
    """The application behind Mangum, made from the environment at the first call."""
    logging.getLogger("api").setLevel(logging.INFO)  # the cost of each query, which Lambda's own handler writes
    gc.disable()
    try:
        settings = read_settings()
        app = create_app(settings, open_store(settings), lambda: datetime.now(UTC), lazy=True)
    finally:
        gc.freeze()
        gc.enable()
    # The stage is left to root_path: for a stage called p, Mangum's own base path would turn "/prices" into "rices".
    return Mangum(app, lifespan="off", text_mime_types=_TEXT)
