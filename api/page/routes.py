"""`/`: the page, and its static files."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from api.page.assets import POLICY, asset_version, assets, page_html

router = APIRouter(include_in_schema=False)
_PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_IMMUTABLE = "public, max-age=31536000, immutable"


@router.get("/")
async def read_page() -> HTMLResponse:
    """The page. Its scripts read the query string, so any is accepted.

    Always 200, also when the lake is not readable: Grafana's "Save & test" requests it.
    """
    return HTMLResponse(page_html(), headers=_PAGE_HEADERS)


# Not async: the first request for a file compresses it, which must not block the event loop.
@router.get("/page/{version}/{name}")
def read_asset(version: str, name: str, request: Request) -> Response:
    """A static file, compressed. The URL of another release is answered too, but without a lifetime."""
    asset = assets().get(name)
    if asset is None:
        raise HTTPException(404)
    headers = {
        "Cache-Control": _IMMUTABLE if version == asset_version(name) else "no-cache",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, media_type=asset.media_type, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(asset.gzipped, media_type=asset.media_type, headers=headers)
