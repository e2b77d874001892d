"""`/llms.txt`."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from api.resources.llms.service import llms_text

router = APIRouter(tags=["Service"], include_in_schema=False)


@router.get("/llms.txt")
async def read_llms(request: Request) -> PlainTextResponse:
    """What the service answers, with an example a path, for language models."""
    # The document takes half a second the first time, which must not block the event loop.
    return PlainTextResponse(llms_text(await asyncio.to_thread(request.app.openapi)))
