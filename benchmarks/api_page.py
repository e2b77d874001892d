"""The time from navigation to the first chart of the page in a browser, against a minimal page with the same chart.

    python -m benchmarks.api_page

Both load the same chart library from the same server, in turns, each in a new browser context. The minimal page has
the figure in its script, requests no data and has no style. Without Chromium the benchmark is skipped with a message.
"""

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.page.assets import CHART_LIBRARY, asset_version
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.support.chromium import CHROMIUM, FLAGS
from benchmarks.support.lakes import publish
from benchmarks.support.markets import simulated_market
from benchmarks.support.server import serve

_RUNS = 9
_FIRST, _LAST = date(2025, 6, 2), date(2026, 11, 20)
_NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)  # Friday evening in New York, after the last session
_QUERY = "tickers=NVDA,AMZN,VOO&range=3m&benchmark=VOO"
_BARE = """<!doctype html><title>bare</title><link rel="icon" href="data:,">
<div id="chart" style="height:400px"></div><script src="page/{version}/{charts}"></script>
<script src="bare.js"></script>
"""
_DRAW = """const chart = LightweightCharts.createChart("chart", {{ autoSize: true }});
for (const data of {figure}) chart.addSeries(LightweightCharts.LineSeries).setData(data);
chart.timeScale().fitContent();
performance.mark("first chart");"""
# Polls, because the mark of a fast page can be set before an observer is registered.
_MARKED = """() => new Promise((done) => {
  const look = () => {
    const [mark] = performance.getEntriesByName("first chart");
    mark ? done(mark.startTime) : setTimeout(look, 5);
  };
  look();
})"""


def measure(runs: int = _RUNS) -> list[Figure]:
    """The figures: medians over interleaved runs; none without Chromium."""
    if CHROMIUM is None:
        print("api_page: skipped, it needs Chromium (Debian: apt-get install chromium)", file=sys.stderr)
        return []
    with _serve() as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        pairs = [
            (_first_chart_ms(browser, address), _first_chart_ms(browser, f"{address}/bare")) for _ in range(runs + 1)
        ]
        browser.close()
    # The first pair starts the browser's processes, and is left out.
    ours, floor = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
    return [
        judged("page_first_chart_over_bare", ours / floor, "<= 3"),
        unjudged("page_first_chart_ms", ours),
        unjudged("page_bare_chart_ms", floor),
    ]


def _first_chart_ms(browser: Browser, url: str) -> float:
    """Milliseconds from navigation to the mark that both pages set after their first chart."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(url, wait_until="commit")
    duration = float(page.evaluate(_MARKED))
    context.close()
    return duration


@contextmanager
def _serve() -> Iterator[str]:
    """The address of a server with the API over the simulated market, and with the minimal page."""
    with tempfile.TemporaryDirectory() as folder:
        store = DuckDBStore(publish(Path(folder), simulated_market(_FIRST, _LAST)))
        app = create_app(Settings(lake="unused"), store, lambda: _NOW, compress=True)
        _add_bare_page(app, _figure(app))
        with serve(app) as address:
            yield address
        store.close()


def _figure(app: FastAPI) -> str:
    """The points of the page's first chart as JSON, a list a ticker."""
    rows = json.loads(asyncio.run(get_body(app, "/compare", _QUERY)))["rows"]
    points: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        points.setdefault(row["ticker"], []).append({"time": row["time"][:10], "value": 1 + row["growth"]})
    return json.dumps(list(points.values()))


def _add_bare_page(app: FastAPI, figure: str) -> None:
    page = _BARE.format(version=asset_version(CHART_LIBRARY), charts=CHART_LIBRARY)
    script = _DRAW.format(figure=figure)
    app.add_api_route("/bare", lambda: HTMLResponse(page), include_in_schema=False)
    app.add_api_route("/bare.js", lambda: Response(script, media_type="text/javascript"), include_in_schema=False)


if __name__ == "__main__":
    sys.exit(report("api_page", measure()))
