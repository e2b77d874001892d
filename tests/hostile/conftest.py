"""A small lake, and the API over it; what its engine is told is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.types import ASGIApp

from api.store.duckdb import DuckDBStore
from tests.support.client import Client
from tests.support.lakes import publish
from tests.support.markets import small_market


class Told:
    """A DuckDB connection that keeps every statement it is told."""

    def __init__(self, connection: Any, statements: list[str]) -> None:
        self._connection, self._statements = connection, statements

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> "Told":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def cursor(self) -> "Told":
        return Told(self._connection.cursor(), self._statements)

    def execute(self, sql: str, *parameters: Any) -> Any:
        self._statements.append(sql)
        return self._connection.execute(sql, *parameters)


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("lake"), small_market())


@pytest.fixture(scope="package")
def statements(root: Path) -> list[str]:
    """What the engine was told, in order."""
    return []


@pytest.fixture(scope="package")
def app(root: Path, statements: list[str]) -> Iterator[ASGIApp]:
    """The API, its engine overheard at the border to DuckDB."""
    connect = duckdb.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", lambda *given, **named: Told(connect(*given, **named), statements))
        store = DuckDBStore(root)
    yield Client.of(store)._app
    store.close()
