// Figures: long rows in, the chart library's traces and layout out. Calm: no frame, few lines, names beside the lines.

import { UNITS } from "./format.js";
import { colour, pen } from "./theme.js";

const LABEL_GAP = 15;
const SESSIONS_AS_BARS = 32;
export const FEW = 4; // lines: more are thin, and without areas, which would lie on one another
const MARGIN = { l: 50, r: 14, t: 12, b: 40 };
const LETTER = 9.5; // pixels, of a label
const DAY_MS = 86_400_000;
const TICKS = [
  { dtickrange: [null, 27 * DAY_MS], value: "%-d %b\n%Y" },
  { dtickrange: [27 * DAY_MS, "M11"], value: "%b\n%Y" },
  { dtickrange: ["M12", null], value: "%Y" },
];
export const CONFIG = { displayModeBar: false, responsive: true, doubleClick: false };
/** The chart library, once it has loaded. */
export const library = new Promise((done, fail) => {
  const script = document.getElementById("charts-library");
  if (window.Plotly) done(window.Plotly);
  script.addEventListener("load", () => done(window.Plotly));
  script.addEventListener("error", () => fail(new Error("The chart library did not load. The table below has the figures.")));
});
library.catch(() => {}); // each panel says it

/** Rows by series, in the order of `names`: `{name, times, values}`, without those that have no row. */
export function series(rows, { by = "ticker", field }, names) {
  const found = new Map(names.map((name) => [name, { name, times: [], values: [] }]));
  for (const row of rows) {
    const one = found.get(row[by]);
    one?.times.push(row.time.slice(0, 10));
    one?.values.push(row[field]);
  }
  return [...found.values()].filter((one) => one.values.some((value) => value !== null));
}

/** Draw `lines` as `panel` says into `place`; `against` is dotted. */
export async function draw(place, panel, lines, against) {
  const plotly = await library;
  const height = place.clientHeight;
  const bars = panel.shape === "bar" && lines.every((line) => line.times.length <= SESSIONS_AS_BARS);
  const many = lines.length > FEW;
  const traces = lines.map((line) => trace(line, panel, bars, line.name === against, many));
  const layout = { ...frame(panel, place), height };
  layout.yaxis.range = extent(lines, bars);
  if (bars) Object.assign(layout.xaxis, ofSessions(lines, layout.xaxis.nticks));
  else Object.assign(layout, named(lines, layout, height));
  await plotly.react(place, traces, layout, CONFIG);
  place.setAttribute("aria-label", inOneSentence(panel, lines));
}

function trace(line, panel, bars, dotted, many) {
  const { color, dash } = pen(line.name);
  const shared = {
    name: line.name, x: line.times, y: line.values, hovertemplate: `%{y:${UNITS[panel.unit].hover}}`,
  };
  if (bars) return { ...shared, type: "bar", marker: { color, cornerradius: 3 } };
  const few = line.times.length <= 12;
  return {
    ...shared,
    type: "scatter",
    mode: few ? "lines+markers" : "lines",
    marker: { color, size: 6 },
    line: { color, width: (dotted ? 1.75 : 2.25) - (many ? 0.75 : 0), dash: dotted ? "dot" : dash },
    fill: panel.shape === "area" && !dotted && !many ? "tozeroy" : "none",
    fillcolor: `${color}14`,
  };
}

/** What all charts share: paper, axes, hover. */
export function frame(panel, place) {
  const [ink, quiet, line, card] = ["--ink", "--quiet", "--line", "--card"].map(colour);
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
      tickcolor: line, linecolor: line, tickformatstops: TICKS, nticks: place.clientWidth < 480 ? 4 : 7, hoverformat: "%a %-d %b %Y",
      spikemode: "across", spikethickness: 1, spikedash: "solid", spikecolor: quiet,
    },
    yaxis: {
      fixedrange: true, gridcolor: line, zerolinecolor: quiet, zerolinewidth: 1, nticks: 6, ticklen: 6,
      tickcolor: "transparent", tickformat: UNITS[panel.unit].axis, automargin: false,
    },
  };
}

/** The values' range with a little air; bars stand on zero. */
function extent(lines, bars) {
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null);
  const low = bars ? Math.min(0, ...values) : values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), bars ? 0 : -Infinity);
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  return [bars ? low : low - air, high + air];
}

/** An axis without weekends, on which every tick is a session's, counted from the newest. */
function ofSessions(lines, most) {
  const days = [...new Set(lines.flatMap((line) => line.times))].sort().reverse();
  const step = Math.ceil(days.length / most);
  const ticks = days.filter((_, index) => index % step === 0);
  return { rangebreaks: [{ bounds: ["sat", "mon"] }], tickmode: "array", tickvals: ticks, tickformat: "%-d %b", tickformatstops: [] };
}

/** The margin and the labels that name the lines. */
function named(lines, { margin, yaxis }, height) {
  const longest = Math.max(...lines.map((line) => line.name.length));
  return { margin: { ...margin, r: margin.r + LETTER * longest }, annotations: labels(lines, yaxis.range, height) };
}

/** Names at the lines' ends, pushed apart where they would meet. */
function labels(lines, [low, high], height) {
  const tall = height - MARGIN.t - MARGIN.b;
  const ends = lines.map((line) => {
    const value = line.values.findLast((one) => one !== null);
    return { name: line.name, value, at: ((value - low) / (high - low)) * tall };
  });
  ends.sort((a, b) => a.at - b.at);
  const places = apart(ends.map((end) => end.at), tall);
  return ends.map((end, index) => ({
    text: end.name, x: 1, xref: "paper", xanchor: "left", xshift: 7, y: end.value, yanchor: "middle",
    yshift: places[index] - end.at, showarrow: false, font: { color: pen(end.name).color, size: 12, weight: 650 },
  }));
}

/** Ascending places at least LABEL_GAP apart, as near to the wanted ones as going up and then down once gives. */
function apart(wanted, tall) {
  const places = [...wanted];
  for (let i = 1; i < places.length; i += 1) places[i] = Math.max(places[i], places[i - 1] + LABEL_GAP);
  let ceiling = tall;
  for (let i = places.length - 1; i >= 0; i -= 1) {
    places[i] = Math.min(places[i], ceiling);
    ceiling = places[i] - LABEL_GAP;
  }
  return places;
}

function inOneSentence(panel, lines) {
  const last = (line) => UNITS[panel.unit].cell(line.values.findLast((value) => value !== null));
  const ends = lines.map((line) => `${line.name} ${last(line)}`).join(", ");
  return `${panel.title}, chart to ${lines[0].times.at(-1)}: ${ends}`;
}
