"""What every job is started with, in the form in which Glue hands it over: `--LAKE s3://… --RUN 20261120T223005Z`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from lake.storage import Storage, open_storage


@dataclass(frozen=True)
class Arguments:
    """The lake, and the run that this job is a part of: all four jobs of a run are given the same id."""

    storage: Storage
    run: str

    def url(self, key: str) -> str:
        """A key as Spark reads and writes it."""
        return f"{self.storage.url}/{key}"


def parse(argv: Sequence[str]) -> Arguments:
    """The arguments among `argv`; Glue adds others of its own, which are passed over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--LAKE", required=True, help="a folder or s3://bucket/prefix")
    parser.add_argument("--RUN", required=True, help="the run's id, the UTC time of its start")
    known, _ = parser.parse_known_args(argv)
    return Arguments(open_storage(known.LAKE), known.RUN)
