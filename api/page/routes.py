"""`/`: the page, and its files."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from api.page.assets import POLICY, asset, page_html, version_of

router = APIRouter(include_in_schema=False)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_FOREVER = "public, max-age=31536000, immutable"


@router.get("/")
async def read_page() -> HTMLResponse:
    """The page, whatever the query: its scripts read it. Always 200: Grafana's "Save & test" asks for it."""
    return HTMLResponse(page_html(), headers=_HEADERS)


@router.get("/page/{version}/{name}")
def read_asset(version: str, name: str, request: Request) -> Response:  # in a thread: the first compresses for long
    """A file of the page, compressed. An address of another release is answered too, but not to be kept."""
    found = asset(name)
    if found is None:
        raise HTTPException(404)
    headers = {
        "Cache-Control": _FOREVER if version == version_of(name) else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.plain, media_type=found.media_type, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(found.compressed, media_type=found.media_type, headers=headers)
