"""`/`: the page, and its stylesheet."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from api.freshness import health_of
from api.page.render import POLICY, page_html, stylesheet
from api.params import ClockDep, StoreDep

router = APIRouter(include_in_schema=False)
_HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@router.get("/")
async def read_page(store: StoreDep, clock: ClockDep) -> HTMLResponse:
    """What this is, how fresh it is, and what to ask. Always 200: Grafana's "Save & test" asks for it."""
    return HTMLResponse(page_html(await health_of(store, clock)), headers=_HEADERS)


@router.get("/page/style.css")
async def read_stylesheet() -> Response:
    """The page's stylesheet."""
    return Response(stylesheet(), media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})
