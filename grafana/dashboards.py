"""The two dashboards: the market, and the five questions."""

from typing import Any

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models.common import GraphDrawStyle
from grafana_foundation_sdk.models.dashboard import Dashboard, DashboardCursorSync, VariableOption, VariableRefresh

from api.resources.questions.registry import QUESTIONS
from grafana.definition import Panel, market_panels, question_panels, standing_panel
from grafana.panels import HEIGHT, answer, drawn, lines
from grafana.plugins import JSON_API, Query, Select, Selected, Source
from grafana.queries import EVENTS, PICKER, events

FIRST_VIEW = ("NVDA", "AMZN")
BENCHMARK = "VOO"
EVENT_COLOURS = {"split": ("Splits", "purple"), "dividend": ("Dividends", "blue")}
RANGES = {
    "1 month": "now-1M/d",
    "3 months": "now-3M/d",
    "6 months": "now-6M/d",
    "This year": "now/y",
    "1 year": "now-1y/d",
    "5 years": "now-5y/d",
    "20 years": "now-20y/d",
}
CALENDAR_DAYS = {"d": 7 / 5, "w": 7, "m": 31, "y": 366}  # of a session, a week, a month, a year
TALL = HEIGHT + 2  # an answer may have ten lines


def uid(name: str, source: Source) -> str:
    return f"bellwether-{name}-{source.name}"


def market(source: Source) -> Dashboard:
    """Prices, volume and risk of the picked tickers, over the time range."""
    board = _board("market", "Bellwether: the market", source).time(RANGES["3 months"], "now/d")
    board = board.timepicker(build.TimePicker().quick_ranges([_quick(words) for words in RANGES]))
    board = board.with_variable(_tickers(source)).with_variable(_benchmark(source))
    for kind in EVENT_COLOURS:
        board = board.annotation(_annotation(kind, source))
    for place, panel in enumerate(market_panels(), 1):
        board = board.with_panel(drawn(panel, source).id(place))
    return board.link(_link("The five questions", uid("questions", source))).build()


def questions(source: Source) -> Dashboard:
    """Each question: its answer in words, and the series it speaks of, over its own window."""
    board = _board("questions", "Bellwether: the five questions", source).time("now-6M/d", "now/d")
    board = board.timepicker(build.TimePicker().hidden(True))  # each question has its window
    board = board.with_panel(drawn(standing_panel(), source).id(1))
    titles = {panel.field: panel.title for panel in market_panels()}
    for place, panel in enumerate(question_panels(), 1):
        series = panel._replace(title=titles[panel.field])
        style = GraphDrawStyle.BARS if panel.shape == "bar" else GraphDrawStyle.LINE
        board = board.with_panel(answer(panel, source).height(TALL).id(2 * place))
        pictured = lines(series, source, style).height(TALL).id(2 * place + 1)
        board = board.with_panel(pictured.time_from(_window_of(panel)).hide_time_override(True))
    return board.link(_link("The market", uid("market", source))).build()


def _board(name: str, title: str, source: Source) -> build.Dashboard:
    board = build.Dashboard(f"{title} ({source.title})").uid(uid(name, source)).tags(["bellwether", source.name])
    return board.timezone("utc").tooltip(DashboardCursorSync.CROSSHAIR).refresh("").editable()


def _window_of(panel: Panel) -> str:
    """A question's range as days of the calendar, and a week more: the newest session may be that old."""
    asked = QUESTIONS[panel.name].range
    return f"{int(asked[:-1]) * CALENDAR_DAYS[asked[-1]] + 7:.0f}d"


def _picker(source: Source) -> dict[str, Any]:
    """The variable's query: what to show of a ticker, and what to ask with."""
    text, value = ("text", "value") if source is JSON_API else ("__text", "__value")
    select = Select("rows", (Selected("text", text, "string"), Selected("value", value, "string")))
    query = source.query(PICKER, select, "tickers")
    if source is JSON_API:
        return query | {"experimentalVariableTextField": text, "experimentalVariableValueField": value}
    return {"refId": "variable", "queryType": "infinity", "infinityQuery": query}


def _tickers(source: Source) -> build.QueryVariable:
    chosen = VariableOption(selected=True, text=list(FIRST_VIEW), value=list(FIRST_VIEW))
    return _variable("tickers", "Tickers", source).multi(True).include_all(True).current(chosen)


def _benchmark(source: Source) -> build.QueryVariable:
    chosen = VariableOption(selected=True, text=BENCHMARK, value=BENCHMARK)
    return _variable("benchmark", "Benchmark", source).multi(False).include_all(False).current(chosen)


def _variable(name: str, label: str, source: Source) -> build.QueryVariable:
    variable = build.QueryVariable(name).label(label).datasource(source.ref).query(_picker(source))
    return variable.refresh(VariableRefresh.ON_DASHBOARD_LOAD).allow_custom_value(False)


def _annotation(kind: str, source: Source) -> build.AnnotationQuery:
    name, colour = EVENT_COLOURS[kind]
    query = Query(source.query(events(kind, source), EVENTS, kind))
    return build.AnnotationQuery().name(name).datasource(source.ref).enable(True).icon_color(colour).target(query)


def _quick(words: str) -> build.TimeOption:
    return build.TimeOption().display(words).from_val(RANGES[words]).to("now/d")


def _link(words: str, target: str) -> build.DashboardLink:
    return build.DashboardLink(words).title(words).url(f"/d/{target}").keep_time(False)
