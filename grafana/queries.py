"""The requests that the dashboards make of the API, for panels, variables and annotations. Pure.

Grafana sends a request for each query, and neither plugin shares an answer between panels that ask at the same time. So
each panel asks for nothing but what it shows: one column of the rows, or one table. Time ranges are whole days in UTC,
so that a view opened again has the same URLs, which the browser and the service cache.
"""

from collections.abc import Mapping

from grafana.definition import Panel
from grafana.plugins import DataSource, Request, SelectedField, Selection
from grafana.question_pickers import question_parameters

TICKERS, BENCHMARK = "${tickers:csv}", "${benchmark}"
TICKERS_REQUEST = Request("tickers")
EVENTS_SELECTION = Selection(
    "rows",
    (
        SelectedField("time", "time", "time"),
        *(SelectedField(name, name, "string") for name in ("title", "text", "tags")),
    ),
)
# Paths whose rows come in intervals. `auto` is the finest with few enough rows for the window and the tickers.
_WITH_INTERVAL = frozenset({"prices", "compare", "volatility", "portfolio"})
_QUESTIONS = "questions/"
_TABLES = frozenset({"summary", "correlation", "holdings", "weights"})
_FIXED: Mapping[str, tuple[tuple[str, str], ...]] = {"returns/drawdowns": (("top", "3"),)}


def panel_request(panel: Panel, source: DataSource) -> Request:
    """The request of a panel: its tickers, its window, and what it shows of the answer."""
    if panel.path.startswith(_QUESTIONS):
        return Request(panel.path, question_parameters(panel.name) + _share_of_question(panel))
    if not panel.parameters:
        return Request(panel.path)
    compared = "benchmark" in panel.parameters
    values = {
        "tickers": f"{TICKERS},{BENCHMARK}" if compared else TICKERS,
        "benchmark": BENCHMARK,
        "weights": "${weights}",
        "rebalance": "${rebalance}",
        "by": "${by}",
    }
    window = (("range", panel.range),) if panel.range else _dashboard_window(source)
    chosen = tuple((name, values[name]) for name in panel.parameters)
    return Request(panel.path, chosen + _FIXED.get(panel.path, ()) + _share_of_answer(panel) + window)


def _share_of_answer(panel: Panel) -> tuple[tuple[str, str], ...]:
    """The parameters that leave out what the panel does not show, and keep its rows few."""
    if panel.path not in _WITH_INTERVAL:
        return ()
    interval = () if panel.range else (("interval", "auto"),)
    if panel.part == "rows":
        return (*interval, ("fields", panel.field))
    # The window, the warnings and other single objects come with every table; the summary is a short one.
    return (*interval, ("part", panel.part if panel.part in _TABLES else "summary"))


def _share_of_question(panel: Panel) -> tuple[tuple[str, str], ...]:
    """The answer in words comes with every table, so it is asked for with the figures, not with the long rows."""
    if panel.part != "rows":
        return (("part", "key_figures"),)
    return (("fields", panel.field),) if panel.by == "ticker" else ()


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
    types = {"text": "string", "day": "time"}
    return Selection(
        panel.part,
        tuple(SelectedField(field, title, types.get(unit, "number")) for field, title, unit in panel.columns),
        single=panel.shape == "facts",
    )


def mirrored(selection: Selection) -> Selection:
    """The same rows with the first two columns exchanged: the other half of a symmetric matrix."""
    (one, row, kind), (other, column, _), *rest = selection.fields
    return selection._replace(fields=(SelectedField(other, row, kind), SelectedField(one, column, kind), *rest))
