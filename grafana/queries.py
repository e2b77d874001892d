"""What a dashboard asks of the API: the requests of its panels, its pickers and its annotations. Pure.

The same path is asked with the same parameters in the same order, so that panels of one path share one URL, and with it
what the plugin, the browser and the service keep of the answer. Every parameter is of a day: the dashboards' time
ranges are whole days, in UTC.
"""

from grafana.definition import Panel
from grafana.plugins import Request, Select, Selected, Source

TICKERS, BENCHMARK = "${tickers:csv}", "${benchmark}"
PICKER = Request("tickers")
_WORDS = tuple(Selected(name, name, "string") for name in ("title", "text", "tags"))
EVENTS = Select("rows", (Selected("time", "time", "time"), *_WORDS))


def asked(panel: Panel, source: Source) -> Request:
    """The request of a panel: its tickers and its window. A question brings both along, and is asked as it stands."""
    if not panel.asks:
        return Request(panel.path)
    against = "benchmark" in panel.asks
    values = {"tickers": f"{TICKERS},{BENCHMARK}" if against else TICKERS, "benchmark": BENCHMARK}
    window = (("range", panel.range),) if panel.range else _window(source)
    return Request(panel.path, tuple((name, values[name]) for name in panel.asks) + window)


def events(kind: str, source: Source) -> Request:
    """The events of one kind of the picked tickers, within the time range."""
    return Request("events", (("tickers", TICKERS), ("kind", kind), *_window(source)))


def _window(source: Source) -> tuple[tuple[str, str], ...]:
    return ("from", source.first), ("to", source.last)


def series(panel: Panel, source: Source) -> Select:
    """A line for each value of `panel.by`."""
    return Select(
        panel.part,
        (
            Selected("time", "time", "time"),
            Selected(panel.by, panel.by, "string"),
            Selected(panel.field, source.value or panel.field, "number"),
        ),
        by=panel.by,
    )


def words(panel: Panel) -> Select:
    """The sentences of a part."""
    return Select(panel.part, (Selected("", panel.part, "string"),))


def table(panel: Panel) -> Select:
    """A row for each row of the answer's part, under the columns' titles."""
    kinds = {"text": "string"}
    return Select(
        panel.part, tuple(Selected(field, title, kinds.get(unit, "number")) for field, title, unit in panel.columns)
    )
