// Line and bar charts: rows of an answer in, Plotly traces and layout out. Labels stand at the ends of the lines.

import { UNITS } from "./format.js";
import { cssColour, lineStyle } from "./theme.js";

const LABEL_GAP = 15; // pixels between the labels of two lines
const MAX_BAR_SESSIONS = 32; // bars of more sessions are too thin to read, and become lines
// More lines than this are drawn thin and unfilled: filled areas would cover one another.
export const MAX_EMPHASIZED = 4;
const MARGIN = { l: 50, r: 14, t: 12, b: 40 };
const CHARACTER_WIDTH = 9.5; // pixels, in a label
const DAY_MS = 86_400_000;
const TICK_FORMATS = [
  { dtickrange: [null, 27 * DAY_MS], value: "%-d %b\n%Y" },
  { dtickrange: [27 * DAY_MS, "M11"], value: "%b\n%Y" },
  { dtickrange: ["M12", null], value: "%Y" },
];
export const CONFIG = { displayModeBar: false, responsive: true, doubleClick: false };
/** Resolves with Plotly. It is not a module, and loads in parallel with the page's own scripts. */
export const chartLibrary = new Promise((resolve, reject) => {
  const script = document.getElementById("charts-library");
  if (window.Plotly) resolve(window.Plotly);
  script.addEventListener("load", () => resolve(window.Plotly));
  script.addEventListener("error", () => reject(new Error("The chart library did not load. The table below has the figures.")));
});
chartLibrary.catch(() => {}); // every panel that awaits it shows the error

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

/** Draw the series `lines` into `container`; the benchmark's line is dotted. */
export async function draw(container, panel, lines, benchmark) {
  const plotly = await chartLibrary;
  const height = container.clientHeight;
  const bars = panel.shape === "bar" && lines.every((line) => line.times.length <= MAX_BAR_SESSIONS);
  const many = lines.length > MAX_EMPHASIZED;
  const traces = lines.map((line) => trace(line, panel, bars, line.name === benchmark, many));
  const layout = { ...baseLayout(panel, container), height };
  layout.yaxis.range = valueRange(lines, bars);
  if (bars) Object.assign(layout.xaxis, sessionAxis(lines, layout.xaxis.nticks));
  else Object.assign(layout, labelledEnds(lines, layout, height));
  await plotly.react(container, traces, layout, CONFIG);
  container.setAttribute("aria-label", description(panel, lines));
}

function trace(line, panel, bars, dotted, many) {
  const { color, dash } = lineStyle(line.name);
  const common = {
    name: line.name, x: line.times, y: line.values, hovertemplate: `%{y:${UNITS[panel.unit].hover}}`,
  };
  if (bars) return { ...common, type: "bar", marker: { color, cornerradius: 3 } };
  const markers = line.times.length <= 12; // few points need markers to be seen
  return {
    ...common,
    type: "scatter",
    mode: markers ? "lines+markers" : "lines",
    marker: { color, size: 6 },
    line: { color, width: (dotted ? 1.75 : 2.25) - (many ? 0.75 : 0), dash: dotted ? "dot" : dash },
    fill: panel.shape === "area" && !dotted && !many ? "tozeroy" : "none",
    fillcolor: `${color}14`, // 8 % opaque
  };
}

/** The layout that all charts share: background, axes, hover. */
export function baseLayout(panel, container) {
  const [ink, quiet, line, card] = ["--ink", "--quiet", "--line", "--card"].map(cssColour);
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: quiet };
  return {
    font,
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    margin: MARGIN,
    showlegend: false,
    dragmode: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: card, bordercolor: line, font: { ...font, color: ink }, namelength: -1 },
    bargap: 0.3,
    bargroupgap: 0.08,
    xaxis: {
      type: "date", fixedrange: true, showgrid: false, zeroline: false, ticks: "outside", ticklen: 4,
      tickcolor: line, linecolor: line, tickformatstops: TICK_FORMATS, nticks: container.clientWidth < 480 ? 4 : 7, hoverformat: "%a %-d %b %Y",
      spikemode: "across", spikethickness: 1, spikedash: "solid", spikecolor: quiet,
    },
    yaxis: {
      fixedrange: true, gridcolor: line, zerolinecolor: quiet, zerolinewidth: 1, nticks: 6, ticklen: 6,
      tickcolor: "transparent", tickformat: UNITS[panel.unit].axis, automargin: false,
    },
  };
}

/** The range of the values with a margin of 6 %; bars start at zero. */
function valueRange(lines, bars) {
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  // Reduced, not spread: a spread of 50,000 values can exceed the engine's limit of arguments.
  const low = bars ? Math.min(0, ...values) : values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), bars ? 0 : -Infinity);
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  return [bars ? low : low - margin, high + margin];
}

/** A date axis without weekends; each tick is a session, counted from the newest. */
function sessionAxis(lines, maxTicks) {
  const days = [...new Set(lines.flatMap((line) => line.times))].sort().reverse();
  const step = Math.ceil(days.length / maxTicks);
  const ticks = days.filter((_, index) => index % step === 0);
  return { rangebreaks: [{ bounds: ["sat", "mon"] }], tickmode: "array", tickvals: ticks, tickformat: "%-d %b", tickformatstops: [] };
}

/** The right margin and the labels at the ends of the lines. */
function labelledEnds(lines, { margin, yaxis }, height) {
  const longest = Math.max(...lines.map((line) => line.name.length));
  return { margin: { ...margin, r: margin.r + CHARACTER_WIDTH * longest }, annotations: labels(lines, yaxis.range, height) };
}

/** Labels at the ends of the lines, moved apart where they would overlap. */
function labels(lines, [low, high], height) {
  const plotHeight = height - MARGIN.t - MARGIN.b;
  const ends = lines.map((line) => {
    const value = line.values.findLast((point) => point !== null);
    return { name: line.name, value, at: ((value - low) / (high - low)) * plotHeight };
  });
  ends.sort((a, b) => a.at - b.at);
  const positions = spread(ends.map((end) => end.at), plotHeight);
  return ends.map((end, index) => ({
    text: end.name, x: 1, xref: "paper", xanchor: "left", xshift: 7, y: end.value, yanchor: "middle",
    yshift: positions[index] - end.at, showarrow: false, font: { color: lineStyle(end.name).color, size: 12, weight: 650 },
  }));
}

/** Move ascending positions at least LABEL_GAP apart: one pass pushes them up, one pushes them below `top`. */
function spread(wanted, top) {
  const positions = [...wanted];
  for (let i = 1; i < positions.length; i += 1) positions[i] = Math.max(positions[i], positions[i - 1] + LABEL_GAP);
  let ceiling = top;
  for (let i = positions.length - 1; i >= 0; i -= 1) {
    positions[i] = Math.min(positions[i], ceiling);
    ceiling = positions[i] - LABEL_GAP;
  }
  return positions;
}

/** The text alternative of a chart, for screen readers. */
function description(panel, lines) {
  const last = (line) => UNITS[panel.unit].cell(line.values.findLast((value) => value !== null));
  const ends = lines.map((line) => `${line.name} ${last(line)}`).join(", ");
  return `${panel.title}, chart to ${lines[0].times.at(-1)}: ${ends}`;
}
