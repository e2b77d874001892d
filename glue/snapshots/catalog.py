"""The published tables in Glue's catalog: one of each snapshot's name, and a stable one that follows the pointer.

Partitions are projected, not registered: a year's folder follows from the table's location, so that moving a table to
another snapshot is one call.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lake import layout
from lake.errors import LakeError
from lake.snapshot import read_pointer
from lake.storage import Storage
from lake.tables import PUBLISHED_TABLES, Table, at_snapshot

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import TableInputTypeDef

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_NO_YEARS = "1990,1990"  # a table without rows: one folder that is not there


class Catalog:
    """One database of the catalog. LakeError where Glue refuses or cannot be reached."""

    def __init__(self, database: str, client: "GlueClient | None" = None) -> None:
        self._database = database
        self._client = client or _glue_client()

    def register(self, storage: Storage, snapshot: str) -> None:
        """The tables of a snapshot under its own name, `daily_prices_20261120t223005z`."""
        for table in PUBLISHED_TABLES.values():
            self._put(table_input(storage, snapshot, table, at_snapshot(table, snapshot)))

    def align(self, storage: Storage) -> None:
        """Let the stable tables, `daily_prices` and its kin, show the snapshot that is served; none: do nothing."""
        pointer = read_pointer(storage)
        if pointer:
            for table in PUBLISHED_TABLES.values():
                self._put(table_input(storage, pointer.snapshot, table, table.name))

    def drop(self, snapshot: str) -> None:
        """Remove the tables of a snapshot's own name."""
        for table in PUBLISHED_TABLES.values():
            with self._told(), self._unless_absent():
                self._client.delete_table(DatabaseName=self._database, Name=at_snapshot(table, snapshot))

    def _put(self, wanted: "TableInputTypeDef") -> None:
        with self._told():
            try:
                self._client.update_table(DatabaseName=self._database, TableInput=wanted, SkipArchive=True)
            except self._client.exceptions.EntityNotFoundException:
                self._client.create_table(DatabaseName=self._database, TableInput=wanted)

    @contextmanager
    def _unless_absent(self) -> Iterator[None]:
        try:
            yield
        except self._client.exceptions.EntityNotFoundException:
            return

    @contextmanager
    def _told(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise LakeError(f"Glue's catalog, database {self._database}: {error}; run glue again") from error


OpenCatalog = Callable[[str], Catalog]


def table_input(storage: Storage, snapshot: str, table: Table, name: str) -> "TableInputTypeDef":
    """What Glue is told of a table. No I/O but the listing of its years."""
    location = f"{storage.url}/{layout.table(snapshot, table.name)}"
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {
            "Columns": [{"Name": one.name, "Type": one.type, "Comment": one.meaning[:255]} for one in table.columns],
            "Location": location,
            "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
            "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"},
        },
        "PartitionKeys": [{"Name": "year", "Type": "int"}],
        "Parameters": {
            "classification": "parquet",
            "projection.enabled": "true",
            "projection.year.type": "integer",
            "projection.year.range": _years(storage, layout.table(snapshot, table.name)),
            "storage.location.template": f"{location}year=${{year}}/",
        },
    }


def _years(storage: Storage, prefix: str) -> str:
    """The first and last year of a table, as projection wants them: `2005,2026`."""
    years = {key.removeprefix(f"{prefix}year=").split("/")[0] for key in storage.list(prefix)}
    return f"{min(years)},{max(years)}" if years else _NO_YEARS


def _glue_client() -> "GlueClient":
    import boto3  # only a lake with a catalog needs it
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.client("glue")
    except BotoCoreError as error:
        raise LakeError(f"Glue cannot be asked: {error}") from error
