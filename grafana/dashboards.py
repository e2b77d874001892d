"""The three dashboards, each for both plugins: the market, the five questions, and a portfolio."""

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models.dashboard import Dashboard, DashboardCursorSync

from api.resources.questions.registry import QUESTIONS
from grafana.definition import Panel, notices_panel, panels_of, question_panels
from grafana.links import dashboard_uid
from grafana.panels import GrafanaPanel, time_series_panel
from grafana.plugins import DataSource, Query
from grafana.queries import EVENTS_SELECTION, events_request
from grafana.question_pickers import BENCHMARK, DEFAULT_HORIZON, HORIZON, HORIZONS, tickers_pickers
from grafana.tables import (
    answer_panel,
    calendar_panel,
    facts_panel,
    key_figures_panel,
    latest_panel,
    matrix_panel,
    table_panel,
    text_panel,
)
from grafana.variables import choice_variable, text_variable, ticker_variable, tickers_variable

DEFAULT_TICKERS = ("NVDA", "AMZN")
DEFAULT_BENCHMARK = "VOO"
DEFAULT_WEIGHTS = "NVDA:0.4,VOO:0.6"
REBALANCING = ("none", "daily", "weekly", "monthly", "quarterly", "yearly")
TITLES = {"market": "The market", "questions": "The five questions", "portfolio": "A portfolio"}
# Kind of event: its name, its colour, and whether it is marked from the start. Dividends are too many for long windows.
ANNOTATIONS = {"split": ("Splits", "purple", True), "dividend": ("Dividends", "blue", False)}
QUICK_RANGES = {
    "1 week": "now-1w/d",
    "2 weeks": "now-2w/d",
    "1 month": "now-1M/d",
    "3 months": "now-3M/d",
    "6 months": "now-6M/d",
    "This year": "now/y",
    "1 year": "now-1y/d",
    "5 years": "now-5y/d",
    "20 years": "now-20y/d",
}
SHAPES = {
    "text": text_panel,
    "facts": facts_panel,
    "table": table_panel,
    "weekday": table_panel,
    "latest": latest_panel,
    "matrix": matrix_panel,
    "calendar": calendar_panel,
}
# Calendar days of a session, a week, a month and a year, rounded up so that no session is cut off.
CALENDAR_DAYS = {"d": 7 / 5, "w": 7, "m": 31, "y": 366}


def market_dashboard(source: DataSource) -> Dashboard:
    """Prices, volume and risk of the selected tickers, over the time range."""
    built = _with_time_range(_dashboard("market", source), "3 months")
    built = built.with_variable(tickers_variable("tickers", "Tickers", source, DEFAULT_TICKERS).include_all(True))
    built = built.with_variable(ticker_variable(BENCHMARK, "Benchmark", source, DEFAULT_BENCHMARK))
    built = built.with_variable(choice_variable("by", "Calendar by", ("month", "year"), "month"))
    for kind in ANNOTATIONS:
        built = built.annotation(_annotation(kind, source))
    return _with_panels(built, panels_of("market"), source).build()


def portfolio_dashboard(source: DataSource) -> Dashboard:
    """What a portfolio of the given weights would have been worth, at what risk, and what each holding did for it."""
    built = _with_time_range(_dashboard("portfolio", source), "1 year")
    built = built.with_variable(text_variable("weights", "Weights", DEFAULT_WEIGHTS))
    built = built.with_variable(choice_variable("rebalance", "Rebalance", REBALANCING, "monthly"))
    built = built.with_variable(ticker_variable(BENCHMARK, "Benchmark", source, DEFAULT_BENCHMARK))
    return _with_panels(built, panels_of("portfolio"), source).build()


def questions_dashboard(source: DataSource) -> Dashboard:
    """Each question with its answer in a sentence, its key figures, and the series behind it, over its own window."""
    built = _dashboard("questions", source).time("now-6M/d", "now/d")
    built = built.timepicker(build.TimePicker().hidden(True))  # each question has its own window
    for picker in tickers_pickers():
        built = built.with_variable(tickers_variable(picker.variable, picker.label, source, picker.default))
    built = built.with_variable(ticker_variable(BENCHMARK, "3 Benchmark", source, DEFAULT_BENCHMARK))
    built = built.with_variable(choice_variable(HORIZON, "4 Over the next", HORIZONS, DEFAULT_HORIZON))
    panels = [render(notices_panel(), source)]
    for panel in question_panels():
        panels += [answer_panel(panel, source), key_figures_panel(panel, source), _question_chart(panel, source)]
    for number, one in enumerate(panels, 1):
        built = built.with_panel(one.id(number))
    return built.build()


def _question_chart(panel: Panel, source: DataSource) -> GrafanaPanel:
    titles = {other.field: other.title for other in panels_of("market")}
    chart = time_series_panel(panel._replace(title=titles[panel.field]), source)
    return chart.time_from(_relative_time(panel)).hide_time_override(True)


def render(panel: Panel, source: DataSource) -> GrafanaPanel:
    """The panel in its shape: a table of some kind, or a chart."""
    return SHAPES.get(panel.shape, time_series_panel)(panel, source)


def _with_panels(built: build.Dashboard, panels: list[Panel], source: DataSource) -> build.Dashboard:
    for number, panel in enumerate(panels, 1):
        built = built.with_panel(render(panel, source).id(number))
    return built


def _dashboard(name: str, source: DataSource) -> build.Dashboard:
    legacy = f" ({source.title}, legacy)" if source.legacy else ""
    built = build.Dashboard(f"Bellwether: {TITLES[name][0].lower()}{TITLES[name][1:]}{legacy}")
    built = built.uid(dashboard_uid(name, source)).tags(["bellwether", source.name, *(["legacy"] if legacy else [])])
    if source.legacy:
        built = built.description(
            f"The {source.title} plugin has no support from {source.legacy} on: use the dashboard of the same name "
            "without (legacy), which asks through Infinity."
        )
    for other, title in TITLES.items():
        if other != name:
            built = built.link(_link(title, dashboard_uid(other, source)))
    return built.timezone("utc").tooltip(DashboardCursorSync.CROSSHAIR).refresh("").editable()


def _with_time_range(built: build.Dashboard, default: str) -> build.Dashboard:
    built = built.time(QUICK_RANGES[default], "now/d")
    return built.timepicker(build.TimePicker().quick_ranges([_quick_range(name) for name in QUICK_RANGES]))


def _quick_range(name: str) -> build.TimeOption:
    return build.TimeOption().display(name).from_val(QUICK_RANGES[name]).to("now/d")


def _relative_time(panel: Panel) -> str:
    """A question's range in calendar days, and a week more: the newest session may be that old."""
    question_range = QUESTIONS[panel.name].range
    return f"{int(question_range[:-1]) * CALENDAR_DAYS[question_range[-1]] + 7:.0f}d"


def _annotation(kind: str, source: DataSource) -> build.AnnotationQuery:
    name, colour, enabled = ANNOTATIONS[kind]
    query = Query(source.query(events_request(kind, source), EVENTS_SELECTION, kind))
    return build.AnnotationQuery().name(name).datasource(source.ref).enable(enabled).icon_color(colour).target(query)


def _link(title: str, uid: str) -> build.DashboardLink:
    """A link to another dashboard that keeps the pickers and the time range."""
    return build.DashboardLink(title).title(title).url(f"/d/{uid}").keep_time(True).include_vars(True)
