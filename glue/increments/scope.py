"""The scope of a run: which tickers and years it computes again. Everything else is taken from the base snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.freeze.held import BAR, DIVIDEND, SPLIT, WRONG_SPLIT, Held
from glue.freeze.judge import WAITING_RULES
from glue.increments.event_diff import EventDiff, before_and_after, collect_diffs, event_diffs
from glue.merge.current_records import read_current_records
from glue.merge.precedence import REPLACING
from glue.merge.price_changes import read_price_changes
from glue.snapshots import staging
from glue.snapshots.job_reports import CleanReport
from glue.snapshots.staging import Staged
from glue.spark import literal_frame
from lake import layout
from lake.snapshot import Manifest, read_manifest
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS, Table

FirstYears = dict[str, int]  # by ticker the first year that is computed; every later one is too
FirstSessions = dict[str, date]  # by ticker the first session that changes
LastSessions = Mapping[str, tuple[date | None, date]]  # by ticker: as published (None: not at all), and after this run
FROM_THE_START = date.min


@dataclass(frozen=True)
class Scope:
    """What a run computes again, in whole years, because a year is a file.

    `prices`: by ticker the first year of `daily_prices`; `actions`: the years of `corporate_actions`. `days`: by ticker
    the first session that changes, from which on it is judged whether records are held back.
    """

    prices: FirstYears
    actions: set[int]
    days: FirstSessions

    @property
    def first_day(self) -> date:
        """The first session of which any row differs from the base."""
        return min(self.days.values(), default=date.max)


def scope_of(arguments: Arguments, clean: CleanReport, staged: Sequence[Staged]) -> Scope | None:
    """What the new records change of the base snapshot. None without a base: everything is computed."""
    if clean.base is None:
        return None
    manifest = read_manifest(arguments.storage, clean.base)
    found = _diffs(arguments, manifest, clean, staged)
    bars = {ticker: _first_day(diff) for ticker, diff in found["bars"].items()}
    paid = first_paid(found["paid"], manifest)
    reopened = _reopened(arguments, manifest, clean, bars, has_prices=_is_staged(RAW_PRICES, staged))
    decided = _decided(arguments, manifest, clean, staged)
    days = first_changed_sessions(manifest, bars, {*found["effective"], *decided}, paid, reopened)
    # A ticker whose splits are unknown is not published: its prices cannot be adjusted.
    years = {ticker: day.year for ticker, day in days.items() if ticker in clean.splits_seen}
    actions = {int(day[:4]) for name in ("paid", "declared") for diff in found[name].values() for day in diff.days}
    prices = {ticker: _with_predecessor(ticker, year, manifest) for ticker, year in years.items()}
    return Scope(prices, actions, {ticker: days[ticker] for ticker in prices})


def predecessors(arguments: Arguments, base: str, years: FirstYears) -> DataFrame:
    """Of each ticker the last published session of the year before the first that is computed.

    `ticker`, `year`, `date`, `raw_close` and `total_return_index`. The total return index continues from there.
    """
    wanted = {year - 1 for year in years.values()}
    published = staging.read_base_table(arguments, base, DAILY_PRICES, wanted)
    of_ticker = published.join(F.broadcast(first_years_frame(years)), "ticker").filter("year = first_year - 1")
    of_last = (F.max_by(name, "date").alias(name) for name in ("raw_close", "total_return_index"))
    return of_ticker.groupBy("ticker", "year").agg(F.max("date").alias("date"), *of_last)


def has_unchanged_rows(manifest: Manifest, years: set[int], computed: FirstYears) -> bool:
    """Whether any published row in those years is not computed: of other tickers, or before a ticker's first year."""
    first = min(years, default=date.max.year)
    return any(
        max(entry.first.year, first) < computed.get(ticker, entry.last.year + 1)
        for ticker, entry in manifest.tickers.items()
        if entry.last.year >= first
    )


def first_years_frame(years: FirstYears) -> DataFrame:
    """As a frame of `ticker` and `first_year`."""
    rows = ({"ticker": ticker, "first_year": year} for ticker, year in years.items())
    return literal_frame(rows, "ticker string, first_year int")


def _diffs(
    arguments: Arguments, manifest: Manifest, clean: CleanReport, staged: Sequence[Staged]
) -> dict[str, dict[str, EventDiff]]:
    """What differs from the base: first `bars`, dividends `paid`, splits `declared`, and those that are `effective`."""
    dividends, splits = (
        _versions(arguments, manifest.snapshot, staged, table) for table in (RAW_DIVIDENDS, RAW_SPLITS)
    )
    # Also without new splits: one that was announced earlier becomes effective with a new bar.
    frames = {"effective": event_diffs(effective_splits(splits, _last_sessions(manifest, clean)), "date")}
    if _is_staged(RAW_PRICES, staged):
        frames["bars"] = _first_changed_bars(read_price_changes(arguments))
    if _is_staged(RAW_DIVIDENDS, staged):
        frames["paid"] = event_diffs(dividends, "ex_date")
    if _is_staged(RAW_SPLITS, staged):
        frames["declared"] = event_diffs(splits, "date")
    return {"bars": {}, "paid": {}, "declared": {}} | collect_diffs(**frames)


def _first_changed_bars(changes: DataFrame) -> DataFrame:
    """From rows of `glue.merge.restatements.CHANGES`, in the form of `event_diffs`."""
    first = F.array(F.min("date").cast("string")).alias("days")
    return changes.filter("differs").groupBy("ticker").agg(F.lit(False).alias("is_new"), first)


def first_paid(diffs: Mapping[str, EventDiff], manifest: Manifest) -> FirstSessions:
    """By ticker the first ex-date that differs. One before its first published session changes no row of it."""
    found = {}
    for ticker, diff in diffs.items():
        entry = manifest.tickers.get(ticker)
        days = tuple(day for day in diff.days if entry is None or date.fromisoformat(day) >= entry.first)
        if diff.is_new or days:
            found[ticker] = _first_day(replace(diff, days=days))
    return found


def first_changed_sessions(
    manifest: Manifest, bars: FirstSessions, splits: Iterable[str], dividends: FirstSessions, reopened: FirstSessions
) -> FirstSessions:
    """The first session that changes, by ticker.

    `bars`: the first bar that is new or differs; `splits`: tickers whose effective splits differ, which rescales all of
    their history; `dividends`: the first ex-date that differs; `reopened`: the first bar that was held back and is
    judged again.
    """
    earliest: FirstSessions = {}
    for source in (bars, dict.fromkeys(splits, FROM_THE_START), dividends, reopened):
        for ticker, day in source.items():
            earliest[ticker] = min(day, earliest.get(ticker, day))
    return {ticker: _not_before_first(ticker, day, bars, manifest) for ticker, day in earliest.items()}


def _reopened(
    arguments: Arguments, manifest: Manifest, clean: CleanReport, bars: FirstSessions, *, has_prices: bool
) -> FirstSessions:
    """By ticker the first held bar about which this run has news: an answer about it, or about the splits."""
    held = [Held.from_dict(one) for one in manifest.held]
    # A split is held back with the bars that contradict it, and judged again with them: its day may be before theirs.
    waiting = [one for one in held if one.kind == BAR or one.rule == WRONG_SPLIT]
    if not waiting:
        return {}
    answered: set[tuple[str, str]] = set()
    if has_prices:
        days = {"ticker": [one.ticker for one in waiting], "date": [one.date for one in waiting]}
        rows = read_price_changes(arguments).select("ticker", "date").distinct()
        chosen = rows.filter(F.col("ticker").isin(*days["ticker"]) & F.col("date").isin(*days["date"])).collect()
        answered = {(row["ticker"], str(row["date"])) for row in chosen}
    first: FirstSessions = {}
    for one in waiting:
        entry = manifest.tickers.get(one.ticker)
        is_answered = entry is None or clean.splits_seen.get(one.ticker, "") > entry.splits_seen
        # Behind such a bar every later one waits, so that a new one changes what is held back.
        jump_moves = one.rule in WAITING_RULES and (is_answered or one.ticker in bars)
        if entry is None or jump_moves or (one.ticker, one.date) in answered:
            day = date.fromisoformat(one.date)
            first[one.ticker] = min(day, first.get(one.ticker, day))
    return first


def _decided(arguments: Arguments, manifest: Manifest, clean: CleanReport, staged: Sequence[Staged]) -> set[str]:
    """Tickers with an event held back on which an operator's import has decided: the same events may count now."""
    tickers: set[str] = set()
    for table, kind in ((RAW_SPLITS, SPLIT), (RAW_DIVIDENDS, DIVIDEND)):
        held = {one["ticker"] for one in manifest.held if one["kind"] == kind}
        if held and _is_staged(table, staged):
            current = read_current_records(arguments, clean.base, staged, table).filter(
                F.col("ticker").isin(*held) & F.col("source").startswith(REPLACING)
            )
            tickers |= {row["ticker"] for row in current.select("ticker").collect()}
    return tickers


def effective_splits(splits: DataFrame, last_sessions: LastSessions) -> DataFrame:
    """The versions of the splits (`before_and_after`) without those after the ticker's last session.

    A split is published in advance, and adjusts prices only once the ticker trades on its date.
    """
    rows = (
        {"ticker": ticker, "last_before": before and str(before), "last_after": str(after)}
        for ticker, (before, after) in last_sessions.items()
    )
    days = F.broadcast(literal_frame(rows, "ticker string, last_before date, last_after date"))
    before = F.filter("before", lambda event: F.to_date(event["date"]) <= F.col("last_before"))
    after = F.filter("after", lambda event: F.to_date(event["date"]) <= F.col("last_after"))
    return splits.join(days, "ticker", "left").select("ticker", before.alias("before"), after.alias("after"))


def _last_sessions(manifest: Manifest, clean: CleanReport) -> dict[str, tuple[date | None, date]]:
    sessions: dict[str, tuple[date | None, date]] = {
        ticker: (entry.last, entry.last) for ticker, entry in manifest.tickers.items()
    }
    newest = [(ticker, latest["last"]) for ticker, latest in clean.heads.items()]
    # Of bars that were held back too: a split of their day is effective once it is known, and lets them through.
    for ticker, day in (*newest, *((one["ticker"], one["date"]) for one in manifest.held if one["kind"] == BAR)):
        before, after = sessions.get(ticker, (None, date.min))
        sessions[ticker] = (before, max(after, date.fromisoformat(day)))
    return sessions


def _is_staged(table: Table, staged: Sequence[Staged]) -> bool:
    return layout.current_records(table.name) in {one.table for one in staged}


def _versions(arguments: Arguments, base: str, staged: Sequence[Staged], table: Table) -> DataFrame:
    """As `before_and_after`. Where nothing new was staged the base is read once, not twice."""
    old = read_current_records(arguments, base, (), table)
    if not _is_staged(table, staged):
        return old.select("ticker", F.col("events").alias("before"), F.col("events").alias("after"))
    return before_and_after(old, read_current_records(arguments, base, staged, table))


def _first_day(diff: EventDiff) -> date:
    return FROM_THE_START if diff.is_new else date.fromisoformat(diff.days[0])


def _with_predecessor(ticker: str, year: int, manifest: Manifest) -> int:
    """The year, if the ticker traded in the one before; else the ticker's first year.

    The total return index needs a predecessor, and only the year before is searched for one.
    """
    entry = manifest.tickers.get(ticker)
    if entry is None or entry.first.year >= year or entry.sessions_in(year - 1):
        return year
    return entry.first.year


def _not_before_first(ticker: str, day: date, bars: FirstSessions, manifest: Manifest) -> date:
    """Of a published ticker not before its first session; of one that is not published, everything."""
    entry = manifest.tickers.get(ticker)
    return max(day, min(entry.first, bars.get(ticker, entry.first))) if entry else FROM_THE_START
