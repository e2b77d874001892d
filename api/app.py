"""Creates the application from its settings and store."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from api import openapi
from api.http import problems
from api.http.compression import Compression
from api.http.cors import Cors
from api.http.etag import VERSION
from api.http.lazy_routes import LazyRoutes
from api.http.negotiation import Negotiation
from api.http.parameters import ApiKey, OnlyKnown
from api.http.response_cache import ResponseCache
from api.page.routes import router as page_router
from api.resources.index import FOR_PROGRAMS, JSON_ONLY, MODULES, NOT_CACHED
from api.settings import Settings
from api.store.protocol import Store
from api.store.snapshot_cache import SnapshotCache

_DESCRIPTION = """Daily US stock and ETF prices, and answers to questions about them.

Ratios are fractions: 0.0123 is 1.23 %. Rows are ascending in time. Errors are RFC 9457 problem bodies.
"""
# Highlighting takes a second for an answer of a hundred rows; the key for AWS outlives a reload.
_SWAGGER_UI = {"syntaxHighlight": False, "defaultModelsExpandDepth": 0, "persistAuthorization": True}


class Stage:
    """Tells the application the stage of the gateway in front of it, so that its links contain the stage.

    A path may come with the stage, as from an HTTP API, or without, as from a REST API: both are answered. The
    application gets it with the stage, because a mount, such as that of Swagger's assets, matches below `root_path`.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")  # lifespan events have none
        if path and not f"{path}/".startswith(f"{self._root_path}/"):
            path = self._root_path + path
        await self._app({**scope, "path": path, "root_path": self._root_path}, receive, send)


def create_app(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    ticks: Callable[[], float] = time.monotonic,
    *,
    compress: bool = False,
    lazy: bool = False,
) -> FastAPI:
    """The API over `store`; `clock` gives the aware time that freshness is measured at, `ticks` monotonic seconds.

    `compress`: answer in gzip, where no gateway does. `lazy`: import each resource with the first question to it, so
    that a Lambda starts sooner; elsewhere no request waits for an import.
    """
    half = int(settings.cache_mb * 2**20 / 2)
    cache = SnapshotCache(store, half, settings.pointer_seconds, ticks)
    app: FastAPI = FastAPIOffline(
        title="Bellwether",
        version=VERSION,
        description=_DESCRIPTION,
        docs_url="/docs",
        redirect_slashes=False,  # a redirect would lead to whatever the Host header says
        redoc_url=None,
        swagger_ui_parameters=_SWAGGER_UI,
        openapi_tags=openapi.tags(),
        generate_unique_id_function=openapi.operation_id,
    )
    app.state.settings, app.state.store, app.state.clock = settings, cache, clock
    if compress:  # below the cache, which then holds compressed answers
        app.add_middleware(Compression)
    cached, in_csv = (
        {f"{settings.root_path}{path}" for path in MODULES if path not in others} for others in (NOT_CACHED, JSON_ONLY)
    )
    app.add_middleware(ResponseCache, store=cache, paths=cached, memory=half, compressed=compress)
    app.add_middleware(Negotiation, csv_paths=in_csv)
    if settings.root_path:  # on one machine there is none
        app.add_middleware(Stage, root_path=settings.root_path)
    if settings.cors_origins:
        _allow_origins(app, settings.cors_origins)
    resources, programs = (LazyRoutes(app, modules, [OnlyKnown, ApiKey]) for modules in (MODULES, FOR_PROGRAMS))
    if not lazy:
        resources.load_all()
    problems.install(app, resources.api_routes)
    openapi.install(app, resources.load_all)
    app.router.routes += [resources, programs]
    app.include_router(page_router)  # any query is allowed: its scripts read it
    return app


def _allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    # Around the handler of faults too, which Starlette keeps outside of all middleware: a script reads a 500 as well.
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: Cors(build(), origins)  # type: ignore[method-assign] # as for app.openapi
