"""The two dashboards, each for both plugins: the market, and the five questions."""

from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models.common import GraphDrawStyle
from grafana_foundation_sdk.models.dashboard import Dashboard, DashboardCursorSync, VariableOption, VariableRefresh

from api.resources.questions.registry import QUESTIONS
from grafana.definition import Panel, market_panels, notices_panel, question_panels
from grafana.panels import NORMAL_HEIGHT, answer_panel, render, time_series_panel
from grafana.plugins import JSON_API, DataSource, Query, SelectedField, Selection
from grafana.queries import EVENTS_SELECTION, TICKERS_REQUEST, events_request

DEFAULT_TICKERS = ("NVDA", "AMZN")
DEFAULT_BENCHMARK = "VOO"
ANNOTATIONS = {"split": ("Splits", "purple"), "dividend": ("Dividends", "blue")}
QUICK_RANGES = {
    "1 month": "now-1M/d",
    "3 months": "now-3M/d",
    "6 months": "now-6M/d",
    "This year": "now/y",
    "1 year": "now-1y/d",
    "5 years": "now-5y/d",
    "20 years": "now-20y/d",
}
# Calendar days of a session, a week, a month and a year, rounded up so that no session is cut off.
CALENDAR_DAYS = {"d": 7 / 5, "w": 7, "m": 31, "y": 366}
ANSWER_HEIGHT = NORMAL_HEIGHT + 2  # an answer may have ten lines


def dashboard_uid(name: str, source: DataSource) -> str:
    return f"bellwether-{name}-{source.name}"


def market_dashboard(source: DataSource) -> Dashboard:
    """Prices, volume and risk of the selected tickers, over the time range."""
    built = _dashboard("market", "Bellwether: the market", source).time(QUICK_RANGES["3 months"], "now/d")
    built = built.timepicker(build.TimePicker().quick_ranges([_quick_range(name) for name in QUICK_RANGES]))
    built = built.with_variable(_tickers_variable(source)).with_variable(_benchmark_variable(source))
    for kind in ANNOTATIONS:
        built = built.annotation(_annotation(kind, source))
    for number, panel in enumerate(market_panels(), 1):
        built = built.with_panel(render(panel, source).id(number))
    return built.link(_link("The five questions", dashboard_uid("questions", source))).build()


def questions_dashboard(source: DataSource) -> Dashboard:
    """Each question: its answer in words, and the series behind it, over the question's own window."""
    built = _dashboard("questions", "Bellwether: the five questions", source).time("now-6M/d", "now/d")
    built = built.timepicker(build.TimePicker().hidden(True))  # each question has its own window
    built = built.with_panel(render(notices_panel(), source).id(1))
    titles = {panel.field: panel.title for panel in market_panels()}
    for number, panel in enumerate(question_panels(), 1):
        series = panel._replace(title=titles[panel.field])
        style = GraphDrawStyle.BARS if panel.shape == "bar" else GraphDrawStyle.LINE
        built = built.with_panel(answer_panel(panel, source).height(ANSWER_HEIGHT).id(2 * number))
        chart = time_series_panel(series, source, style).height(ANSWER_HEIGHT).id(2 * number + 1)
        built = built.with_panel(chart.time_from(_relative_time(panel)).hide_time_override(True))
    return built.link(_link("The market", dashboard_uid("market", source))).build()


def _dashboard(name: str, title: str, source: DataSource) -> build.Dashboard:
    built = build.Dashboard(f"{title} ({source.title})").uid(dashboard_uid(name, source))
    built = built.tags(["bellwether", source.name])
    return built.timezone("utc").tooltip(DashboardCursorSync.CROSSHAIR).refresh("").editable()


def _relative_time(panel: Panel) -> str:
    """A question's range in calendar days, and a week more: the newest session may be that old."""
    question_range = QUESTIONS[panel.name].range
    return f"{int(question_range[:-1]) * CALENDAR_DAYS[question_range[-1]] + 7:.0f}d"


def _variable_query(source: DataSource) -> dict[str, Any]:
    """The query of a variable that lists the tickers: the text shown, and the value sent."""
    # Infinity finds the two by these names; the JSON API plugin is told which fields they are.
    text, value = ("text", "value") if source is JSON_API else ("__text", "__value")
    fields = SelectedField("text", text, "string"), SelectedField("value", value, "string")
    query = source.query(TICKERS_REQUEST, Selection("rows", fields), "tickers")
    if source is JSON_API:
        return query | {"experimentalVariableTextField": text, "experimentalVariableValueField": value}
    return {"refId": "variable", "queryType": "infinity", "infinityQuery": query}


def _tickers_variable(source: DataSource) -> build.QueryVariable:
    current = VariableOption(selected=True, text=list(DEFAULT_TICKERS), value=list(DEFAULT_TICKERS))
    return _variable("tickers", "Tickers", source).multi(True).include_all(True).current(current)


def _benchmark_variable(source: DataSource) -> build.QueryVariable:
    current = VariableOption(selected=True, text=DEFAULT_BENCHMARK, value=DEFAULT_BENCHMARK)
    return _variable("benchmark", "Benchmark", source).multi(False).include_all(False).current(current)


def _variable(name: str, label: str, source: DataSource) -> build.QueryVariable:
    variable = build.QueryVariable(name).label(label).datasource(source.ref).query(_variable_query(source))
    # Once a load: the list of tickers changes at most daily, unlike the time range.
    return variable.refresh(VariableRefresh.ON_DASHBOARD_LOAD).allow_custom_value(False)


def _annotation(kind: str, source: DataSource) -> build.AnnotationQuery:
    name, colour = ANNOTATIONS[kind]
    query = Query(source.query(events_request(kind, source), EVENTS_SELECTION, kind))
    return build.AnnotationQuery().name(name).datasource(source.ref).enable(True).icon_color(colour).target(query)


def _quick_range(name: str) -> build.TimeOption:
    return build.TimeOption().display(name).from_val(QUICK_RANGES[name]).to("now/d")


def _link(title: str, uid: str) -> build.DashboardLink:
    return build.DashboardLink(title).title(title).url(f"/d/{uid}").keep_time(False)
