"""A Grafana panel for each shape of the definition: charts here, tables in `tables`."""

from typing import TypeVar

from grafana_foundation_sdk.builders import common, dashboard, table, timeseries
from grafana_foundation_sdk.models import common as models
from grafana_foundation_sdk.models.dashboard import (
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
)

from grafana.colours import ticker_colours
from grafana.definition import Panel
from grafana.links import market_of_series
from grafana.plugins import DataSource, Query
from grafana.queries import panel_request, series_selection
from grafana.units import UNITS

# Grid units: a dashboard is 24 wide.
NORMAL_HEIGHT, HALF_WIDTH, FULL_WIDTH = 10, 12, 24
RED, TRANSPARENT = "red", "transparent"
EMPTY_PANEL = "No data: take a longer time range, or other tickers"
GrafanaPanel = timeseries.Panel | table.Panel
AnyPanel = TypeVar("AnyPanel", timeseries.Panel, table.Panel)
LINE, BARS = models.GraphDrawStyle.LINE, models.GraphDrawStyle.BARS
FILL_OPACITY = {"bar": 60, "area": 10, "stacked": 50}


def time_series_panel(panel: Panel, source: DataSource) -> timeseries.Panel:
    """A line, or bars, for each series; the panel's threshold as red lines."""
    bars = panel.shape == "bar"
    query = Query(source.query(panel_request(panel, source), series_selection(panel, source)))
    built = base_panel(timeseries.Panel(), panel).with_target(query)
    built = _with_ticker_colours(_with_unit(built, panel.unit)).draw_style(BARS if bars else LINE)
    built = built.line_width(1 if bars else 2).fill_opacity(FILL_OPACITY.get(panel.shape, 0))
    if panel.shape == "stacked":
        built = built.stacking(common.StackingConfig().mode(models.StackingMode.NORMAL)).max(1).min(0).span(FULL_WIDTH)
    # Volumes are compared with zero; a soft minimum still lets Grafana choose the upper end.
    built = built.axis_soft_min(0) if panel.unit == "shares" else built
    built = built.show_points(models.VisibilityMode.AUTO).legend(_legend()).tooltip(_tooltip())
    link = dashboard.DashboardLink("The market of ${__field.displayName}").url(market_of_series(source))
    built = built.data_links([link])
    return built if panel.threshold is None else _with_threshold(built, panel.threshold)


def base_panel(built: AnyPanel, panel: Panel) -> AnyPanel:
    """A panel's title, description, size, and what it says without data."""
    built = built.title(panel.title).description(panel.description).no_value(EMPTY_PANEL)
    return built.height(NORMAL_HEIGHT).span(HALF_WIDTH)


def thresholds(*steps: Threshold) -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(list(steps))


def _with_unit(built: timeseries.Panel, name: str) -> timeseries.Panel:
    unit = UNITS[name]
    built = built.unit(unit.name)
    return built if unit.decimals is None else built.decimals(unit.decimals)


def _with_threshold(built: timeseries.Panel, threshold: float) -> timeseries.Panel:
    steps = (
        Threshold(value=None, color=RED),
        Threshold(value=-threshold, color=TRANSPARENT),
        Threshold(value=threshold, color=RED),
    )
    dashed = common.GraphThresholdsStyleConfig().mode(models.GraphThresholdsStyleMode.DASHED)
    return built.thresholds(thresholds(*steps)).thresholds_style(dashed)


def _with_ticker_colours(built: timeseries.Panel) -> timeseries.Panel:
    """One colour for a ticker in all panels. Grafana chooses for a ticker outside the universe, by its name."""
    built = built.color_scheme(dashboard.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    for pattern, colour in ticker_colours().items():
        fixed = {"mode": FieldColorModeId.FIXED, "fixedColor": colour}
        built = built.override_by_regexp(pattern, [DynamicConfigValue("color", fixed)])
    return built


def _legend() -> common.VizLegendOptions:
    bottom = common.VizLegendOptions().show_legend(True).placement(models.LegendPlacement.BOTTOM)
    return bottom.display_mode(models.LegendDisplayMode.TABLE).calcs(["lastNotNull", "min", "max"])


def _tooltip() -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(models.TooltipDisplayMode.MULTI).sort(models.SortOrder.DESCENDING)
