"""An Athena on loopback: its HTTP API, and the result files on S3, over the Parquet of a folder lake.

SQL goes through sqlglot's athena dialect to DuckDB. Execution parameters must be literals, as `EXECUTE … USING` in
Athena takes expressions and nothing checks them there.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from api.store.duckdb import view_over
from lake import layout
from lake.storage import FolderStorage
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT, FORECASTS

BUCKET = "results"
SCANNED = 123_456
_TYPES = {"VARCHAR": "varchar", "DATE": "date", "DOUBLE": "double", "BIGINT": "bigint", "INTEGER": "integer"}
_TABLES = {table.name: table for table in (DAILY_PRICES, CORPORATE_ACTIONS, DAILY_SENTIMENT)}
_THROTTLE = (400, {"__type": "ThrottlingException", "message": "Rate exceeded"})


@dataclass
class Execution:
    """One query: its state, and its result when it has one."""

    state: str
    reason: str = ""
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    polls: int = 0

    def lines(self) -> list[list[str | None]]:
        """The names of the columns, then the rows, as text; None for null."""
        return [[name for name, _ in self.columns], *([text(cell) for cell in row] for row in self.rows)]


@dataclass
class Athena:
    """The service's state. `throttles`: how many starts it refuses; `stuck`: queries never end; `polls`: how many
    times a query is seen running before it ends; `reuses`: whether an older result was given again; `location`: where
    the workgroup's results lie; `forecast_columns`: those of the catalog's table `forecasts`, with their Hive types."""

    root: Path
    throttles: int = 0
    stuck: bool = False
    polls: int = 1
    reuses: bool = False
    location: str = f"s3://{BUCKET}"
    forecast_columns: Mapping[str, str] = field(default_factory=lambda: {c.name: c.type for c in FORECASTS.columns})
    numbers: Iterator[int] = field(default_factory=count)
    executions: dict[str, Execution] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def called(self, operation: str) -> list[dict[str, Any]]:
        """The requests of one operation, in order."""
        return [body for name, body in self.requests if name == operation]

    def answer(self, operation: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and body of one call."""
        self.requests.append((operation, body))
        if operation == "StartQueryExecution":
            return self._start(body)
        name = body["QueryExecutionId"]
        if operation == "StopQueryExecution":
            self.executions[name].state = "CANCELLED"
            return 200, {}
        if operation == "GetQueryExecution":
            return 200, self._status(name)
        return 200, self._page(self.executions[name], body)

    def _start(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.throttles:
            self.throttles -= 1
            return _THROTTLE
        name = f"{next(self.numbers):08x}-0000-4000-8000-000000000000"
        self.executions[name] = self._run(body)
        return 200, {"QueryExecutionId": name}

    def _run(self, body: dict[str, Any]) -> Execution:
        try:
            sql = to_duckdb(body["QueryString"], body.get("ExecutionParameters", []))
            with duckdb.connect() as connection:
                for snapshot, table in self._catalog():
                    connection.execute(view_over(self.root, _TABLES[table], snapshot))
                if next(FolderStorage(self.root).list(layout.FORECASTS), None):
                    connection.execute(view_of_forecasts(self.root, self.forecast_columns))
                found = connection.execute(sql)
                columns = [(column[0], _TYPES[str(column[1])]) for column in found.description]
                return Execution("RUNNING", columns=columns, rows=found.fetchall())
        except duckdb.CatalogException as error:
            return Execution("FAILED", reason=f"TABLE_NOT_FOUND: {error}")
        except (ValueError, sqlglot.errors.SqlglotError, duckdb.Error) as error:
            return Execution("FAILED", reason=f"SYNTAX_ERROR: {error}")

    def _catalog(self) -> set[tuple[str, str]]:
        """Snapshot and name of each table that has a file; what a snapshot keeps besides is no table of the catalog."""
        keys = [key for key in FolderStorage(self.root).list(layout.PUBLISHED) if key.endswith(".parquet")]
        found = {(key.split("/")[1], key.split("/")[2]) for key in keys}
        return {(snapshot, table) for snapshot, table in found if table in _TABLES}

    def _status(self, name: str) -> dict[str, Any]:
        execution = self.executions[name]
        execution.polls += 1
        if execution.state == "RUNNING" and not self.stuck and execution.polls > self.polls:
            execution.state = "SUCCEEDED"
        status = {"State": execution.state, "StateChangeReason": execution.reason}
        location = {"OutputLocation": f"{self.location}/{name}.csv"}
        return {
            "QueryExecution": {
                "QueryExecutionId": name,
                "Query": "SELECT …",  # PyAthena takes no answer without one
                "Status": status,
                "StatementType": "DML",
                "Statistics": {
                    "DataScannedInBytes": SCANNED,
                    "TotalExecutionTimeInMillis": 700,
                    "ResultReuseInformation": {"ReusedPreviousResult": self.reuses},
                },
                "ResultConfiguration": location,
            }
        }

    def _page(self, execution: Execution, body: dict[str, Any]) -> dict[str, Any]:
        begin, size = int(body.get("NextToken", 0)), body.get("MaxResults", 1000)
        rows = [
            {"Data": [{} if cell is None else {"VarCharValue": cell} for cell in line]} for line in execution.lines()
        ]
        about = {"Precision": 17, "Scale": 0, "Nullable": "UNKNOWN"}
        metadata = [{"Name": name, "Label": name, "Type": kind, **about} for name, kind in execution.columns]
        answer = {"ResultSet": {"Rows": rows[begin : begin + size], "ResultSetMetadata": {"ColumnInfo": metadata}}}
        return answer | ({"NextToken": str(begin + size)} if begin + size < len(rows) else {})

    def result_file(self, key: str) -> bytes:
        """The CSV of a result: known values quoted, null empty, as Athena writes it."""
        lines = self.executions[key.removesuffix(".csv")].lines()
        return "".join(",".join("" if cell is None else f'"{cell}"' for cell in line) + "\n" for line in lines).encode()


def view_of_forecasts(root: Path, columns: Mapping[str, str]) -> str:
    """The statement for the table of committed forecasts. A column that a line lacks is null, as with a JSON SerDe."""
    types = {name: exp.DataType.build(kind, dialect="hive").sql(dialect="duckdb") for name, kind in columns.items()}
    files = (root / layout.FORECASTS / "dt=*/*.json").as_posix()
    return (
        f"CREATE VIEW forecasts AS SELECT * FROM read_json('{files}', format = 'newline_delimited', "
        f"columns = {types}, hive_partitioning = true, hive_types = {{'dt': VARCHAR}})"
    )


def to_duckdb(sql: str, parameters: list[str]) -> str:
    """Athena's SQL with its `?` filled in, as DuckDB's. ValueError where a parameter is no literal or one is left."""
    tree = sqlglot.parse_one(sql, read="athena")
    marks = list(tree.find_all(exp.Placeholder, bfs=False))
    if len(marks) != len(parameters):
        raise ValueError(f"{len(marks)} parameters wanted, {len(parameters)} given")
    for mark, parameter in zip(marks, parameters, strict=True):
        value = sqlglot.parse_one(parameter, read="athena")
        inner = value.this if isinstance(value, exp.Cast) else value
        if not isinstance(inner, exp.Literal):
            raise ValueError(f"{parameter} is no literal")  # noqa: TRY004 - a query that fails, not a type of ours
        mark.replace(value)
    return tree.sql(dialect="duckdb")


def text(cell: Any) -> str | None:
    """A value as Athena prints it."""
    if isinstance(cell, date):
        return cell.isoformat()
    return None if cell is None else str(cell)


@contextmanager
def athena_over(root: Path) -> Iterator[tuple[Athena, str]]:
    """An Athena and its URL, for as long as the context lasts."""
    athena = Athena(root)
    with serving(athena) as url:
        yield athena, url


@contextmanager
def serving(athena: Athena) -> Iterator[str]:
    """The URL of a given Athena, for as long as the context lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(athena)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _handler_of(athena: Athena) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = athena.answer(self.headers["X-Amz-Target"].removeprefix("AmazonAthena."), body)
            self._send(status, json.dumps(answer).encode(), "application/x-amz-json-1.1")

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            data = athena.result_file(self.path.split("?")[0].rpartition("/")[2])
            status, wanted = 200, self.headers.get("Range")
            if wanted:
                begin, _, end = wanted.removeprefix("bytes=").partition("-")
                status, data = 206, data[int(begin) : int(end) + 1 if end else None]
            self._send(status, data, "text/csv")

        def _send(self, status: int, data: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("ETag", '"0"')
            self.send_header("Last-Modified", "Fri, 20 Nov 2026 22:30:05 GMT")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    return Handler
