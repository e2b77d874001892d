"""What every answer carries about itself: meta and warnings. Pure."""

from api.coverage import Coverage, coverage_of, in_words
from api.models.base import CoverageMeta, Meta, SnapshotMeta, WindowMeta
from api.panel import Basis, Panel
from api.store.base import Published


def is_simulated(published: Published) -> bool:
    """Whether a snapshot's prices are invented."""
    return published.manifest.origin == "simulated"


def snapshot_meta(published: Published) -> SnapshotMeta:
    """What an answer was made from."""
    manifest = published.manifest
    return SnapshotMeta(
        snapshot=published.snapshot,
        origin=manifest.origin,
        simulated=is_simulated(published),
        sources=list(manifest.sources),
        as_of=manifest.as_of,
        stale=published.stale,
    )


def meta_of(panel: Panel, basis: Basis, benchmark: str | None = None) -> Meta:
    """What a question was understood as."""
    window = panel.window
    return Meta(
        **snapshot_meta(panel.published).model_dump(),
        window=WindowMeta(first=window.first, to=window.last, base=window.base, sessions=len(window.sessions)),
        basis=basis,
        benchmark=benchmark,
        coverage=[_coverage_meta(one) for one in coverage_of(panel)],
    )


def standing_warnings(published: Published) -> list[str]:
    """What every answer of a snapshot says first."""
    simulated = ["simulated data: the prices are invented, not a market's"] if is_simulated(published) else []
    stale = [f"stale: {published.problem}; this is of snapshot {published.snapshot}"]
    return simulated + (stale if published.stale else [])


def warnings_of(panel: Panel, basis: Basis, *, cumulative: bool) -> list[str]:
    """What to know before using the figures: invented data, unfilled windows, unknown dividends."""
    coverage = in_words(panel, coverage_of(panel), cumulative=cumulative)
    needs_dividends = cumulative or basis == "total"
    return standing_warnings(panel.published) + coverage + (_dividends_in_words(panel) if needs_dividends else [])


def _dividends_in_words(panel: Panel) -> list[str]:
    manifest = panel.published.manifest
    return [
        f"{ticker}: its dividends are unknown, so no total return is given"
        for ticker in panel.tickers
        if ticker in manifest.tickers and manifest.tickers[ticker].dividends_seen is None
    ]


def _coverage_meta(one: Coverage) -> CoverageMeta:
    return CoverageMeta(
        ticker=one.ticker, expected=one.expected, found=one.found, ratio=one.ratio, first=one.first, last=one.last
    )
