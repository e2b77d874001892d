"""Records the statements that DuckDB executes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import duckdb


class RecordingConnection:
    """A DuckDB connection that appends every executed statement to a list, also through its cursors."""

    def __init__(self, connection: Any, statements: list[str]) -> None:
        self._connection, self._statements = connection, statements

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> "RecordingConnection":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def cursor(self) -> "RecordingConnection":
        return RecordingConnection(self._connection.cursor(), self._statements)

    def execute(self, sql: str, *parameters: Any) -> Any:
        self._statements.append(sql)
        return self._connection.execute(sql, *parameters)


@contextmanager
def record_queries() -> Iterator[list[str]]:
    """The statements, in order, of every connection opened within the context; they are recorded after it too."""
    statements: list[str] = []
    connect = duckdb.connect

    def connect_recording(*args: Any, **kwargs: Any) -> RecordingConnection:
        return RecordingConnection(connect(*args, **kwargs), statements)

    with mock.patch.object(duckdb, "connect", connect_recording):
        yield statements
