"""`python -m ingest import`: imports files into `LAKE`, and prints what became of each."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ingest.errors import SettingsError
from ingest.imports.run import FileReport, ImportOptions, import_files
from ingest.settings import Settings
from lake.origin import Origin, claim_origin, read_origin
from lake.storage import Storage, open_storage

_SHOWN_LINES = 5  # left-out lines printed for each file


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV of prices, splits or dividends; JSON "
                         "of the vendor's SPLITS or DIVIDENDS")  # fmt: skip
    command.add_argument("--basis", choices=("raw", "split"), help="what prices are: as traded, or split-adjusted")
    command.add_argument("--replace", action="store_true", help="replace the vendor's records, instead of filling gaps")
    command.add_argument("--ticker", type=str.upper, help="of which ticker, if neither the file nor its name says it")


def run_import(settings: Settings, arguments: argparse.Namespace, now: datetime) -> int:
    """0 when every file was imported, 1 when one was refused. Lines left out of an imported file are only reported."""
    storage = open_storage(settings.lake)
    # Determined before, but claimed only with the first delivery: a refused import must not create a lake.
    origin = _origin_to_join(storage, settings)
    options = ImportOptions(arguments.basis, arguments.replace, arguments.ticker)
    reports = import_files(storage, arguments.files, options, lambda: claim_origin(storage, origin), now)
    for report in reports:
        for line in lines(report):
            print(line)
    imported = sum(report.imported for report in reports)
    print(f"{imported:,} records imported into {storage.url}; publish them with `python -m glue`")
    return 1 if any(report.reason for report in reports) else 0


def lines(report: FileReport) -> Iterator[str]:
    """The report of one file in words."""
    if report.reason:
        yield f"{report.name}: refused: {report.reason}"
        return
    dates = f", {report.first} to {report.last}" if report.first else ""
    yield f"{report.name}: {report.imported:,} {report.kind} of {report.ticker} imported{dates}"
    for line in report.bad[:_SHOWN_LINES]:
        yield f"{report.name}: left out {line}"
    if len(report.bad) > _SHOWN_LINES:
        yield f"{report.name}: left out {len(report.bad) - _SHOWN_LINES} more lines"


def _origin_to_join(storage: Storage, settings: Settings) -> Origin:
    """The origin of the lake. A new lake becomes recorded, or live where a key says so; a simulated one is refused."""
    origin = read_origin(storage) or ("live" if settings.origin == "live" else "recorded")
    if origin == "simulated":
        raise SettingsError(f"LAKE={storage.url} holds simulated data, which real history cannot join; name another")
    return origin
