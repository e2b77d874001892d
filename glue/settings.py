"""The settings of the workflow on one machine, from the environment."""

import os
from collections.abc import Mapping

from lake.origin import lake_of
from lake.storage import Storage, open_storage
from lake.universe import VARIABLE as UNIVERSE
from lake.universe import choose


def choose_universe(environment: Mapping[str, str] = os.environ) -> None:
    """Follow the tickers of the file that `UNIVERSE` names, from now on."""
    choose(environment.get(UNIVERSE))


def read_lake(environment: Mapping[str, str] = os.environ) -> Storage:
    """The lake of `LAKE`, or the default one of `FEED` and `ALPHA_VANTAGE_API_KEY`."""
    return open_storage(lake_of(environment))


def read_database(environment: Mapping[str, str] = os.environ) -> str | None:
    """`GLUE_DATABASE`: the database of Glue's catalog, if any."""
    return environment.get("GLUE_DATABASE") or None
