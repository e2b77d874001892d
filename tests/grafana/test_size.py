"""How many requests a dashboard makes and how many bytes it reads, by running its own queries."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lake.snapshot import Manifest, TickerManifest
from lake.universe import universe
from tests.grafana.dashboards import DASHBOARDS, Selected, infinity_rows, queries_of, request_of, value_in
from tests.support.client import Client
from tests.support.stores import WalkStore

FIRST, LAST = date(2006, 11, 20), date(2026, 11, 20)
ALL = Selected([*universe()])
MEGABYTES = 3 * 10**6
YEARS = {"1 week": 7 / 365, "3 months": 0.25, "5 years": 5, "20 years": 20}
# A question has an answer or a reason; a key figure may be of no one ticker; a last drawdown may not be over.
SOMETIMES_EMPTY = {"If none, why", "Ticker", "Recovery", "Days up"}
PAGE = Path(__file__).parents[2] / "docs" / "grafana.md"


@pytest.fixture(scope="module")
def client() -> Client:
    entry = TickerManifest(FIRST, LAST, 5033, "", "", "")
    return Client.of(WalkStore(Manifest("20261121T013005Z", "", "simulated", 0, (), dict.fromkeys(universe(), entry))))


def over(years: float) -> Selected:
    first = LAST - timedelta(days=round(365 * years))
    return ALL._replace(first=f"{first}T00:00:00.000Z", last=f"{LAST}T23:59:59.999Z")


@pytest.mark.parametrize("years", YEARS.values(), ids=YEARS)
@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_of_all_tickers_is_at_most_three_megabytes(client: Client, name: str, years: float) -> None:
    """And no panel is empty or refused, whatever the window."""
    sizes = {}
    for number, (panel, query) in enumerate(queries_of(DASHBOARDS[name])):
        path, parameters = request_of(query, over(years))
        response = client.get(path, dict(parameters))
        assert response.status_code == 200, (panel, response.text)
        sizes[number, panel] = len(response.content)
        if "root_selector" in query and panel not in {"Splits", "Dividends"}:
            rows = infinity_rows(query, response.json())
            assert rows, panel
            if years >= 5:  # annual figures are unknown over shorter windows
                assert unknown_columns(query, rows) <= SOMETIMES_EMPTY, panel
    assert sum(sizes.values()) <= MEGABYTES, sorted(sizes.items(), key=lambda one: -one[1])


def unknown_columns(query: dict[str, Any], rows: list[Any]) -> set[str]:
    columns = query["columns"]
    return {one["text"] for one in columns if all(value_in(row, one["selector"]) is None for row in rows)}


def requests_of(name: str) -> int:
    """Every query is a request: neither plugin shares an answer that is still on its way."""
    hidden = {one["name"] for one in DASHBOARDS[name].get("annotations", {}).get("list", []) if not one["enable"]}
    return sum(panel not in hidden for panel, _ in queries_of(DASHBOARDS[name]))


def test_the_guide_has_the_number_of_requests_of_both_plugins() -> None:
    rows = re.findall(r"^\| \*(.+?)\* \| (\d+) \| (\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {title: (int(panels), int(requests)) for title, panels, requests in rows}
    assert len(told) == 3
    for name, dashboard in DASHBOARDS.items():
        title = dashboard["title"].removeprefix("Bellwether: ").removesuffix(" (JSON API, legacy)").capitalize()
        assert told[title] == (len(dashboard["panels"]), requests_of(name)), name
