"""The published tables in Glue's catalog: one with each snapshot's name, and a stable one that follows the pointer.

Partitions are projected, not registered (https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html):
Athena computes a year's folder from the table's location, so that one call moves a table to another snapshot.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lake import layout
from lake.errors import LakeError, NotFoundError
from lake.snapshot import read_pointer
from lake.storage import Storage
from lake.tables import PUBLISHED_TABLES, Table, at_snapshot

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import TableInputTypeDef

_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
_NO_YEARS = "1990,1990"  # projection needs a range; of a table without rows this folder does not exist


class Catalog:
    """One database of the catalog. LakeError where Glue refuses or cannot be reached."""

    def __init__(self, database: str, client: "GlueClient | None" = None) -> None:
        self._database = database
        self._client = client or _glue_client()

    def register(self, storage: Storage, snapshot: str) -> None:
        """Register the tables of a snapshot with its name: `daily_prices_20261120t223005z`."""
        for table in PUBLISHED_TABLES.values():
            self._put(table_input(storage, snapshot, table, at_snapshot(table, snapshot)))

    # Called at the start of every run too: one that was killed after the swap of the pointer has left them behind.
    def align(self, storage: Storage) -> None:
        """Point the stable tables (`daily_prices` …) to the served snapshot, if there is one, and note the database."""
        pointer = read_pointer(storage)
        if pointer:
            for table in PUBLISHED_TABLES.values():
                self._put(table_input(storage, pointer.snapshot, table, table.name))
            self._note(storage)

    def _note(self, storage: Storage) -> None:
        """Write into the lake which tables follow its pointer, for whoever moves the pointer by hand."""
        note = json.dumps({"database": self._database, "region": self._client.meta.region_name}).encode()
        try:
            known = storage.read(layout.CATALOG)
        except NotFoundError:
            known = b""
        if known != note:
            storage.write(layout.CATALOG, note)

    def drop(self, snapshot: str) -> None:
        """Remove the tables with a snapshot's name."""
        for table in PUBLISHED_TABLES.values():
            with self._translated_errors(), self._ignoring_absence():
                self._client.delete_table(DatabaseName=self._database, Name=at_snapshot(table, snapshot))

    def _put(self, wanted: "TableInputTypeDef") -> None:
        with self._translated_errors():
            # Update first: the stable tables, and those of a repeated run, exist already. SkipArchive keeps Glue from
            # storing a version of the table at each update, of which an account may have only so many.
            try:
                self._client.update_table(DatabaseName=self._database, TableInput=wanted, SkipArchive=True)
            except self._client.exceptions.EntityNotFoundException:
                self._client.create_table(DatabaseName=self._database, TableInput=wanted)

    @contextmanager
    def _ignoring_absence(self) -> Iterator[None]:
        try:
            yield
        except self._client.exceptions.EntityNotFoundException:
            return

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise LakeError(f"Glue's catalog, database {self._database}: {error}; run glue again") from error


OpenCatalog = Callable[[str], Catalog]


def noted_catalog(storage: Storage) -> Catalog | None:
    """The catalog that the lake's last publish has noted; None where none has."""
    try:
        note = json.loads(storage.read(layout.CATALOG))
        database, region = note["database"], note["region"]
    except NotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise LakeError(f"{storage.url}/{layout.CATALOG} is broken; set GLUE_DATABASE, and remove it") from error
    return Catalog(database, _glue_client(region))


def table_input(storage: Storage, snapshot: str, table: Table, name: str) -> "TableInputTypeDef":
    """Glue's definition of a table. The only I/O is the listing of its years."""
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
    """The first and last year of a table, in the form of projection: `2005,2026`."""
    found = (layout.year_of(key, prefix) for key in storage.list(prefix))
    years = [year for year in found if year is not None]
    return f"{min(years)},{max(years)}" if years else _NO_YEARS


def _glue_client(region: str | None = None) -> "GlueClient":
    import boto3  # a lake without a catalog works without AWS
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.client("glue", region_name=region)
    except BotoCoreError as error:
        raise LakeError(f"Glue cannot be asked: {error}") from error
