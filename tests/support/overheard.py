"""DuckDB, overheard: what the engine is told, kept at the border to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import duckdb


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


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The statements, in order, of every connection that is made within the context, also after it."""
    statements: list[str] = []
    connect = duckdb.connect
    with mock.patch.object(duckdb, "connect", lambda *given, **named: Told(connect(*given, **named), statements)):
        yield statements
