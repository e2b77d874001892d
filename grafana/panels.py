"""A Grafana panel for each shape of the definition."""

from typing import TypeVar

from grafana_foundation_sdk.builders import bargauge, common, dashboard, table, timeseries
from grafana_foundation_sdk.models import common as models
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
)

from grafana.colours import ticker_colours
from grafana.definition import Column, Panel
from grafana.plugins import DataSource, Query, Request, Selection
from grafana.queries import panel_request, series_selection, table_selection, text_selection
from grafana.units import UNITS

# Grid units: a dashboard is 24 wide.
NORMAL_HEIGHT, LOW_HEIGHT, HALF_WIDTH, FULL_WIDTH = 9, 4, 12, 24
RED, GREEN, TRANSPARENT = "red", "green", "transparent"
EMPTY_PANEL, EMPTY_CELL = "No data: take a longer time range, or other tickers", "–"
GrafanaPanel = timeseries.Panel | table.Panel | bargauge.Panel
AnyPanel = TypeVar("AnyPanel", timeseries.Panel, table.Panel, bargauge.Panel)
ChartPanel = TypeVar("ChartPanel", timeseries.Panel, bargauge.Panel)


def render(panel: Panel, source: DataSource) -> GrafanaPanel:
    """The panel in its shape.

    Bars are drawn as lines: grouped bars of several tickers over many sessions cannot be told apart.
    """
    if panel.shape in {"table", "matrix", "weekday"}:
        return table_panel(panel, source)
    if panel.shape == "text":
        return text_panel(panel, source)
    if panel.shape == "latest":
        return latest_panel(panel, source)
    return time_series_panel(panel, source)


def time_series_panel(
    panel: Panel, source: DataSource, style: models.GraphDrawStyle = models.GraphDrawStyle.LINE
) -> timeseries.Panel:
    """A line, or bars, for each series; the panel's threshold as red lines."""
    bars = style is models.GraphDrawStyle.BARS
    query = _query(source, panel_request(panel, source), series_selection(panel, source))
    built = _base(timeseries.Panel(), panel).with_target(query)
    built = _with_ticker_colours(_with_unit(built, panel.unit)).draw_style(style).line_width(1 if bars else 2)
    built = built.fill_opacity(80 if bars else 10 if panel.shape == "area" else 0)
    # Volumes are compared with zero; a soft minimum still lets Grafana choose the upper end.
    built = built.axis_soft_min(0) if panel.unit == "shares" else built
    built = built.show_points(models.VisibilityMode.AUTO).legend(_legend()).tooltip(_tooltip())
    return built if panel.threshold is None else _with_threshold(built, panel.threshold)


def latest_panel(panel: Panel, source: DataSource) -> bargauge.Panel:
    """A bar for each ticker with its newest figure."""
    query = _query(source, panel_request(panel, source), series_selection(panel, source))
    built = _base(bargauge.Panel(), panel).with_target(query)
    built = _with_ticker_colours(_with_unit(built, panel.unit)).orientation(models.VizOrientation.HORIZONTAL)
    built = built.display_mode(models.BarGaugeDisplayMode.BASIC).min(0)
    return built.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False))


def table_panel(panel: Panel, source: DataSource) -> table.Panel:
    """The columns of the definition, in their order and units: gains green, losses red, correlations shaded."""
    built = _base(table.Panel(), panel).with_target(
        _query(source, panel_request(panel, source), table_selection(panel))
    )
    width = FULL_WIDTH if len(panel.columns) > 6 else HALF_WIDTH
    built = built.with_transformation(_column_order(panel.columns)).span(width)
    for column in panel.columns:
        shaded = panel.shape == "matrix" and column.unit == "number"
        built = built.override_by_name(
            column.title, [*_unit_overrides(column.unit), *(CORRELATION_SHADING if shaded else ())]
        )
    return built


def text_panel(panel: Panel, source: DataSource) -> table.Panel:
    """The sentences of a part of an answer, one in each row."""
    built = _base(table.Panel(), panel).with_target(_query(source, panel_request(panel, source), text_selection(panel)))
    built = built.cell_options(models.TableAutoCellOptions(wrap_text=True)).unit("string").show_header(False)
    return built.no_value("Nothing to warn of").height(LOW_HEIGHT).span(FULL_WIDTH)


def answer_panel(panel: Panel, source: DataSource) -> table.Panel:
    """The sentence that answers a question, or the reason why there is no answer."""
    columns = Column("answer", "Answer", "text"), Column("reason", "If none, why", "text")
    description = f"{panel.description} The answer in words, or why there is none."
    sentence = panel._replace(part="", columns=columns, description=description)
    query = _query(source, panel_request(sentence, source), table_selection(sentence))
    built = _base(table.Panel(), sentence).with_target(query)
    built = built.with_transformation(_column_order(columns)).cell_options(models.TableAutoCellOptions(wrap_text=True))
    for column, width in zip(columns, ((), (DynamicConfigValue("custom.width", 160),)), strict=True):
        built = built.override_by_name(column.title, [*_unit_overrides(column.unit), *width])
    return built


def _base(built: AnyPanel, panel: Panel) -> AnyPanel:
    built = built.title(panel.title).description(panel.description).no_value(EMPTY_PANEL)
    return built.height(NORMAL_HEIGHT).span(HALF_WIDTH)


def _query(source: DataSource, request: Request, selection: Selection) -> Query:
    return Query(source.query(request, selection))


def _with_unit(built: AnyPanel, name: str) -> AnyPanel:
    unit = UNITS[name]
    built = built.unit(unit.name)
    return built if unit.decimals is None else built.decimals(unit.decimals)


def _unit_overrides(name: str) -> list[DynamicConfigValue]:
    """The settings of a table column in that unit; a signed one is green above zero and red below."""
    unit = UNITS[name]
    values: dict[str, object] = {"unit": unit.name, "noValue": EMPTY_CELL}
    if unit.decimals is not None:
        values["decimals"] = unit.decimals
    if unit.signed:
        steps = Threshold(value=None, color=RED), Threshold(value=0, color=GREEN)
        values["thresholds"] = _steps(*steps).build()
        values["custom.cellOptions"] = models.TableColorTextCellOptions()
    return [DynamicConfigValue(key, value) for key, value in values.items()]


CORRELATION_SHADING = (
    DynamicConfigValue("min", -1),
    DynamicConfigValue("max", 1),
    DynamicConfigValue("color", {"mode": FieldColorModeId.CONTINUOUS_BL_YL_RD}),
    DynamicConfigValue("custom.cellOptions", models.TableColoredBackgroundCellOptions()),
)


def _column_order(columns: tuple[Column, ...]) -> DataTransformerConfig:
    # Infinity returns columns in alphabetical order, so Grafana has to restore ours.
    positions = {column.title: position for position, column in enumerate(columns)}
    options = {"excludeByName": {}, "indexByName": positions, "renameByName": {}}
    return DataTransformerConfig("organize", options=options)


def _with_threshold(built: timeseries.Panel, threshold: float) -> timeseries.Panel:
    steps = (
        Threshold(value=None, color=RED),
        Threshold(value=-threshold, color=TRANSPARENT),
        Threshold(value=threshold, color=RED),
    )
    dashed = common.GraphThresholdsStyleConfig().mode(models.GraphThresholdsStyleMode.DASHED)
    return built.thresholds(_steps(*steps)).thresholds_style(dashed)


def _steps(*steps: Threshold) -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(list(steps))


def _with_ticker_colours(built: ChartPanel) -> ChartPanel:
    """One colour for a ticker in all panels. Grafana chooses for a ticker outside the universe, by its name."""
    built = built.color_scheme(dashboard.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    for pattern, colour in ticker_colours().items():
        fixed = {"mode": FieldColorModeId.FIXED, "fixedColor": colour}
        built = built.override_by_regexp(pattern, [DynamicConfigValue("color", fixed)])
    return built


def _legend() -> common.VizLegendOptions:
    bottom = common.VizLegendOptions().show_legend(True).placement(models.LegendPlacement.BOTTOM)
    return bottom.display_mode(models.LegendDisplayMode.LIST).calcs([])


def _tooltip() -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(models.TooltipDisplayMode.MULTI).sort(models.SortOrder.DESCENDING)
