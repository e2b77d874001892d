"""What the environment says to the workflow on this machine."""

import os
from collections.abc import Mapping

from lake.origin import lake_of
from lake.storage import Storage, open_storage


def read_lake(environment: Mapping[str, str] = os.environ) -> Storage:
    """The lake of `LAKE`, or the default one of `FEED` and the vendor's key."""
    return open_storage(lake_of(environment))


def read_database(environment: Mapping[str, str] = os.environ) -> str | None:
    """The database of Glue's catalog that `GLUE_DATABASE` names, if it does."""
    return environment.get("GLUE_DATABASE") or None
