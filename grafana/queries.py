"""The requests that the dashboards make of the API, for panels, variables and annotations. Pure.

Panels of one path send the same parameters in the same order. They therefore share one URL, and with it the answer that
the plugin, the browser and the service cache. The dashboards' time ranges are whole days in UTC for the same reason.
"""

from grafana.definition import Panel
from grafana.plugins import DataSource, Request, SelectedField, Selection

TICKERS, BENCHMARK = "${tickers:csv}", "${benchmark}"
TICKERS_REQUEST = Request("tickers")
EVENTS_SELECTION = Selection(
    "rows",
    (
        SelectedField("time", "time", "time"),
        *(SelectedField(name, name, "string") for name in ("title", "text", "tags")),
    ),
)


def panel_request(panel: Panel, source: DataSource) -> Request:
    """The request of a panel: its tickers and its window. A question has its own tickers and window."""
    if not panel.parameters:
        return Request(panel.path)
    compared = "benchmark" in panel.parameters
    values = {"tickers": f"{TICKERS},{BENCHMARK}" if compared else TICKERS, "benchmark": BENCHMARK}
    window = (("range", panel.range),) if panel.range else _dashboard_window(source)
    fields = (("fields", ",".join(panel.fields)),) if panel.fields else ()
    return Request(panel.path, tuple((name, values[name]) for name in panel.parameters) + fields + window)


def events_request(kind: str, source: DataSource) -> Request:
    """The events of one kind of the selected tickers, within the time range."""
    return Request("events", (("tickers", TICKERS), ("kind", kind), *_dashboard_window(source)))


def _dashboard_window(source: DataSource) -> tuple[tuple[str, str], ...]:
    return ("from", source.range_start), ("to", source.range_end)


def series_selection(panel: Panel, source: DataSource) -> Selection:
    """A series for each value of `panel.by`."""
    return Selection(
        panel.part,
        (
            SelectedField("time", "time", "time"),
            SelectedField(panel.by, panel.by, "string"),
            SelectedField(panel.field, source.value_name or panel.field, "number"),
        ),
        by=panel.by,
    )


def text_selection(panel: Panel) -> Selection:
    """The sentences of a part."""
    return Selection(panel.part, (SelectedField("", panel.part, "string"),))


def table_selection(panel: Panel) -> Selection:
    """The panel's columns of each row, under their titles."""
    types = {"text": "string"}
    return Selection(
        panel.part,
        tuple(SelectedField(field, title, types.get(unit, "number")) for field, title, unit in panel.columns),
    )
