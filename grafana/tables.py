"""The panels that are tables: figures, facts, sentences, and matrices."""

from collections.abc import Iterable, Sequence

from grafana_foundation_sdk.builders import common, table
from grafana_foundation_sdk.models import common as models
from grafana_foundation_sdk.models.dashboard import (
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Threshold,
)

from grafana.definition import Column, Panel
from grafana.links import market_of_cell
from grafana.panels import FULL_WIDTH, HALF_WIDTH, NORMAL_HEIGHT, RED, base_panel, thresholds
from grafana.plugins import DataSource, Query, Selection
from grafana.queries import mirrored, panel_request, table_selection, text_selection
from grafana.units import UNITS

LOW_HEIGHT, ANSWER_HEIGHT = 4, 5
HEIGHTS = {"portfolio_summary": 6, "holdings": 8}  # of tables with few rows, by the panel's name
GREEN, EMPTY_CELL = "green", "–"
TICKER_TITLE = "Ticker"
ANSWER_COLUMNS = {"question": "Question", "headline": "Answer", "reason": "If none, why"}
ANSWER_WIDTHS = {"question": 560, "reason": 200}
KEY_FIGURE_COLUMNS = {"label": "Figure", "ticker": TICKER_TITLE, "text": "Value"}
BAR = models.TableBarGaugeCellOptions(mode=models.BarGaugeDisplayMode.BASIC)
PLAIN = models.TableCellBackgroundDisplayMode.BASIC
CORRELATION_SHADING = {
    "min": -1,
    "max": 1,
    "color": {"mode": FieldColorModeId.CONTINUOUS_BL_YL_RD},
    "custom.cellOptions": models.TableColoredBackgroundCellOptions(mode=PLAIN),
}
# Without it, a cell without a value has the colour of the lowest one.
PLAIN_NULL = {"type": "special", "options": {"match": "null", "result": {"text": EMPTY_CELL, "color": "transparent"}}}
# Losses red, gains green, the more the darker; what is small is left plain.
RETURN_SHADES = (
    Threshold(value=None, color="#a50f15"),
    Threshold(value=-0.1, color="#d84a3b"),
    Threshold(value=-0.05, color="#d84a3b88"),
    Threshold(value=-0.02, color="transparent"),
    Threshold(value=0.02, color="#3f9b5688"),
    Threshold(value=0.05, color="#3f9b56"),
    Threshold(value=0.1, color="#1a6b36"),
)


def table_panel(panel: Panel, source: DataSource) -> table.Panel:
    """The columns of the definition, in their order and units: gains green, losses red."""
    built = _with_query(base_panel(table.Panel(), panel), source, panel, table_selection(panel))
    width = FULL_WIDTH if len(panel.columns) > 7 else HALF_WIDTH
    # Grafana's own least width, 150, would push columns out of sight.
    built = built.with_transformation(_column_order(panel.columns)).span(width).min_width(70)
    built = built.height(HEIGHTS.get(panel.name, NORMAL_HEIGHT))
    return _with_columns(built, panel.columns, source)


def facts_panel(panel: Panel, source: DataSource) -> table.Panel:
    """One row of facts."""
    return table_panel(panel, source).height(LOW_HEIGHT).span(FULL_WIDTH)


def latest_panel(panel: Panel, source: DataSource) -> table.Panel:
    """Each ticker with its newest figure, the session that it is of, and a bar."""
    figure = panel.columns[-1]
    built = table_panel(panel, source).override_by_name(
        figure.title, [DynamicConfigValue("custom.cellOptions", BAR), DynamicConfigValue("min", 0)]
    )
    return built.sort_by([common.TableSortByFieldState().display_name(figure.title).desc(True)])


def matrix_panel(panel: Panel, source: DataSource) -> table.Panel:
    """A symmetric matrix of the pairs that the API gives once: the second query has them the other way round."""
    row, column, value = (one.title for one in panel.columns[:3])
    half = table_selection(panel._replace(columns=panel.columns[:3]))
    built = _with_query(base_panel(table.Panel(), panel), source, panel, half, mirrored(half))
    built = _pivoted(built, row, column, value, descending=False)
    built = built.unit(UNITS["number"].name).decimals(2)
    return _shaded(built, CORRELATION_SHADING, row, source)


def calendar_panel(panel: Panel, source: DataSource) -> table.Panel:
    """A row a period, the newest first, and a column a ticker, shaded by the return."""
    row, column, value = (one.title for one in panel.columns)
    built = _with_query(base_panel(table.Panel(), panel), source, panel, table_selection(panel))
    built = _pivoted(built, row, column, value, descending=True)
    unit = UNITS["signed_ratio"]
    built = built.unit(unit.name).decimals(unit.decimals or 0).thresholds(thresholds(*RETURN_SHADES))
    return _shaded(built, {"custom.cellOptions": models.TableColoredBackgroundCellOptions(mode=PLAIN)}, row, source)


def text_panel(panel: Panel, source: DataSource) -> table.Panel:
    """The sentences of a part of an answer, one in each row."""
    built = _with_query(base_panel(table.Panel(), panel), source, panel, text_selection(panel))
    built = _wrapped(built).unit("string").show_header(False)
    return built.no_value("Nothing to warn of").height(LOW_HEIGHT).span(FULL_WIDTH)


def _with_query(built: table.Panel, source: DataSource, panel: Panel, *selections: Selection) -> table.Panel:
    request = panel_request(panel, source)
    for ref, selection in zip("AB", selections, strict=False):
        built = built.with_target(Query(source.query(request, selection, ref)))
    return built


def _with_columns(built: table.Panel, columns: Sequence[Column], source: DataSource) -> table.Panel:
    for column in columns:
        link = _ticker_link(source) if column.title == TICKER_TITLE else ()
        built = built.override_by_name(column.title, [*_unit_overrides(column.unit), *link])
    return built


def _wrapped(built: table.Panel) -> table.Panel:
    """All of a text on several lines: up to Grafana 12.1 by the cell's options, since then by the field's."""
    built = built.cell_options(models.TableAutoCellOptions(wrap_text=True))
    return built.override_by_regexp("/.*/", [DynamicConfigValue("custom.wrapText", True)])


def _unit_overrides(name: str) -> list[DynamicConfigValue]:
    """The settings of a table column in that unit; a signed one is green above zero and red below."""
    unit = UNITS[name]
    values: dict[str, object] = {"unit": unit.name, "noValue": EMPTY_CELL}
    if unit.decimals is not None:
        values["decimals"] = unit.decimals
    if unit.signed:
        steps = Threshold(value=None, color=RED), Threshold(value=0, color=GREEN)
        values["thresholds"] = thresholds(*steps).build()
        values["custom.cellOptions"] = models.TableColorTextCellOptions()
    return [DynamicConfigValue(key, value) for key, value in values.items()]


def _ticker_link(source: DataSource) -> Iterable[DynamicConfigValue]:
    link = {"title": "The market of ${__value.text}", "url": market_of_cell(source)}
    return (DynamicConfigValue("links", [link]),)


def _column_order(columns: Sequence[Column]) -> DataTransformerConfig:
    # Infinity returns columns in alphabetical order, so Grafana has to restore ours.
    positions = {column.title: position for position, column in enumerate(columns)}
    return _transformation("organize", excludeByName={}, indexByName=positions, renameByName={})


def _pivoted(built: table.Panel, row: str, column: str, value: str, *, descending: bool) -> table.Panel:
    """One row for each value of `row` and one column for each of `column`, both in order."""
    corner = f"{row}\\{column}"  # Grafana's name for the first column
    for step in (
        _transformation("merge"),
        _transformation("sortBy", fields={}, sort=[{"field": column, "desc": False}]),
        _transformation("groupingToMatrix", rowField=row, columnField=column, valueField=value, emptyValue="null"),
        _transformation("sortBy", fields={}, sort=[{"field": corner, "desc": descending}]),
        _transformation("organize", excludeByName={}, indexByName={}, renameByName={corner: row}),
    ):
        built = built.with_transformation(step)
    return built


def _shaded(built: table.Panel, shading: dict[str, object], row: str, source: DataSource) -> table.Panel:
    """All columns but the first one, which names the rows, shaded by their values."""
    for key, value in {**shading, "mappings": [PLAIN_NULL]}.items():
        built = built.override_by_regexp(f"/^(?!{row}$).*/", [DynamicConfigValue(key, value)])
    built = built.min_width(50)  # eleven columns in half the width
    plain = [DynamicConfigValue("unit", "string")]
    link = _ticker_link(source) if row == TICKER_TITLE else ()
    return built.no_value(EMPTY_CELL).override_by_name(row, [*plain, *link])


def _transformation(name: str, **options: object) -> DataTransformerConfig:
    return DataTransformerConfig(name, options=options)


def answer_panel(panel: Panel, source: DataSource) -> table.Panel:
    """A question and the sentence that answers it, or the reason why there is no answer."""
    columns = tuple(Column(field, title, "text") for field, title in ANSWER_COLUMNS.items())
    description = f"{panel.description} The question as it is asked, the answer in a sentence, or why there is none."
    built = table_panel(panel._replace(part="", columns=columns, description=description), source)
    built = _wrapped(built).height(ANSWER_HEIGHT).span(FULL_WIDTH)
    for field, width in ANSWER_WIDTHS.items():
        built = built.override_by_name(ANSWER_COLUMNS[field], [DynamicConfigValue("custom.width", width)])
    return built


def key_figures_panel(panel: Panel, source: DataSource) -> table.Panel:
    """The figures that the answer rests on."""
    columns = tuple(Column(field, title, "text") for field, title in KEY_FIGURE_COLUMNS.items())
    description = "The figures that the answer rests on."
    figures = panel._replace(title="Key figures", part="key_figures", columns=columns, description=description)
    return _wrapped(table_panel(figures, source))
