"""The manifest of a new snapshot, from the reports of its run and the manifest of its base. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from lake.snapshot import FORMAT, Manifest, TickerManifest
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
    sources = {source for _, bar in latest for source in bar["sources"]} | set(base.sources if base else ())
    return Manifest(
        snapshot=snapshot,
        run=run,
        origin=origin,
        rows=sum(row["sessions"] for row in quality.held.values()),
        sources=tuple(sorted(sources)),
        tickers={ticker: _ticker(ticker, fetched, base, clean, quality) for ticker in sorted(quality.held)},
        unpublished={ticker: _why_not(ticker, fetched, clean) for ticker in universe() if ticker not in quality.held},
        raw_objects=tuple(clean.raw_objects),
        quality=tuple(clean.findings + quality.findings),
        tables=quality.tables,
        waiting=quality.waiting,
        withdrawn=tuple(clean.withdrawn),
        format=FORMAT,
    )


def _ticker(
    ticker: str, fetched: dict[str, str], base: Manifest | None, clean: CleanReport, quality: QualityReport
) -> TickerManifest:
    before = base.tickers.get(ticker) if base else None
    seen = [moment for moment in (clean.sentiment_seen.get(ticker), before and before.sentiment_seen) if moment]
    return TickerManifest.from_dict(
        {
            **quality.held[ticker],
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


def _why_not(ticker: str, fetched: dict[str, str], clean: CleanReport) -> str:
    if ticker not in fetched:
        return "no bars have come yet"
    return "its splits are not known yet" if ticker not in clean.splits_seen else "every bar of it was set aside"
