"""`python -m ingest import`: files into `LAKE`, and a line a file on what came of it."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ingest.errors import SettingsError
from ingest.imports.run import Asked, FileReport, import_files
from ingest.settings import Settings
from lake.origin import Origin, claim_origin, read_origin
from lake.storage import Storage, open_storage

_SHOWN = 5  # broken lines of a file


def run_import(settings: Settings, asked: argparse.Namespace, now: datetime) -> int:
    """0 when every file was taken, 1 when one was refused; broken lines of a good file are only told."""
    storage = open_storage(settings.lake)
    origin = _joined(storage, settings)
    how = Asked(asked.basis, asked.replace, asked.ticker)
    reports = import_files(storage, asked.files, how, lambda: claim_origin(storage, origin), now)
    for report in reports:
        for line in lines(report):
            print(line)
    taken = sum(report.taken for report in reports)
    print(f"{taken:,} records into {storage.url}; `python -m glue` publishes them")
    return 1 if any(report.reason for report in reports) else 0


def lines(report: FileReport) -> Iterator[str]:
    """The report of one file in words."""
    if report.reason:
        yield f"{report.name}: refused: {report.reason}"
        return
    span = f", {report.first} to {report.last}" if report.first else ""
    yield f"{report.name}: {report.taken:,} {report.kind} of {report.ticker} taken{span}"
    for line in report.bad[:_SHOWN]:
        yield f"{report.name}: {line}"
    if len(report.bad) > _SHOWN:
        yield f"{report.name}: and {len(report.bad) - _SHOWN} more lines"


def _joined(storage: Storage, settings: Settings) -> Origin:
    """The origin of the lake that real history may join; a fresh one is recorded, where no key says that it is live."""
    origin = read_origin(storage) or ("live" if settings.origin == "live" else "recorded")
    if origin == "simulated":
        raise SettingsError(f"LAKE={storage.url} holds simulated data, and real history does not join it; name another")
    return origin


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What the command takes."""
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV of prices, splits or dividends; JSON "
                         "of the vendor's SPLITS or DIVIDENDS")  # fmt: skip
    command.add_argument("--basis", choices=("raw", "split"), help="what prices are: as traded, or split-adjusted")
    command.add_argument("--replace", action="store_true", help="take the vendor's place, instead of filling gaps")
    command.add_argument("--ticker", type=str.upper, help="whose, where neither the file nor its name says it")
