"""Routes of modules that are imported with the first request to one of them: a cold start does not wait for them."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import Scope


class LazyRoutes(BaseRoute):
    """`modules`: paths, or beginnings of paths that end in a slash, and the module whose `router` has them."""

    def __init__(self, app: FastAPI, modules: Mapping[str, str], dependencies: Sequence[Any]) -> None:
        self._app, self._modules, self._dependencies = app, dict(modules), dependencies

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Never a match: the routes that it adds stand behind it, and the search goes on to them."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        module = next((module for known, module in self._modules.items() if _is_of(path, known)), None)
        if module is not None:
            self._modules = {known: other for known, other in self._modules.items() if other != module}
            self._app.include_router(import_module(module).router, dependencies=self._dependencies)
        return Match.NONE, {}


def _is_of(path: str, known: str) -> bool:
    return path.startswith(known) if known.endswith("/") else path == known
