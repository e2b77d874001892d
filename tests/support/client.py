"""Asks an application in this process, without a socket."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.types import ASGIApp

from api.app import create_app
from api.settings import Settings
from api.store.protocol import Store

EVENING = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # Friday 21:00 in New York
Parameters = Mapping[str, str | Sequence[str]]


class Client:
    """`get` a path and its parameters; an exception that the application lets through is raised here."""

    def __init__(self, app: ASGIApp, base: str = "http://bellwether.test") -> None:
        self._app, self._base = app, base

    @classmethod
    def of(cls, store: Store, now: datetime = EVENING, root_path: str = "") -> "Client":
        """A client of the whole API over `store`."""
        return cls(create_app(Settings(lake="unused", root_path=root_path), store, lambda: now))

    def get(
        self,
        path: str,
        parameters: Parameters | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer, whatever its status. Names of headers may have underscores."""
        named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        return asyncio.run(self._send(path, dict(parameters or {}), method, named))

    def at_once(self, questions: Sequence[tuple[str, Parameters]]) -> list[httpx.Response]:
        """The answers to all of them, asked at the same time."""

        async def all_of_them() -> list[httpx.Response]:
            return await asyncio.gather(*(self._send(path, dict(asked), "GET", {}) for path, asked in questions))

        return asyncio.run(all_of_them())

    def json(self, path: str, **parameters: str) -> dict[str, Any]:
        """The body of an answer that must be 200. `first` and `last` stand for from and to."""
        names = {"first": "from", "last": "to"}
        response = self.get(path, {names.get(name, name): value for name, value in parameters.items()})
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    async def _send(
        self, path: str, parameters: dict[str, Any], method: str, headers: dict[str, str]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url=self._base) as client:
            return await client.request(method, path, params=parameters or None, headers=headers)
