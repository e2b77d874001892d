"""Opens the store of a lake. The engines are imported where they are needed, because a Lambda has no DuckDB."""

from pathlib import Path

from api.settings import Settings
from api.store.protocol import Store
from lake.storage import FolderStorage, open_storage


def open_store(settings: Settings) -> Store:
    """Athena for `s3://bucket/prefix`, DuckDB for a folder; LakeError where LAKE is neither."""
    storage = open_storage(settings.lake)
    if isinstance(storage, FolderStorage):
        from api.store.duckdb import DuckDBStore

        return DuckDBStore(Path(storage.url))
    from api.store.athena import AthenaStore

    return AthenaStore(settings, storage)
