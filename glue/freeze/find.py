"""Finds what is held back of a run's bars and events: one query for suspicious steps, more only where there are any."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.daily_prices import by_session
from glue.adjust.splits import split_intervals, with_split_factors
from glue.arguments import Arguments
from glue.freeze.held import BAR, DIVIDEND, SPLIT, WITHDRAWN_SPLIT, Held
from glue.freeze.judge import (
    ABSURD,
    LARGE_DIVIDEND,
    SMALLEST_DROPPED,
    Answer,
    Bar,
    TickerRecords,
    is_known_since,
    judge,
    resembles_own_split,
)
from glue.merge.precedence import REPLACING
from glue.merge.restatements import RESPONSE_KEY, Response
from glue.merge.validation import flagged_records
from glue.spark import literal_frame, named
from lake import layout
from lake.splits import RATIO_TOLERANCE, may_be_a_split_sql
from lake.tables import RAW_PRICES, RAW_SPLITS

_SMALLEST_STEP = 1.2  # below the smallest split: checked first, because few rows need the dear condition
_BEFORE = timedelta(days=40)  # calendar days of bars before a suspicious one, so that it has a last good close
_PRICES = ("open", "high", "low", "close")
# Sources round ratios: 4:3 is 1.3333 or 1.333333.
_SAME_SPLIT = f"one.date = event.date and abs(one.ratio / event.ratio - 1) < {RATIO_TOLERANCE}D"


@dataclass(frozen=True)
class Records:
    """The current records of a run's scope.

    `bars`: rows of RAW_PRICES with `date` as a date, without what earlier runs hold back; `before`: the published rows
    before them, None without any; `splits`, `dividends`: the answers. `last_sessions`: rows of `ticker` and
    `last_session`. `judged_from`: by ticker the first session that this run judges; None: everything. `whole`: the
    tickers of which it judges everything; None: all.
    """

    bars: DataFrame
    before: DataFrame | None
    splits: DataFrame
    dividends: DataFrame
    last_sessions: DataFrame
    judged_from: Mapping[str, date] | None
    whole: Collection[str] | None


@dataclass(frozen=True)
class RawAnswers:
    """Where the answers of the vendor and of files lie: in `keys` of raw/, but for the `ignored` ones."""

    arguments: Arguments
    keys: Sequence[str]
    ignored: Sequence[Response]


def find_held(records: Records, splits_seen: Mapping[str, str], answers: RawAnswers) -> list[Held]:
    """The bars and events in scope that are held back."""
    with named("find suspicious steps and dividends"):
        found_rows = _suspects(records).collect()
    suspects = [row for row in found_rows if row["date"] >= _from(records, row["ticker"])]
    dropped = _dropped_splits(records, {row["ticker"] for row in suspects}, answers)
    tickers = {row["ticker"] for row in suspects} | dropped.keys()
    if not tickers:
        return []
    splits, dividends = (_events(frame, tickers) for frame in (records.splits, records.dividends))
    first = _first_days(suspects, splits, splits_seen, dropped)
    if not first:
        return []
    bars = _bars(records, first)
    found = {
        ticker: TickerRecords(
            ticker,
            bars.get(ticker, ()),
            splits=splits[ticker].events if ticker in splits else (),
            dividends=dividends[ticker].events if ticker in dividends else (),
            judged_from=_from(records, ticker),
            splits_seen=splits_seen.get(ticker, ""),
            trusted=frozenset(
                kind
                for kind, of in (("splits", splits), ("dividends", dividends))
                if ticker in of and of[ticker].source.startswith(REPLACING)
            ),
            dropped=dropped.get(ticker, ()),
        )
        for ticker in first
    }
    return [one for judged in _with_answers(found, answers) for one in judge(judged)]


def without_held_bars(bars: DataFrame, held: Iterable[Held]) -> DataFrame:
    """The bars that are not held back."""
    days = [{"ticker": one.ticker, "date": one.date} for one in held if one.kind == BAR]
    if not days:
        return bars
    return bars.join(F.broadcast(literal_frame(days, "ticker string, date date")), ["ticker", "date"], "left_anti")


def without_held_events(splits: DataFrame, dividends: DataFrame, held: Sequence[Held]) -> tuple[DataFrame, DataFrame]:
    """The answers without the events that are held back, and with the splits that only older answers have."""
    restored = [one for one in held if one.rule == WITHDRAWN_SPLIT]
    wrong = [one for one in held if one.kind == SPLIT and one.rule != WITHDRAWN_SPLIT]
    return (
        _with_splits(_without(splits, wrong, "date", "ratio"), restored),
        _without(dividends, [one for one in held if one.kind == DIVIDEND], "ex_date", "amount"),
    )


def _without(answers: DataFrame, held: Sequence[Held], day: str, value: str) -> DataFrame:
    if not held:
        return answers

    def is_held(event: Column) -> Column:
        each = (
            (F.col("ticker") == one.ticker) & (event[day] == one.date) & (event[value] == F.lit(float(one.value)))
            for one in held
        )
        return reduce(or_, each)

    return answers.withColumn("events", F.filter("events", lambda event: ~is_held(event)))


def _with_splits(answers: DataFrame, restored: Sequence[Held]) -> DataFrame:
    if not restored:
        return answers
    by_ticker: dict[str, list[str]] = {}
    for one in restored:
        by_ticker.setdefault(one.ticker, []).append(f"named_struct('date', '{one.date}', 'ratio', {float(one.value)}D)")
    cases = " ".join(f"when ticker = '{ticker}' then array({', '.join(rows)})" for ticker, rows in by_ticker.items())
    none = "cast(array() as array<struct<date:string,ratio:double>>)"
    return answers.withColumn("events", F.expr(f"array_sort(concat(events, case {cases} else {none} end))"))


def _from(records: Records, ticker: str) -> date:
    return date.min if records.judged_from is None else records.judged_from.get(ticker, date.max)


def _suspects(records: Records) -> DataFrame:
    """`ticker`, `date`, `doubtful`, and `step`, the log of the close to the one before: null for a large dividend.

    `doubtful`: whether the step is absurd, or a large one on the day of a split, so that no later answer settles it.
    """
    closes = records.bars.select("ticker", "date", *_PRICES)
    if records.before is not None:
        level = (F.col("raw_close").alias(name) for name in _PRICES)
        closes = closes.unionByName(records.before.select("ticker", "date", *level))
    adjusted = with_split_factors(closes, split_intervals(records.splits, records.last_sessions)).withColumns(
        {name: F.col(name) * F.col("split_factor") for name in _PRICES}
    )
    stepping = adjusted.withColumn("before", F.lag("close").over(by_session())).withColumn(
        "at_split", F.col("split_factor") != F.lag("split_factor").over(by_session())
    )
    steep = f"high > {_SMALLEST_STEP}D * before or low * {_SMALLEST_STEP}D < before"
    absurd = f"(high > {ABSURD}D * before or low * {ABSURD}D < before)"
    jump = may_be_a_split_sql("before", "close", "open")
    steps = stepping.filter(f"({steep}) and (at_split or {absurd} or {jump})").selectExpr(
        "ticker", "date", f"(at_split or {absurd}) as doubtful", "ln(try_divide(close, before)) as step"
    )
    return steps.unionByName(_large_dividends(records))


def _large_dividends(records: Records) -> DataFrame:
    """Dividends of a tenth of the year's lowest close: a wider net than the judgement, without a look at every day."""
    lowest = records.bars.groupBy("ticker", "year").agg(F.min("close").alias("lowest"))
    events = records.dividends.select("ticker", F.explode("events").alias("event")).selectExpr(
        "ticker", "to_date(event.ex_date) as date", "year(to_date(event.ex_date)) as year", "event.amount as amount"
    )
    large: Column = F.col("amount") >= LARGE_DIVIDEND / 2 * F.col("lowest")
    return lowest.join(F.broadcast(events), ["ticker", "year"]).filter(large).selectExpr(
        "ticker", "date", "false as doubtful", "cast(null as double) as step"
    )  # fmt: skip


@dataclass(frozen=True)
class _Events:
    source: str
    events: tuple[tuple[date, float], ...]


def _events(answers: DataFrame, tickers: Iterable[str]) -> dict[str, _Events]:
    return {
        row["ticker"]: _Events(
            row["source"], tuple(sorted((date.fromisoformat(day), value) for day, value in row["events"]))
        )
        for row in answers.filter(F.col("ticker").isin(*tickers)).select("ticker", "source", "events").collect()
    }


def _dropped_splits(
    records: Records, suspicious: Collection[str], raw: RawAnswers
) -> dict[str, list[tuple[date, float]]]:
    """By ticker the splits that some answer in raw/ had and the current ones have not, ascending.

    Only of tickers that are suspicious or of which everything is judged: there a split may have been withdrawn.
    """
    tickers = None if records.whole is None else {*suspicious, *records.whole}
    if tickers is not None and not tickers:
        return {}
    keys = [key for key in raw.keys if layout.raw_kind_of(key) == RAW_SPLITS.name]
    rows = flagged_records(raw.arguments, keys, RAW_SPLITS).filter("rule is null")
    given = rows if tickers is None else rows.filter(F.col("ticker").isin(*tickers))
    current = records.splits.select("ticker", F.col("events").alias("current"))
    dropped: dict[str, list[tuple[date, float]]] = {}
    with named("find splits that only older answers have"):
        found = (
            given.select("ticker", F.explode("events").alias("event")).distinct()
            .join(F.broadcast(current), "ticker")
            .filter(f"not exists(current, one -> {_SAME_SPLIT}) and abs(ln(event.ratio)) > {SMALLEST_DROPPED}D")
            .select("ticker", "event.date", "event.ratio").collect()
        )  # fmt: skip
    for row in found:
        dropped.setdefault(row["ticker"], []).append((date.fromisoformat(row["date"]), row["ratio"]))
    return {ticker: sorted(events) for ticker, events in dropped.items()}


def _first_days(
    suspects: Iterable[Any],
    splits: Mapping[str, _Events],
    splits_seen: Mapping[str, str],
    dropped: Mapping[str, Sequence[tuple[date, float]]],
) -> dict[str, date]:
    """By ticker the first day that has to be judged: of a suspect, or of a split that only older answers have.

    A jump of long ago that resembles no split of the ticker is none: a list of splits that is newer explains nothing.
    """
    first = {ticker: events[0][0] for ticker, events in dropped.items()}
    for row in suspects:
        ticker, day = row["ticker"], row["date"]
        is_settled = (
            row["step"] is not None
            and not row["doubtful"]
            and is_known_since(day, splits_seen.get(ticker, ""))
            and not (ticker in splits and resembles_own_split(row["step"], splits[ticker].events))
        )
        if not is_settled:
            first[ticker] = min(day, first.get(ticker, day))
    return first


def _bars(records: Records, first: Mapping[str, date]) -> dict[str, list[Bar]]:
    """The bars of these tickers from some weeks before their first suspect on."""
    start = min(first.values()) - _BEFORE
    columns = ("ticker", "date", *_PRICES, "source")
    chosen = records.bars.select(*columns)
    if records.before is not None:
        level = (F.col("raw_close").alias(name) for name in _PRICES)
        chosen = chosen.unionByName(records.before.select("ticker", "date", *level, F.lit("").alias("source")))
    rows = chosen.filter(F.col("ticker").isin(*first) & (F.col("date") >= F.lit(start))).collect()
    found: dict[str, list[Bar]] = {}
    for row in sorted(rows, key=lambda row: (row["ticker"], row["date"])):
        bar = Bar(row["date"], row["open"], row["high"], row["low"], row["close"], row["source"])
        found.setdefault(row["ticker"], []).append(bar)
    return found


def _with_answers(found: Mapping[str, TickerRecords], raw: RawAnswers) -> list[TickerRecords]:
    """The same records, with the answers about the bars that would be held back without them."""
    doubtful = {ticker: [one.date for one in judge(records) if one.kind == BAR] for ticker, records in found.items()}
    first = {ticker: date.fromisoformat(min(days)) for ticker, days in doubtful.items() if days}
    given = _answers(first, raw) if first else {}
    return [replace(records, answers=given.get(ticker, {})) for ticker, records in found.items()]


def _answers(first: Mapping[str, date], raw: RawAnswers) -> dict[str, dict[date, list[Answer]]]:
    """By ticker and session what every answer gave as its close, from the first session on.

    Read from raw/, and not kept from run to run, so that it depends neither on the order of delivery nor on the runs
    between. A bar does not arrive before its session, which leaves out the objects of earlier days.
    """
    since = min(first.values())
    place = f"{layout.RAW}{RAW_PRICES.name}/dt={since}"
    keys = [key for key in raw.keys if layout.raw_kind_of(key) == RAW_PRICES.name and key >= place]
    rows = flagged_records(raw.arguments, keys, RAW_PRICES).filter(
        F.col("rule").isNull() & F.col("ticker").isin(*first) & (F.col("date") >= F.lit(since))
    )
    ignored = {tuple(one[name] for name in RESPONSE_KEY) for one in raw.ignored}
    found: dict[str, dict[date, list[Answer]]] = {}
    for row in rows.select(*RESPONSE_KEY, "date", "close").collect():
        if tuple(row[name] for name in RESPONSE_KEY) not in ignored:
            answer = Answer(row["fetched_at"], row["source"], row["close"])
            found.setdefault(row["ticker"], {}).setdefault(row["date"], []).append(answer)
    return found
