"""Routes of modules that are imported with the first request to one of them: a cold start does not wait for them."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Scope


class LazyRoutes(BaseRoute):
    """`modules`: paths, or beginnings of paths that end in a slash, and the module whose `router` has them."""

    def __init__(self, app: FastAPI, modules: Mapping[str, str], dependencies: Sequence[Any]) -> None:
        self._app, self._dependencies = app, dependencies
        self._all, self._modules = tuple(dict.fromkeys(modules.values())), dict(modules)
        self._lock = Lock()  # the OpenAPI document is built, and loads all of them, in a thread

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Never a match: the routes that it adds stand behind it, and the search goes on to them."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        module = next((module for known, module in self._modules.items() if _is_of(path, known)), None)
        if module is not None:
            self._load(module)
        return Match.NONE, {}

    def load_all(self) -> None:
        """Import every module that is not yet imported."""
        for module in self._all:
            self._load(module)

    def api_routes(self) -> list[APIRoute]:
        """The routes of all modules, imported if need be."""
        self.load_all()
        routers = [import_module(module).router for module in self._all]
        return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]

    def _load(self, module: str) -> None:
        with self._lock:
            if module in self._modules.values():
                self._app.include_router(import_module(module).router, dependencies=self._dependencies)
                self._modules = {known: other for known, other in self._modules.items() if other != module}


def _is_of(path: str, known: str) -> bool:
    return path.startswith(known) if known.endswith("/") else path == known
