"""The application, put together from what it is given."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from types import ModuleType

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from api import http_errors, openapi
from api.build import VERSION
from api.hot import HotAnswers
from api.params import ApiKey, OnlyKnown
from api.routes import (
    compare,
    events,
    limits,
    outlook,
    page,
    prices,
    questions,
    returns,
    seasonality,
    sentiment,
    service,
    snapshots,
    tickers,
    volatility,
)
from api.settings import Settings
from api.store.base import Store
from api.store.cached import CachedStore

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
        responses=http_errors.RESPONSES,
    )
    app.state.settings, app.state.store, app.state.clock = settings, kept_store, clock
    app.add_middleware(HotAnswers, store=kept_store, kept=_first_parts(_KEPT), memory=half, packs=packs)
    app.add_middleware(Stage, root_path=settings.root_path)
    http_errors.install(app)
    openapi.install(app)
    for module in (*_KEPT, snapshots, service, page):
        app.include_router(module.router, dependencies=[OnlyKnown, ApiKey])
    return app


def _first_parts(modules: Iterable[ModuleType]) -> set[str]:
    """`compare` of `/compare`, for every route of these modules."""
    return {route.path.split("/")[1] for module in modules for route in module.router.routes}
