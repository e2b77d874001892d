"""The flags of the rows that a run copies or computes again without a change, which are not evaluated again."""

from collections.abc import Iterable
from datetime import date

from pyspark.sql import DataFrame

from glue.spark import literal_frame
from lake.snapshot import Manifest

Flags = dict[str, dict[str, str]]  # by ticker and ISO date the flags of a row


def unchanged_flags(base: Manifest, years: Iterable[int], changed_from: date) -> Flags:
    """The flags of the base in those years, of sessions before the first that changes."""
    chosen, end = {str(year) for year in years}, changed_from.isoformat()
    found = {
        ticker: {day: flags for day, flags in days.items() if day[:4] in chosen and day < end}
        for ticker, days in base.flagged.items()
    }
    return {ticker: days for ticker, days in found.items() if days}


def flags_frame(flagged: Flags) -> DataFrame:
    """As a frame of `ticker`, `date` and `flags`."""
    rows = (
        {"ticker": ticker, "date": day, "flags": flags}
        for ticker, days in flagged.items()
        for day, flags in days.items()
    )
    return literal_frame(rows, "ticker string, date date, flags string")


def flagged_years(flagged: Flags) -> set[int]:
    """The years with flagged rows."""
    return {int(day[:4]) for days in flagged.values() for day in days}
