"""From which session on a run changes what is published of each ticker; everything before stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue import staging
from glue.arguments import Arguments
from glue.frames import frame_of
from glue.kept import kept_rows
from glue.merge import CHANGES
from glue.report import CleanReport
from glue.staging import Staged
from lake import layout
from lake.snapshot import Manifest, read_manifest
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS

FirstYears = dict[str, int]  # of each ticker that is computed, the year from which on it is
Since = dict[str, date]
ALWAYS = date.min


def first_years(arguments: Arguments, clean: CleanReport, staged: Sequence[Staged]) -> FirstYears | None:
    """What a run must compute, by ticker: whole years, so that a year's files are written once. None: everything."""
    if clean.base is None:
        return None
    manifest = read_manifest(arguments.storage, clean.base)
    new = {one.table for one in staged}
    bars, dividends = {}, {}
    if layout.kept(RAW_PRICES.name) in new:
        bars = first_changed_bars(staging.read(arguments, staging.CLEAN, CHANGES))
    if layout.kept(RAW_DIVIDENDS.name) in new:
        old = kept_rows(arguments, clean.base, (), RAW_DIVIDENDS)
        dividends = changed_dividends(old, kept_rows(arguments, clean.base, staged, RAW_DIVIDENDS))
    old, now = (kept_rows(arguments, clean.base, state, RAW_SPLITS) for state in ((), staged))
    days = since(manifest, bars, changed_splits(old, now, _lasts(manifest, clean)), dividends)
    years = {ticker: day.year for ticker, day in days.items() if ticker in clean.splits_seen}
    return years | _without_a_year_before(arguments, manifest, years)


def rows_before(arguments: Arguments, base: str, years: FirstYears) -> DataFrame:
    """Of each ticker the last published session of the year before the first that is computed.

    `ticker`, `year`, `date`, `raw_close` and `total_return_index`.
    """
    wanted = {year - 1 for year in years.values()}
    published = staging.read_base(arguments, base, DAILY_PRICES, wanted)
    of_ticker = published.join(F.broadcast(years_frame(years)), "ticker").filter("year = first_year - 1")
    of_last = (F.max_by(name, "date").alias(name) for name in ("raw_close", "total_return_index"))
    return of_ticker.groupBy("ticker", "year").agg(F.max("date").alias("date"), *of_last)


def years_frame(years: FirstYears) -> DataFrame:
    """As a frame of `ticker` and `first_year`."""
    rows = ({"ticker": ticker, "first_year": year} for ticker, year in years.items())
    return frame_of(rows, "ticker string, first_year int")


def _lasts(manifest: Manifest, clean: CleanReport) -> dict[str, tuple[date | None, date]]:
    """The last session of each ticker with bars, as published and after this run."""
    lasts: dict[str, tuple[date | None, date]] = {
        ticker: (entry.last, entry.last) for ticker, entry in manifest.tickers.items()
    }
    for ticker, head in clean.heads.items():
        before, after = lasts.get(ticker, (None, date.min))
        lasts[ticker] = (before, max(after, date.fromisoformat(head["last"])))
    return lasts


def _without_a_year_before(arguments: Arguments, manifest: Manifest, years: FirstYears) -> FirstYears:
    """Tickers that did not trade in the year before, though earlier: they are computed from their first session on."""
    earlier = {ticker: entry.first.year for ticker, entry in manifest.tickers.items()}
    need = {ticker: year for ticker, year in years.items() if earlier.get(ticker, year) < year}
    if not need:
        return {}
    found = {row["ticker"] for row in rows_before(arguments, manifest.snapshot, need).select("ticker").collect()}
    return {ticker: earlier[ticker] for ticker in need if ticker not in found}


def since(manifest: Manifest, bars: Since, splits: Iterable[str], dividends: Since) -> Since:
    """The first session that changes, by ticker.

    `bars`: the first bar that is new or differs; `splits`: tickers whose effective splits differ, which move all of
    their history; `dividends`: the first ex-date that differs. What waits since an earlier run is judged again.
    """
    waiting = {ticker: date.fromisoformat(day) for ticker, day in manifest.waiting.items()}
    earliest: Since = {}
    for source in (bars, dict.fromkeys(splits, ALWAYS), dividends, waiting):
        for ticker, day in source.items():
            earliest[ticker] = min(day, earliest.get(ticker, day))
    return {ticker: _from_the_first(ticker, day, bars, manifest) for ticker, day in earliest.items()}


def first_changed_bars(changes: DataFrame) -> Since:
    """From the changes of `glue.answers.changes_of`."""
    return _first_days(changes.filter("differs"), "date")


def changed_dividends(old: DataFrame, new: DataFrame) -> Since:
    """The first ex-date that one of two states of the answers knows and the other does not; ALWAYS where one is new."""
    changed = _changed_events(_events(old), _events(new))
    days = {ticker: date.fromisoformat(day) for ticker, day in _first_days(changed, "ex_date").items()}
    return days | dict.fromkeys(_first_heard_of(old, new), ALWAYS)


def changed_splits(old: DataFrame, new: DataFrame, lasts: Mapping[str, tuple[date | None, date]]) -> set[str]:
    """The tickers whose effective splits differ: those up to the last session, before and after this run.

    `lasts`: a ticker's last session before (None: not published) and after; tickers without one have no bars.
    """
    days = (
        {"ticker": ticker, "before": before and str(before), "after": str(after)}
        for ticker, (before, after) in lasts.items()
    )
    frame = F.broadcast(frame_of(days, "ticker string, before date, after date"))
    was = _events(old).join(frame, "ticker").filter(F.to_date("date") <= F.col("before")).drop("before", "after")
    now = _events(new).join(frame, "ticker").filter(F.to_date("date") <= F.col("after")).drop("before", "after")
    return {*_first_days(_changed_events(was, now), "date"), *_first_heard_of(old, new)}


def _events(answers: DataFrame) -> DataFrame:
    return answers.select("ticker", F.explode("events").alias("event")).select("ticker", "event.*")


def _changed_events(one: DataFrame, other: DataFrame) -> DataFrame:
    return one.exceptAll(other).unionByName(other.exceptAll(one))


def _first_heard_of(old: DataFrame, new: DataFrame) -> list[str]:
    return [row["ticker"] for row in new.select("ticker").join(old, "ticker", "left_anti").collect()]


def _first_days(rows: DataFrame, day: str) -> dict[str, Any]:
    return {row["ticker"]: row["first"] for row in rows.groupBy("ticker").agg(F.min(day).alias("first")).collect()}


def _from_the_first(ticker: str, day: date, bars: Since, manifest: Manifest) -> date:
    """Not earlier than the first session of a ticker that is published; all of one that is not."""
    entry = manifest.tickers.get(ticker)
    return max(day, min(entry.first, bars.get(ticker, entry.first))) if entry else ALWAYS
