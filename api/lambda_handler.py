"""The Lambda entry. The application is made at the first event, and kept."""
# ruff: noqa: E402 - what is imported under a paused collector stands below the pause

import gc

# A cold start makes a hundred thousand objects that stay; looking for garbage among them again and again is a fifth of
# it. It is paused while they are made, and then never looks at them again.
gc.disable()

import logging
from datetime import UTC, datetime
from functools import cache
from typing import Any

from mangum import Mangum

from api.app import create_app
from api.settings import read_settings
from api.store.open import open_store

gc.enable()

# Mangum encodes whatever else as base64, which a person reading a problem body could not read.
_TEXT = ["text/", "application/json", "application/javascript", "application/problem+json", "image/svg+xml"]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One API Gateway event, REST or HTTP, to its answer."""
    return adapter()(event, context)


@cache
def adapter() -> Mangum:
    """The application behind Mangum, made from the environment at the first call."""
    logging.getLogger("api").setLevel(logging.INFO)  # what each query cost; Lambda's own handler writes it
    gc.disable()
    try:
        settings = read_settings()
        app = create_app(settings, open_store(settings), lambda: datetime.now(UTC))
    finally:
        gc.freeze()
        gc.enable()
    # The stage is left to root_path: Mangum's own base path would make "rices" of "/prices" for a stage called p.
    return Mangum(app, lifespan="off", text_mime_types=_TEXT)
