"""Answers again what was answered before: ready-made bytes, before any routing, as long as the snapshot is the same.

A question in the very same words costs two look-ups; one that only names another time of the same day is read, named
(`query.name_of`) and then looked up. Everything else goes to the application, at most once for each name at a time.
Only answers with status 200 of the paths given are kept, each under its snapshot, and none of a snapshot that changed
while it was made.
"""

import time
from collections.abc import Collection
from datetime import date

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import StoreError
from api.http.answer import Answer, captured, kept_answer, send_answer, timed
from api.http.query import Name, name_of
from api.http.query_timing import counting
from api.store.base import Published, Store
from api.store.single_flight import Bounded, Flights

_UNAVAILABLE = 503
_SPELLINGS = 4096  # how many ways of asking are remembered; each is some hundred bytes

_Key = tuple[str, bool, Name]


class HotAnswers:
    """ASGI middleware. `kept`: the first parts of the paths whose answers depend on snapshot and question alone.

    `memory`: the bytes of answers kept at most. `packs`: whether gzip is offered here; a gateway does it by itself.
    """

    def __init__(self, app: ASGIApp, store: Store, kept: Collection[str], memory: int, *, packs: bool) -> None:
        self._app, self._store, self._kept, self._packs = app, store, frozenset(kept), packs
        self._answers: Bounded[_Key, Answer] = Bounded(memory, lambda answer: answer.size)
        self._asked: Flights[_Key, Answer] = Flights()
        self._spelled: Bounded[tuple[str, bytes], Name] = Bounded(_SPELLINGS, lambda _: 1)
        self._served: Published | None = None
        self._as_of = date.min

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        path = _below_root(scope)
        if path[1:].partition("/")[0] not in self._kept:
            await self._app(scope, receive, send)
            return
        served = await self._current()
        name = self._name(path, scope["query_string"]) if served else None
        if served is None or name is None:
            await self._app(scope, receive, send)
            return
        key = served.snapshot, served.stale, name
        answer = self._answers.get(key) or await self._asked.join(key, lambda: self._made(name, scope, receive))
        await send_answer(answer, scope, send, packs=self._packs)

    async def _current(self) -> Published | None:
        """The snapshot served; None where the application has to say what is wrong. A new one forgets the spellings,
        because a name depends on as-of."""
        try:
            served = await self._store.current()
        except StoreError:
            return None
        if served is not self._served:
            self._served = served
            self._as_of = served.manifest.as_of if served else date.min
            self._spelled = Bounded(_SPELLINGS, lambda _: 1)
        return served

    def _name(self, path: str, query: bytes) -> Name | None:
        name = self._spelled.get((path, query)) or name_of(path, query, self._as_of)
        if name is not None:
            self._spelled.put((path, query), name)
        return name

    async def _made(self, name: Name, scope: Scope, receive: Receive) -> Answer:
        """The application's answer; asked again where the store has fallen back on an older snapshot meanwhile."""
        served = await self._current()
        with counting() as costs:
            began = time.perf_counter()
            answer = await captured(self._app, scope, receive)
            after = await self._current()
            if answer.status == _UNAVAILABLE and after is not served:
                served = after
                answer = await captured(self._app, scope, receive)
                after = await self._current()
            took = time.perf_counter() - began
        if answer.status == 200 and served is not None and after is served:
            answer = kept_answer(answer, name, served.snapshot, stale=served.stale)
            self._answers.put((served.snapshot, served.stale, name), answer)
        return timed(answer, took, costs)


def _below_root(scope: Scope) -> str:
    """The path without the stage of a gateway, if it came with it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path
