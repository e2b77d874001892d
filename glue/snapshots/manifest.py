"""The manifest of a new snapshot, from the reports of its run and the manifest of its base. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glue.freeze.held import ANSWER, BAD_EVENTS, FREEZE_RULES, RECORD, Held, frozen_of, to_dicts
from glue.quality.rules import FLAG_RULES
from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from lake.raw_days import raw_days
from lake.snapshot import FORMAT, Frozen, Manifest, TickerManifest, published_at
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_SPLITS
from lake.universe import universe


@dataclass(frozen=True)
class Reports:
    """The reports of the jobs before publish."""

    clean: CleanReport
    transform: TransformReport
    quality: QualityReport


def manifest_of(snapshot: str, run: str, origin: str, base: Manifest | None, reports: Reports) -> Manifest:
    """The manifest of `snapshot`. `base`: the manifest that the run continues, None where it rebuilt everything."""
    clean, transform, quality = reports.clean, reports.transform, reports.quality
    latest = [*_latest_of_base(base), *clean.heads.items(), *transform.heads.items()]
    fetched = _last_fetched(latest)
    held = _held(base, reports)
    frozen = frozen_of(held)
    flagged = _flagged(base, quality)
    sources = {source for _, bar in latest for source in bar["sources"]} | set(base.sources if base else ())
    return Manifest(
        snapshot=snapshot,
        run=run,
        origin=origin,
        rows=sum(row["sessions"] for row in quality.sessions.values()),
        sources=tuple(sorted(sources)),
        tickers={ticker: _ticker(ticker, fetched, base, clean, quality) for ticker in sorted(quality.sessions)},
        unpublished={
            ticker: _why_not(ticker, fetched, clean, frozen) for ticker in universe() if ticker not in quality.sessions
        },
        raw_days=raw_days(clean.raw_objects, published_at(run).date()),
        quality=tuple(clean.findings + quality.findings),
        tables=quality.tables,
        withdrawn=tuple(clean.withdrawn),
        held=tuple(to_dicts(held)),
        frozen=frozen,
        flagged=flagged,
        rules=_rules_of(held, flagged),
        format=FORMAT,
    )


def _held(base: Manifest | None, reports: Reports) -> list[Held]:
    """All that is held back in the new snapshot: of quarantined records also what earlier runs have found."""
    clean, quality = reports.clean, reports.quality
    found = [Held.from_dict(one) for one in (*clean.held, *reports.transform.held)]
    before = [Held.from_dict(one) for one in base.held] if base else []
    known = {(one.ticker, one.date) for one in found if one.kind != ANSWER}
    still = [one for one in before if one.kind == RECORD and (one.ticker, one.date) not in known]
    seen = {RAW_SPLITS.name: clean.splits_seen, RAW_DIVIDENDS.name: clean.dividends_seen}
    records = [one for one in (*found, *still) if one.kind != RECORD or _is_open(one, quality, seen)]
    return sorted(records, key=lambda one: (one.ticker, one.date, one.kind, one.fetched_at))


def _is_open(record: Held, quality: QualityReport, seen: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether no sound bar or answer has come instead of a quarantined record."""
    if record.rule == BAD_EVENTS:
        return seen[record.value].get(record.ticker, "") < record.fetched_at
    return record.date in quality.refused.get(record.ticker, [])


def _flagged(base: Manifest | None, quality: QualityReport) -> dict[str, dict[str, str]]:
    """The flags of the whole snapshot: those of the base in years that were not written, and those of this run."""
    written = {year for one in quality.staged if one["table"] == DAILY_PRICES.name for year in one["years"]}
    flagged = {
        ticker: {day: flags for day, flags in days.items() if int(day[:4]) not in written}
        for ticker, days in (base.flagged if base else {}).items()
    }
    for ticker, days in quality.flagged.items():
        flagged[ticker] = flagged.get(ticker, {}) | days
    return {ticker: dict(sorted(days.items())) for ticker, days in sorted(flagged.items()) if days}


def _rules_of(held: Sequence[Held], flagged: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What each rule catches that something in the snapshot has broken."""
    catches = {rule.slug: rule.catches for rule in FLAG_RULES} | {
        one.slug: one.catches for one in FREEZE_RULES.values()
    }
    slugs = {slug for days in flagged.values() for flags in days.values() for slug in flags.split(",")}
    return {slug: catches[slug] for slug in sorted(slugs | {one.rule for one in held}) if slug in catches}


def _ticker(
    ticker: str, fetched: dict[str, str], base: Manifest | None, clean: CleanReport, quality: QualityReport
) -> TickerManifest:
    before = base.tickers.get(ticker) if base else None
    seen = [moment for moment in (clean.sentiment_seen.get(ticker), before and before.sentiment_seen) if moment]
    return TickerManifest.from_dict(
        {
            **quality.sessions[ticker],
            "fetched_at": fetched[ticker],
            "splits_seen": clean.splits_seen[ticker],
            "dividends_seen": clean.dividends_seen.get(ticker),
            "sentiment_seen": max(seen, default=None),
            "missing": quality.missing.get(ticker, []),
            "refused": quality.refused.get(ticker, []),
        }
    )


def _latest_of_base(base: Manifest | None) -> Iterator[tuple[str, dict[str, Any]]]:
    for ticker, entry in base.tickers.items() if base else ():
        yield ticker, {"last": str(entry.last), "fetched_at": entry.fetched_at, "sources": ()}


def _last_fetched(latest: list[tuple[str, dict[str, Any]]]) -> dict[str, str]:
    """When the last bar of each ticker was fetched: of several, the one of the last session, then the later fetch."""
    newest: dict[str, tuple[str, str]] = {}
    for ticker, bar in latest:
        newest[ticker] = max(newest.get(ticker, ("", "")), (bar["last"], bar["fetched_at"]))
    return {ticker: fetched_at for ticker, (_, fetched_at) in newest.items()}


def _why_not(ticker: str, fetched: dict[str, str], clean: CleanReport, frozen: Mapping[str, Frozen]) -> str:
    if ticker in frozen:
        return frozen[ticker].message
    if ticker not in fetched:
        return "no bars have come yet"
    return "its splits are not known yet" if ticker not in clean.splits_seen else "every bar of it was set aside"
