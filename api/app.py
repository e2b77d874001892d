"""The application, put together from what it is given."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from api import http_errors
from api.params import OnlyKnown
from api.routes import compare, page, prices, service, tickers
from api.settings import Settings
from api.store.base import Store

_DESCRIPTION = """Daily US stock and ETF prices, and answers to questions about them.

Ratios are fractions: 0.0123 is 1.23 %. Rows are ascending in time. Errors are RFC 9457 problem bodies.
"""


class Stage:
    """Tells the application which stage of a gateway it lies below, so that the addresses it gives carry it.

    A path may come with its stage, as from an HTTP API, or without, as from a REST API: both are answered.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app, self._root_path = app, root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "root_path": self._root_path}, receive, send)


def create_app(settings: Settings, store: Store, clock: Callable[[], datetime]) -> FastAPI:
    """The API over `store`; `clock` gives the aware time that freshness is measured at."""
    app: FastAPI = FastAPIOffline(
        title="Bellwether",
        version="0.1.0",
        description=_DESCRIPTION,
        docs_url="/docs",
        redoc_url=None,
        responses=http_errors.RESPONSES,
    )
    app.state.settings, app.state.store, app.state.clock = settings, store, clock
    app.add_middleware(Stage, root_path=settings.root_path)
    http_errors.install(app)
    for module in (prices, compare, tickers, service):
        app.include_router(module.router, dependencies=[OnlyKnown])
    app.include_router(page.router)  # its scripts read the query, whatever stands there
    return app
