// Line and bar charts over sessions, drawn by lightweight-charts. No other module touches the library.

import { byId, element } from "./dom.js";
import { formatMonth, formatShortDay, formatTick, formatValue, formatWeekday } from "./format.js";
import { attachEndLabels } from "./end_label.js";
import { buildLegend } from "./legend.js";
import { cssColour, lineStyle } from "./theme.js";
import { enableZoom } from "./zoom.js";

// More lines than this are drawn thin and unfilled: filled areas would cover one another.
const MAX_EMPHASIZED = 4;
const FEW_POINTS = 12; // need markers to be seen
const PANE_HEIGHT = 52; // pixels, at least, of the bars of one ticker
const FONT_SIZE = 11;
const LABEL_PADDING = 18; // pixels around the text of a label
const DASHES = { solid: 0, dotted: 1, dashed: 2 };
const drawn = new Map(); // container → {chart, spec}
let simulated = false;

/** Resolves with the library. It is not a module, and loads in parallel with the page's own scripts. */
const library = new Promise((resolve, reject) => {
  const script = byId("charts-library");
  if (window.LightweightCharts) resolve(window.LightweightCharts);
  script.addEventListener("load", () => resolve(window.LightweightCharts));
  script.addEventListener("error", () => reject(new Error("The chart library did not load. Reload the page.")));
});
library.catch(() => {}); // every panel that awaits it shows the error

/** Say in every chart from now on whether the prices are simulated. */
export function setSimulatedCharts(value) {
  simulated = value;
}

/** Group rows into series `{name, times, values}`, in the order of `names`, without those that have no value. */
export function toSeries(rows, { by = "ticker", field }, names) {
  const byName = new Map(names.map((name) => [name, { name, times: [], values: [] }]));
  for (const row of rows) {
    const line = byName.get(row[by]);
    line?.times.push(row.time.slice(0, 10));
    line?.values.push(row[field]);
  }
  return [...byName.values()].filter((line) => line.values.some((value) => value !== null));
}

/**
 * Draw a chart into `container`.
 *
 * spec: `title`, `unit`, `shape` (line, area or bar), `lines` (series), `names` (labels of series other than their
 * name), `benchmark` (dotted), `log`, `fromZero` (values are changes since a start: +8 % is drawn at 1.08, so that a
 * logarithmic scale can show it), `threshold`, `linked` (shares the crosshair), `daily` (a point is a session), `onZoom(from, to)`.
 */
export async function draw(container, spec) {
  render(await library, container, spec);
}

function render(charts, container, spec) {
  clearChart(container);
  const plot = element("div", { class: "plot", role: "img", "aria-label": description(spec) });
  const bars = spec.shape === "bar";
  // The bars of each ticker have a pane of their own: side by side, those of ten tickers could not be told apart.
  plot.style.minHeight = bars ? `${PANE_HEIGHT * spec.lines.length + 28}px` : "";
  const head = element("div", { class: "legend" });
  container.replaceChildren(head, plot);
  // A place of its own: it fills the plot without giving it a height, or each would grow with the other.
  const place = element("div", { class: "canvas" });
  plot.append(place);
  const chart = charts.createChart(place, chartOptions(charts, spec));
  const series = spec.lines.map((line, index) => addSeries(charts, chart, spec, line, bars ? index : 0));
  const panes = chart.panes();
  panes.forEach((pane) => pane.setStretchFactor(1));
  const showLabel = attachEndLabels(series, spec.lines.map((line) => labelOf(spec, line)), (index) => panes[bars ? index : 0]);
  addWatermark(charts, chart);
  chart.timeScale().fitContent();
  const entry = { chart, spec, series, charts };
  drawn.set(container, entry);
  container.lines = () => series.map((one, index) => plotted(one, spec, index)); // what tests read
  const legend = buildLegend(head, spec, (index, visible) => {
    showLabel(index, visible);
    series[index].applyOptions({ visible });
  });
  entry.legend = legend;
  chart.subscribeCrosshairMove((event) => followCrosshair(entry, event));
  if (spec.onZoom) enableZoom(plot, chart.timeScale(), spec);
}

/** Remove what is drawn in `container`, a chart or anything else. */
export function clearChart(container) {
  drawn.get(container)?.chart.remove();
  drawn.delete(container);
  container.replaceChildren();
}

/** Draw everything once more: the theme has changed. */
export function redrawCharts() {
  for (const [container, { charts, spec, marks }] of [...drawn]) {
    render(charts, container, spec);
    if (marks) addMarks(container, marks);
  }
}

/** Mark events `{time, ticker, text, kind}` on the lines of a chart: at the first point that is not before them. */
export function addMarks(container, marks) {
  const entry = drawn.get(container);
  if (!entry) return;
  entry.marks = marks;
  entry.spec.lines.forEach((line, index) => {
    const own = marks.filter((mark) => mark.ticker === line.name).flatMap((mark) => {
      const time = line.times.find((day) => day >= mark.time.slice(0, 10));
      return time ? [{ time, ...markStyle(mark, line.name) }] : [];
    });
    if (own.length) entry.charts.createSeriesMarkers(entry.series[index], own);
  });
}

/** A picture of each chart, which a printer can scale, unlike the chart itself. */
export function picturesOf() {
  return [...drawn].map(([container, { chart }]) => [container, chart.takeScreenshot()]);
}

function markStyle({ kind, text }, name) {
  const { color } = lineStyle(name);
  if (kind === "dividend") return { position: "belowBar", shape: "circle", size: 0.5, color };
  return { position: "aboveBar", shape: "square", size: 0.8, color, text };
}

function chartOptions(charts, spec) {
  const [ink, quiet, line] = ["--ink", "--quiet", "--line"].map(cssColour);
  return {
    autoSize: true,
    layout: {
      background: { type: "solid", color: "transparent" },
      textColor: quiet,
      fontSize: FONT_SIZE,
      fontFamily: getComputedStyle(document.body).fontFamily,
      attributionLogo: false, // the page's footer names TradingView, as the licence asks
      panes: { separatorColor: line, separatorHoverColor: line, enableResize: false },
    },
    localization: {
      tickmarksPriceFormatter: (values) => values.map((value) => tick(spec, value)),
      timeFormatter: (time) => formatWeekday(dayText(time)),
    },
    rightPriceScale: {
      borderVisible: false,
      entireTextOnly: true,
      minimumWidth: widthOfLabels(spec),
      mode: spec.log ? charts.PriceScaleMode.Logarithmic : charts.PriceScaleMode.Normal,
      scaleMargins: { top: 0.08, bottom: spec.shape === "bar" ? 0.04 : 0.06 },
    },
    timeScale: {
      borderColor: line, fixLeftEdge: true, fixRightEdge: true, lockVisibleTimeRangeOnResize: true,
      minBarSpacing: 0.001, // twenty years in a narrow panel
      tickMarkFormatter: tickMark,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line } },
    crosshair: {
      mode: charts.CrosshairMode.Normal,
      horzLine: { visible: false, labelVisible: false },
      vertLine: { color: quiet, style: DASHES.solid, labelBackgroundColor: ink },
    },
    handleScroll: false,
    handleScale: false,
    kineticScroll: { touch: false, mouse: false },
  };
}

function addSeries(charts, chart, spec, line, pane) {
  const { color, dashed } = lineStyle(line.name);
  const dotted = line.name === spec.benchmark;
  const many = spec.lines.length > MAX_EMPHASIZED;
  const common = {
    color,
    priceLineVisible: false,
    lastValueVisible: false,
    priceFormat: { type: "custom", minMove: 1e-6, formatter: (value) => tick(spec, value) },
  };
  const points = line.times.map((time, index) => point(spec, time, line.values[index]));
  const series = bars(charts, chart, spec, common, pane)
    ?? chart.addSeries(...lineKind(charts, spec, { ...common, dotted, dashed, many, few: points.length <= FEW_POINTS }), 0);
  series.setData(points);
  addLevels(series, spec);
  return series;
}

function labelOf(spec, line) {
  const value = line.values.findLast((one) => one !== null);
  const text = endText(spec, line.name, value);
  return { value: spec.fromZero ? 1 + value : value, text, color: lineStyle(line.name).color };
}

function bars(charts, chart, spec, common, pane) {
  if (spec.shape !== "bar") return null;
  const autoscaleInfoProvider = (original) => {
    const found = original();
    if (found?.priceRange) {
      const { minValue, maxValue } = found.priceRange;
      found.priceRange = { minValue: Math.min(0, minValue), maxValue: Math.max(0, maxValue) };
    }
    return found;
  };
  return chart.addSeries(charts.HistogramSeries, { ...common, base: 0, autoscaleInfoProvider }, pane);
}

function lineKind(charts, spec, { dotted, dashed, many, few, ...common }) {
  const style = dotted ? DASHES.dotted : dashed ? DASHES.dashed : DASHES.solid;
  const width = many ? 1 : 2;
  if (spec.shape === "area" && !dotted && !many) {
    return [charts.BaselineSeries, {
      ...common, baseValue: { type: "price", price: 0 }, lineWidth: width, lineStyle: style,
      topLineColor: common.color, topFillColor1: "transparent", topFillColor2: "transparent",
      bottomLineColor: common.color, bottomFillColor1: `${common.color}14`, bottomFillColor2: `${common.color}14`, // 8 %
    }];
  }
  return [charts.LineSeries, {
    ...common, lineWidth: width, lineStyle: style, pointMarkersVisible: few, crosshairMarkerRadius: 3,
  }];
}

/** Lines at the start of changes, and at thresholds. */
function addLevels(series, spec) {
  const level = (price, color) => series.createPriceLine({
    price, color, lineWidth: 1, lineStyle: DASHES.solid, axisLabelVisible: false, title: "",
  });
  if (spec.fromZero) level(1, cssColour("--quiet"));
  for (const limit of spec.threshold ? [spec.threshold, -spec.threshold] : []) level(limit, cssColour("--refused"));
}

function addWatermark(charts, chart) {
  if (!simulated) return;
  charts.createTextWatermark(chart.panes()[0], {
    horzAlign: "left", vertAlign: "top",
    lines: [{ text: "Simulated", color: cssColour("--watermark"), fontSize: 13, fontStyle: "italic" }],
  });
}

function followCrosshair(entry, event) {
  // Without a source event the crosshair was moved by the code below.
  if (event.sourceEvent === undefined && event.time) return;
  const time = event.time ? dayText(event.time) : null;
  entry.legend.show(time);
  for (const other of entry.spec.linked ? drawn.values() : []) {
    if (other === entry || !other.spec.linked) continue;
    const point = time && other.series[0].data().find((one) => one.time === time && one.value !== undefined);
    if (point) other.chart.setCrosshairPosition(point.value, time, other.series[0]);
    else other.chart.clearCrosshairPosition();
    other.legend.show(time);
  }
}

/** Room for the longest label, in pixels. */
function widthOfLabels(spec) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${FONT_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  const texts = spec.lines.map((line) => endText(spec, line.name, line.values.findLast((one) => one !== null)));
  return Math.ceil(Math.max(...texts.map((text) => pen.measureText(text).width))) + LABEL_PADDING;
}

function point(spec, time, value) {
  return value === null ? { time } : { time, value: spec.fromZero ? 1 + value : value };
}

/** A value of the scale; on a logarithmic one changes are multiples of the start, whose ticks are round. */
function tick(spec, value) {
  return spec.fromZero && spec.log ? `×${formatTick(value, "multiple")}` : formatTick(shown(spec, value), spec.unit);
}

function shown(spec, value) {
  return spec.fromZero ? value - 1 : value;
}

function plotted(series, spec, index) {
  const points = series.data().map(({ time, value }) => [time, value === undefined ? null : shown(spec, value)]);
  return [spec.lines[index].name, points];
}

function endText(spec, name, value) {
  return `${spec.names?.[name] ?? name} ${formatValue(value, spec.unit)}`;
}

function tickMark(time, type) {
  const day = dayText(time);
  if (type === 0) return day.slice(0, 4);
  return type === 1 ? formatMonth(day) : formatShortDay(day);
}

function dayText(time) {
  if (typeof time === "string") return time;
  const two = (value) => String(value).padStart(2, "0");
  return `${time.year}-${two(time.month)}-${two(time.day)}`;
}

/** The text alternative of a chart, for screen readers. */
function description({ title, lines, unit, names }) {
  const last = (line) => formatValue(line.values.findLast((value) => value !== null), unit);
  const ends = lines.map((line) => `${names?.[line.name] ?? line.name} ${last(line)}`).join(", ");
  return `${title}, chart to ${lines[0].times.at(-1)}: ${ends}`;
}
