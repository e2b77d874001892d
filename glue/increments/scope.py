"""What a run changes of each ticker, and from which session on; everything before stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.frames import frame_of
from glue.increments.event_diff import Differing, differing, states_of
from glue.merge import merge
from glue.merge.current_records import kept_rows
from glue.snapshots import staging
from glue.snapshots.job_reports import CleanReport
from glue.snapshots.staging import Staged
from lake import layout
from lake.snapshot import Manifest, read_manifest
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS, Table

FirstYears = dict[str, int]  # of each ticker that is computed, the year from which on it is
Since = dict[str, date]
Lasts = Mapping[str, tuple[date | None, date]]
ALWAYS = date.min


@dataclass(frozen=True)
class Touched:
    """What a run must compute, in whole years, so that a year's files are written once.

    `prices`: of each ticker the first year; `actions`: the years of `corporate_actions`.
    """

    prices: FirstYears
    actions: set[int]


def touched(arguments: Arguments, clean: CleanReport, staged: Sequence[Staged]) -> Touched | None:
    """What new records change of the snapshot that the run builds on. None without one: everything."""
    if clean.base is None:
        return None
    manifest = read_manifest(arguments.storage, clean.base)
    bars = first_changed_bars(merge.changes(arguments)) if _is_staged(RAW_PRICES, staged) else {}
    dividends, splits = (_states(arguments, clean.base, staged, table) for table in (RAW_DIVIDENDS, RAW_SPLITS))
    paid = differing(dividends, "ex_date") if _is_staged(RAW_DIVIDENDS, staged) else {}
    declared = differing(splits, "date") if _is_staged(RAW_SPLITS, staged) else {}
    moved = differing(in_effect(splits, _lasts(manifest, clean)), "date")
    days = since(manifest, bars, moved, {ticker: _first_day(one) for ticker, one in paid.items()})
    years = {ticker: day.year for ticker, day in days.items() if ticker in clean.splits_seen}
    actions = {int(day[:4]) for one in (*paid.values(), *declared.values()) for day in one.days}
    return Touched({ticker: _reached_back(ticker, year, manifest) for ticker, year in years.items()}, actions)


def rows_before(arguments: Arguments, base: str, years: FirstYears) -> DataFrame:
    """Of each ticker the last published session of the year before the first that is computed.

    `ticker`, `year`, `date`, `raw_close` and `total_return_index`.
    """
    wanted = {year - 1 for year in years.values()}
    published = staging.read_base(arguments, base, DAILY_PRICES, wanted)
    of_ticker = published.join(F.broadcast(years_frame(years)), "ticker").filter("year = first_year - 1")
    of_last = (F.max_by(name, "date").alias(name) for name in ("raw_close", "total_return_index"))
    return of_ticker.groupBy("ticker", "year").agg(F.max("date").alias("date"), *of_last)


def has_untouched(manifest: Manifest, years: set[int], computed: FirstYears) -> bool:
    """Whether anything published in those years is not computed: of other tickers, or of years before their first."""
    first = min(years, default=date.max.year)
    return any(
        max(entry.first.year, first) < computed.get(ticker, entry.last.year + 1)
        for ticker, entry in manifest.tickers.items()
        if entry.last.year >= first
    )


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


def _reached_back(ticker: str, year: int, manifest: Manifest) -> int:
    """The year, or the ticker's first one where it did not trade in the year before, though earlier."""
    entry = manifest.tickers.get(ticker)
    if entry is None or entry.first.year >= year or entry.held_in(year - 1):
        return year
    return entry.first.year


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
    rows = changes.filter("differs").groupBy("ticker").agg(F.min("date").alias("first")).collect()
    return {row["ticker"]: row["first"] for row in rows}


def in_effect(splits: DataFrame, lasts: Lasts) -> DataFrame:
    """The states of the splits without those after a ticker's last session, which wait for their day.

    `lasts`: a ticker's last session before (None: not published) and after this run; one without has no bars.
    """
    rows = (
        {"ticker": ticker, "before": before and str(before), "after": str(after)}
        for ticker, (before, after) in lasts.items()
    )
    days = F.broadcast(frame_of(rows, "ticker string, before date, after date"))
    was = F.filter("was", lambda event: F.to_date(event["date"]) <= F.col("before"))
    now = F.filter("now", lambda event: F.to_date(event["date"]) <= F.col("after"))
    return splits.join(days, "ticker", "left").select("ticker", was.alias("was"), now.alias("now"))


def _is_staged(table: Table, staged: Sequence[Staged]) -> bool:
    return layout.kept(table.name) in {one.table for one in staged}


def _states(arguments: Arguments, base: str, staged: Sequence[Staged], table: Table) -> DataFrame:
    """As `states_of`; what nothing new came of is not read twice."""
    old = kept_rows(arguments, base, (), table)
    if not _is_staged(table, staged):
        return old.select("ticker", F.col("events").alias("was"), F.col("events").alias("now"))
    return states_of(old, kept_rows(arguments, base, staged, table))


def _first_day(one: Differing) -> date:
    return ALWAYS if one.is_new else date.fromisoformat(one.days[0])


def _from_the_first(ticker: str, day: date, bars: Since, manifest: Manifest) -> date:
    """Not earlier than the first session of a ticker that is published; all of one that is not."""
    entry = manifest.tickers.get(ticker)
    return max(day, min(entry.first, bars.get(ticker, entry.first))) if entry else ALWAYS
