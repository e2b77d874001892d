"""The application, put together from what it is given."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from api import openapi
from api.http import problems
from api.http.build import VERSION
from api.http.parameters import ApiKey, OnlyKnown
from api.http.response_cache import HotAnswers
from api.page.routes import router as page_router
from api.resources.compare.routes import router as compare
from api.resources.events.routes import router as events
from api.resources.health.routes import router as health
from api.resources.limits.routes import router as limits
from api.resources.outlook.routes import router as outlook
from api.resources.prices.routes import router as prices
from api.resources.questions.routes import router as questions
from api.resources.returns.routes import router as returns
from api.resources.seasonality.routes import router as seasonality
from api.resources.sentiment.routes import router as sentiment
from api.resources.snapshots.routes import router as snapshots
from api.resources.tickers.routes import router as tickers
from api.resources.volatility.routes import router as volatility
from api.settings import Settings
from api.store.base import Store
from api.store.snapshot_cache import CachedStore

# The routes whose answers depend on nothing but the snapshot and the question.
_KEPT = (prices, compare, returns, volatility, seasonality, outlook, questions, events, sentiment, tickers, limits)
_DESCRIPTION = """Daily US stock and ETF prices, and answers to questions about them.

Ratios are fractions: 0.0123 is 1.23 %. Rows are ascending in time. Errors are RFC 9457 problem bodies.
"""


class Stage:
    """Tells the application which stage of a gateway it lies below, so that the addresses it gives carry it.

    A path may come with its stage, as from an HTTP API, or without, as from a REST API: both are answered. It goes
    on with the stage, because a mount, such as that of Swagger's assets, looks for itself below `root_path`.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")  # none at the start and the end of a server's life
        if self._root_path and path and not f"{path}/".startswith(f"{self._root_path}/"):
            path = self._root_path + path
        await self._app({**scope, "path": path, "root_path": self._root_path}, receive, send)


def create_app(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    ticks: Callable[[], float] = time.monotonic,
    *,
    packs: bool = False,
) -> FastAPI:
    """The API over `store`; `clock` gives the aware time that freshness is measured at, `ticks` seconds that pass.

    `packs`: offer gzip, where no gateway does.
    """
    half = int(settings.cache_mb * 2**20 / 2)
    kept_store = CachedStore(store, half, settings.pointer_seconds, ticks)
    app: FastAPI = FastAPIOffline(
        title="Bellwether",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url="/docs",
        redirect_slashes=False,  # the address would be made of whatever Host says
        redoc_url=None,
        swagger_ui_parameters={"syntaxHighlight": False},  # which takes a second for an answer of a hundred rows
        responses=problems.RESPONSES,
    )
    app.state.settings, app.state.store, app.state.clock = settings, kept_store, clock
    app.add_middleware(HotAnswers, store=kept_store, kept=_first_parts(_KEPT), memory=half, packs=packs)
    app.add_middleware(Stage, root_path=settings.root_path)
    problems.install(app)
    openapi.install(app)
    for router in (*_KEPT, snapshots, health):
        app.include_router(router, dependencies=[OnlyKnown, ApiKey])
    app.include_router(page_router)  # its scripts read the query, whatever stands there
    return app


def _first_parts(routers: Iterable[APIRouter]) -> set[str]:
    """`compare` of `/compare`, for every route of these routers."""
    return {route.path.split("/")[1] for router in routers for route in router.routes if isinstance(route, APIRoute)}
