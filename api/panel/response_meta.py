"""What every answer says about itself: meta and warnings. Pure."""

from collections.abc import Sequence
from datetime import date

from api.formatting import listed
from api.http.schemas import CoverageMeta, HoleMeta, Meta, SnapshotMeta, WindowMeta
from api.panel.coverage import Coverage, coverage_warnings, describe_empty, long_holes, not_in_lake
from api.panel.intervals import cut_period_warnings
from api.panel.panel import Basis, Panel
from api.panel.period_bars import incomplete_periods
from api.panel.quality import quality_warnings
from api.panel.window import Everything, Span, Window
from api.store.protocol import Published


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


def window_meta(window: Window) -> WindowMeta:
    """The days that a question was understood as."""
    return WindowMeta(first=window.first, to=window.last, base=window.base, sessions=len(window.sessions))


def meta_of(panel: Panel, basis: Basis, benchmark: str | None = None, *, rf: float | None = None) -> Meta:
    """What a question was understood as; `rf` is the annual risk-free rate, where figures use one."""
    return Meta(
        **snapshot_meta(panel.published).model_dump(),
        window=window_meta(panel.window),
        basis=basis,
        benchmark=benchmark,
        rf=rf,
        interval=panel.interval,
        coverage=[
            _coverage_meta(one, incomplete, frozen_rule(panel.published, one.ticker))
            for one, incomplete in zip(panel.coverage, incomplete_periods(panel), strict=True)
        ],
    )


def standing_warnings(published: Published) -> list[str]:
    """The warnings that hold for every answer from a snapshot."""
    simulated = ["simulated data: the prices are invented, not a market's"] if is_simulated(published) else []
    stale = [f"stale: {published.problem}; this is of snapshot {published.snapshot}"]
    return simulated + (stale if published.stale else [])


def warnings_of(panel: Panel, basis: Basis, *, cumulative: bool) -> list[str]:
    """What to know before using the figures: invented data, unfilled windows, unknown dividends."""
    manifest = panel.published.manifest
    coverage = coverage_warnings(manifest, panel.window, panel.coverage, cumulative=cumulative)
    needs_dividends = cumulative or basis == "total"
    unknown = without_dividends(panel.published, panel.tickers) if needs_dividends else []
    dividends = [f"{ticker}: its dividends are unknown, so no total return is given" for ticker in unknown]
    quality = quality_warnings(manifest, panel.window, panel.tickers)
    cut = cut_period_warnings(panel.periods, manifest.as_of)
    return standing_warnings(panel.published) + coverage + cut + dividends + quality


def late_start_warnings(panel: Panel, tickers: Sequence[str], span: Span) -> list[str]:
    """A sentence where `max` of a comparison begins later than a ticker's own history; the panel is `shared`."""
    held = panel.published.manifest.tickers
    firsts = {ticker: held[ticker].first for ticker in tickers if ticker in held}
    if not isinstance(span, Everything) or len(set(firsts.values())) < 2:
        return []
    begins = max(firsts.values())
    latest = listed([ticker for ticker, first in firsts.items() if first == begins])
    earlier = listed([f"{ticker} since {first}" for ticker, first in firsts.items() if first < begins])
    return [f"max starts on {begins}, when the history of {latest} starts; there is data of {earlier}"]


def without_dividends(published: Published, tickers: Sequence[str]) -> list[str]:
    """Those in the lake for which no source has given dividends yet."""
    held = published.manifest.tickers
    return [ticker for ticker in tickers if ticker in held and held[ticker].dividends_seen is None]


def empty_window_warnings(published: Published, window: Window) -> list[str]:
    """Why a window has no session, in a sentence; nothing where it has one."""
    return [] if window.sessions else [describe_empty(window.first, window.last, published.manifest.as_of)]


def absence_warnings(published: Published, tickers: Sequence[str]) -> list[str]:
    """A sentence for each ticker that the lake does not have."""
    manifest = published.manifest
    return [not_in_lake(manifest, ticker) for ticker in tickers if ticker not in manifest.tickers]


def frozen_rule(published: Published, ticker: str) -> str | None:
    """The rule by which data of a ticker is held back; None where none is."""
    entry = published.manifest.frozen.get(ticker)
    return entry.rule if entry else None


def _coverage_meta(one: Coverage, incomplete: tuple[date, ...], frozen: str | None) -> CoverageMeta:
    return CoverageMeta(
        ticker=one.ticker,
        expected=one.expected,
        found=one.found,
        ratio=one.ratio,
        first=one.first,
        last=one.last,
        holes=[HoleMeta(first=first, last=last, sessions=count) for first, last, count in long_holes(one.missing)],
        frozen=frozen,
        incomplete_periods=list(incomplete),
    )
