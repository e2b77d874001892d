"""Splits and dividends of a file → one whole record. Pure."""

from pydantic import ValidationError

from ingest.alpha_vantage.parse import Origin, reason_of
from ingest.errors import FileError
from ingest.imports.files import EventFile
from ingest.records import Dividend, Dividends, Split, Splits


def record_of(file: EventFile, origin: Origin) -> Splits | Dividends:
    """The record; FileError where an event is none, because the record replaces the older ones as a whole."""
    try:
        if file.kind == "splits":
            splits = tuple(Split(date=day, ratio=value) for day, value in file.events)
            return Splits(ticker=file.ticker, events=splits, source=origin.source, fetched_at=origin.fetched_at)
        paid = tuple(Dividend(ex_date=day, amount=value) for day, value in file.events)
        return Dividends(ticker=file.ticker, events=paid, source=origin.source, fetched_at=origin.fetched_at)
    except ValidationError as error:
        raise FileError(f"an event of it is none: {reason_of(error)}") from error
