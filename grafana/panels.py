"""A panel of Grafana for each shape of the definition."""

from typing import TypeVar

from grafana_foundation_sdk.builders import bargauge, common, dashboard, table, timeseries
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
    ThresholdsMode,
)

from grafana.colours import colours
from grafana.definition import Column, Panel
from grafana.plugins import Query, Request, Select, Source
from grafana.queries import asked, series, words
from grafana.queries import table as tabled
from grafana.units import UNITS

HEIGHT, LOW, HALF, WHOLE = 9, 4, 12, 24
RED, GREEN, CALM = "red", "green", "transparent"
NOTHING, UNKNOWN = "No data: take a longer time range, or other tickers", "–"  # of a panel, of a cell
Drawn = timeseries.Panel | table.Panel | bargauge.Panel
P = TypeVar("P", timeseries.Panel, table.Panel, bargauge.Panel)
C = TypeVar("C", timeseries.Panel, bargauge.Panel)


def drawn(panel: Panel, source: Source) -> Drawn:
    """The panel in its shape. Bars beside bars of many sessions cannot be read: as on the page, they are lines."""
    if panel.shape in {"table", "pairs", "weekday"}:
        return listed(panel, source)
    if panel.shape == "words":
        return sentences(panel, source)
    if panel.shape == "last":
        return newest(panel, source)
    return lines(panel, source)


def lines(panel: Panel, source: Source, style: kinds.GraphDrawStyle = kinds.GraphDrawStyle.LINE) -> timeseries.Panel:
    """A line, or bars, for each ticker; its alarm as lines in red."""
    bars = style is kinds.GraphDrawStyle.BARS
    found = _titled(timeseries.Panel(), panel).with_target(_query(source, asked(panel, source), series(panel, source)))
    found = _coloured(_in_unit(found, panel.unit)).draw_style(style).line_width(1 if bars else 2)
    found = found.fill_opacity(80 if bars else 10 if panel.shape == "area" else 0)
    found = found.axis_soft_min(0) if panel.unit == "shares" else found
    found = found.show_points(kinds.VisibilityMode.AUTO).legend(_legend()).tooltip(_tooltip())
    return found if panel.alarm is None else _alarmed(found, panel.alarm)


def newest(panel: Panel, source: Source) -> bargauge.Panel:
    """A bar for each ticker with the one figure it has."""
    found = _titled(bargauge.Panel(), panel).with_target(_query(source, asked(panel, source), series(panel, source)))
    found = _coloured(_in_unit(found, panel.unit)).orientation(kinds.VizOrientation.HORIZONTAL)
    found = found.display_mode(kinds.BarGaugeDisplayMode.BASIC).min(0)
    return found.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]).values(False))


def listed(panel: Panel, source: Source) -> table.Panel:
    """The columns of the definition, in their order and units: gains green, losses red, correlation shaded."""
    found = _titled(table.Panel(), panel).with_target(_query(source, asked(panel, source), tabled(panel)))
    found = found.with_transformation(_in_order(panel.columns)).span(WHOLE if len(panel.columns) > 6 else HALF)
    for column in panel.columns:
        shaded = panel.shape == "pairs" and column.unit == "number"
        found = found.override_by_name(column.title, [*_of_unit(column.unit), *(SHADED if shaded else ())])
    return found


def sentences(panel: Panel, source: Source) -> table.Panel:
    """The sentences of a part of an answer, one below the other."""
    found = _titled(table.Panel(), panel).with_target(_query(source, asked(panel, source), words(panel)))
    found = found.cell_options(kinds.TableAutoCellOptions(wrap_text=True)).unit("string").show_header(False)
    return found.no_value("Nothing to warn of").height(LOW).span(WHOLE)


def answer(panel: Panel, source: Source) -> table.Panel:
    """The sentence that answers a question, or the reason why none does."""
    columns = Column("answer", "Answer", "text"), Column("reason", "If none, why", "text")
    said = panel._replace(part="", columns=columns, says=f"{panel.says} The answer in words, or why there is none.")
    found = _titled(table.Panel(), said).with_target(_query(source, asked(said, source), tabled(said)))
    found = found.with_transformation(_in_order(columns)).cell_options(kinds.TableAutoCellOptions(wrap_text=True))
    for column, width in zip(columns, ((), (DynamicConfigValue("custom.width", 160),)), strict=True):
        found = found.override_by_name(column.title, [*_of_unit(column.unit), *width])
    return found


def _titled(found: P, panel: Panel) -> P:
    return found.title(panel.title).description(panel.says).no_value(NOTHING).height(HEIGHT).span(HALF)


def _query(source: Source, request: Request, select: Select) -> Query:
    return Query(source.query(request, select))


def _in_unit(found: P, unit: str) -> P:
    shown = UNITS[unit]
    found = found.unit(shown.name)
    return found if shown.decimals is None else found.decimals(shown.decimals)


def _of_unit(unit: str) -> list[DynamicConfigValue]:
    shown = UNITS[unit]
    values: dict[str, object] = {"unit": shown.name, "noValue": UNKNOWN}
    if shown.decimals is not None:
        values["decimals"] = shown.decimals
    if shown.signed:
        steps = Threshold(value=None, color=RED), Threshold(value=0, color=GREEN)
        values["thresholds"] = _steps(*steps).build()
        values["custom.cellOptions"] = kinds.TableColorTextCellOptions()
    return [DynamicConfigValue(name, value) for name, value in values.items()]


SHADED = (
    DynamicConfigValue("min", -1),
    DynamicConfigValue("max", 1),
    DynamicConfigValue("color", {"mode": FieldColorModeId.CONTINUOUS_BL_YL_RD}),
    DynamicConfigValue("custom.cellOptions", kinds.TableColoredBackgroundCellOptions()),
)


def _in_order(columns: tuple[Column, ...]) -> DataTransformerConfig:
    """Infinity brings columns in the order of the alphabet."""
    places = {column.title: place for place, column in enumerate(columns)}
    return DataTransformerConfig("organize", options={"excludeByName": {}, "indexByName": places, "renameByName": {}})


def _alarmed(found: timeseries.Panel, alarm: float) -> timeseries.Panel:
    steps = Threshold(value=None, color=RED), Threshold(value=-alarm, color=CALM), Threshold(value=alarm, color=RED)
    dashed = common.GraphThresholdsStyleConfig().mode(kinds.GraphThresholdsStyleMode.DASHED)
    return found.thresholds(_steps(*steps)).thresholds_style(dashed)


def _steps(*steps: Threshold) -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(list(steps))


def _coloured(found: C) -> C:
    """A ticker has one colour in all panels; one beyond the universe has what Grafana makes of its name."""
    found = found.color_scheme(dashboard.FieldColor().mode(FieldColorModeId.PALETTE_CLASSIC_BY_NAME))
    for pattern, colour in colours().items():
        fixed = {"mode": FieldColorModeId.FIXED, "fixedColor": colour}
        found = found.override_by_regexp(pattern, [DynamicConfigValue("color", fixed)])
    return found


def _legend() -> common.VizLegendOptions:
    bottom = common.VizLegendOptions().show_legend(True).placement(kinds.LegendPlacement.BOTTOM)
    return bottom.display_mode(kinds.LegendDisplayMode.LIST).calcs([])


def _tooltip() -> common.VizTooltipOptions:
    return common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI).sort(kinds.SortOrder.DESCENDING)
