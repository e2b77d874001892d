"""One lake with the inputs of tests/cases, each under tickers of its own, so that one run of Spark publishes many.

Each case is first taken into a lake by itself, by the import or the daily run that a user would start. Its raw records
are then copied with other tickers. The tickers of one lake do not depend on each other, but for the medians of a day
that the quality rules use.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.imports.basis import Basis, Wanted
from ingest.imports.run import ImportOptions, import_files
from ingest.run import run
from ingest.settings import settings_of
from lake import layout
from lake.origin import claim_origin
from lake.storage import FolderStorage

CASES = Path(__file__).parent.parent / "cases"
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One command: an import of `files`, or without any a daily run from the case's folder `feed`.

    `hour`: when it runs, after the hours before it.
    """

    files: Sequence[str] = ()
    basis: Basis = "auto"
    as_of: str = ""
    feed: str = ""
    hour: int = 0


@dataclass(frozen=True)
class Case:
    """A folder of tests/cases, the commands, and the ticker that each of its tickers gets in the common lake."""

    folder: str
    tickers: Mapping[str, str]
    steps: Sequence[Step]


def take(case: Case, own: Path) -> FolderStorage:
    """The case in a lake by itself."""
    storage = FolderStorage(own)
    claim_origin(storage, "recorded")
    for number, step in enumerate(case.steps):
        now = NOW + timedelta(hours=step.hour, minutes=number)
        if step.files:
            day = datetime.fromisoformat(step.as_of).date() if step.as_of else None
            paths = [CASES / case.folder / name for name in step.files]
            reports = import_files(storage, paths, ImportOptions(Wanted(step.basis, day)), lambda: None, now)
            assert [report.reason for report in reports] == [None] * len(paths)
        else:
            feed = {"FEED": str(CASES / case.folder / step.feed), "TICKERS": ",".join(case.tickers)}
            assert run(settings_of({"LAKE": str(own), **feed}), "daily", lambda now=now: now).ok  # type: ignore[misc]
    return storage


def add(case: Case, own: Path, common: FolderStorage) -> None:
    """Copy the raw records of the case into the common lake, with its tickers there."""
    source = take(case, own)
    name = "-".join([case.folder, *case.tickers.values(), *(step.feed for step in case.steps)])
    for kind in layout.RAW_KINDS:
        for number, key in enumerate(source.list(f"{layout.RAW}{kind}/")):
            records = [json.loads(line) for line in source.read(key).decode().splitlines()]
            lines = (json.dumps({**one, "ticker": case.tickers[one["ticker"]]}) + "\n" for one in records)
            day = datetime.fromisoformat(key.split("dt=")[1][:10]).date()
            common.write(layout.raw(kind, day, f"{name}-{number}.json"), "".join(lines).encode())
