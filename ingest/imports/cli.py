"""`python -m ingest import`: imports files into `LAKE`, and prints what became of each."""

import argparse
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from ingest.errors import SettingsError
from ingest.imports.basis import Wanted
from ingest.imports.owners import spelled
from ingest.imports.run import FileReport, ImportOptions, import_files
from ingest.settings import Settings
from lake import calendar
from lake.origin import Origin, claim_origin, read_origin
from lake.storage import Storage, open_storage

_SHOWN_LINES = 20  # left-out lines printed for each file


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help="CSV or JSON of prices, splits or "
                         "dividends, also in gzip or zip; docs/importing.md lists the layouts")  # fmt: skip
    command.add_argument("--basis", choices=("auto", "raw", "split"), default="auto", help="what prices are: "
                         "as traded, or split-adjusted; auto, the default, finds it out")  # fmt: skip
    command.add_argument("--basis-as-of", type=_day, metavar="DATE", help="the day up to whose splits "
                         "prices or dividends are adjusted, where nothing in them tells")  # fmt: skip
    command.add_argument("--replace", action="store_true", help="replace the vendor's records, instead of filling gaps")
    command.add_argument("--ticker", help="of which ticker, if neither the file nor its name says it")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2025-11-20") from error


def run_import(settings: Settings, arguments: argparse.Namespace, now: datetime) -> int:
    """0 when every file was imported, 1 when one was refused. Lines left out of an imported file are only reported."""
    storage = open_storage(settings.lake)
    # Determined before, but claimed only with the first delivery: a refused import must not create a lake.
    origin = _origin_to_join(storage, settings)
    wanted = _wanted(arguments, now)
    options = ImportOptions(wanted, arguments.replace, spelled(arguments.ticker) if arguments.ticker else None)
    reports = import_files(storage, arguments.files, options, lambda: claim_origin(storage, origin), now)
    for report in reports:
        for line in lines(report):
            print(line)
    imported = sum(report.imported for report in reports)
    records = "record" if imported == 1 else "records"
    print(f"{imported:,} {records} imported into {storage.url}; publish them with `python -m glue`")
    return 1 if any(report.reason for report in reports) else 0


def lines(report: FileReport) -> Iterator[str]:
    """The report of one file in words."""
    if report.reason:
        yield f"{report.name}: refused: {report.reason}"
        return
    dates = f", {report.first} to {report.last}" if report.first else ""
    yield f"{report.name}: {_counts(report)} of {report.ticker} imported{dates}"
    yield from (f"{report.name}: {note}" for note in report.notes)
    for line in report.bad[:_SHOWN_LINES]:
        yield f"{report.name}: left out {line}"
    if len(report.bad) > _SHOWN_LINES:
        yield f"{report.name}: left out {len(report.bad) - _SHOWN_LINES} more lines"


def _counts(report: FileReport) -> str:
    """`30 prices, 1 split and 0 dividends`: of each kind that the file has."""
    counted = (("price", report.prices), ("split", report.splits), ("dividend", report.dividends))
    counts = [f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in counted if count is not None]
    return " and ".join([part for part in (", ".join(counts[:-1]), counts[-1]) if part])


def _wanted(arguments: argparse.Namespace, now: datetime) -> Wanted:
    """What the command says of the prices. SettingsError where it contradicts itself."""
    as_of, today = arguments.basis_as_of, now.astimezone(calendar.NEW_YORK).date()
    if as_of and arguments.basis == "raw":
        raise SettingsError(
            f"--basis-as-of {as_of} is of adjusted prices, and --basis raw says that they are as traded"
        )
    if as_of and as_of > today:
        raise SettingsError(f"--basis-as-of {as_of} is after today, {today}: prices are not adjusted for later splits")
    return Wanted(arguments.basis, as_of)


def _origin_to_join(storage: Storage, settings: Settings) -> Origin:
    """The origin of the lake. A new lake becomes recorded, or live where a key says so; a simulated one is refused."""
    origin = read_origin(storage) or ("live" if settings.origin == "live" else "recorded")
    if origin == "simulated":
        raise SettingsError(f"LAKE={storage.url} holds simulated data, which real history cannot join; name another")
    return origin
