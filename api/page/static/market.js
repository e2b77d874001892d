// The view that compares tickers: scores, charts, table, weekdays, months and drawdowns of the question on screen.

import { getJson } from "./api.js";
import { addMarks, draw, toSeries } from "./charts.js";
import { showDates } from "./controls.js";
import { byId } from "./dom.js";
import { MAX_TICKERS, requestedTickers, windowOf } from "./state.js";
import { comparableWindow, INTERVAL_WORDS, scaleOf, sessionsOf } from "./interval.js";
import { renderMonths } from "./months.js";
import { buildPanel, clearPanel, describe, loadPanel, resetPanel } from "./panel.js";
import { clearStatus, dimStatus, showLastDay, showScores, showWarnings } from "./status.js";
import { renderMatrix, renderTable } from "./tables.js";
import { setPicked } from "./theme.js";
import { drawWeekdays, weekdayVerdict } from "./weekdays.js";
import { whenNear } from "./when_near.js";

const CHART_SHAPES = ["line", "bar", "area"];
const WITH_INTERVAL = ["prices", "compare", "volatility"]; // the paths whose rows may be weekly
const FIRST = "growth"; // the panel at the top
const WITH_MARKS = ["growth", "close"];
const LATER = ["seasonality", "returns/calendar", "returns/drawdowns"]; // far down the page
const MAX_MATRIX_TICKERS = 6; // the matrix of more tickers needs the full width
const FIRST_DAY = "1999-11-01"; // of the vendor's prices, until the list of tickers has come
const LONG = 500; // sessions, beyond which the list is worth waiting for
const SHORT = 252; // sessions; months of less than a year are shown for five
const MAX_DIVIDENDS = 40;

/** Build the panels. Returns `{refresh(state, question)}`; question: isWanted, refused, retry, universe, onChange. */
export function buildMarket(definition) {
  const all = definition.panels.filter((panel) => panel.views.includes("page"));
  const panels = [...all.filter((panel) => panel.name === FIRST), ...all.filter((panel) => panel.name !== FIRST)];
  const last = definition.panels.find((panel) => panel.name === "last_volume");
  const sections = new Map(panels.map((panel) => [panel, buildPanel(panel)]));
  byId("panels").append(...sections.values());
  const refresh = (state, question) => refreshMarket({ parameters: definition.parameters, sections, last }, state, question);
  return { refresh, clear: () => clearMarket(sections, "Choose at least one ticker of this lake.") };
}

function clearMarket(sections, text) {
  for (const section of sections.values()) {
    clearPanel(section, text);
    section.removeAttribute("aria-busy");
  }
  clearStatus("scores");
  clearStatus("warnings");
}

async function refreshMarket({ parameters, sections, last }, state, question) {
  setPicked(requestedTickers(state, ["benchmark"]));
  dimStatus(requestedTickers(state, ["benchmark"]));
  for (const [panel, section] of sections) {
    if (LATER.includes(panel.path)) resetPanel(section);
    else section.setAttribute("aria-busy", "true");
  }
  const rows = await knownUniverse(state, question);
  if (!question.isWanted()) return;
  const scale = scaleFor(state, rows);
  byId("panels").classList.toggle("wide", requestedTickers(state, ["benchmark"]).length > MAX_MATRIX_TICKERS);
  const warnings = new Map();
  const ask = { ...question, state, scale, warnings, parameters, panels: [...sections.keys()] };
  for (const [panel, section] of sections) {
    if (LATER.includes(panel.path)) whenNear(section, () => question.isWanted() && loadOne(ask, panel, section));
    else loadOne(ask, panel, section);
  }
  loadLastDay(ask, last);
}

/** The rows of /tickers; only long windows wait for them, to know how far back `max` goes. */
function knownUniverse(state, { universe }) {
  return sessionsOf(state, FIRST_DAY, today()) > LONG ? universe : [];
}

function scaleFor(state, rows) {
  const tickers = requestedTickers(state, ["benchmark"]);
  const days = rows.filter((row) => tickers.includes(row.value) && row.first).map((row) => row.first).sort();
  const sessions = sessionsOf(state, days[0] ?? FIRST_DAY, today());
  return { sessions, days, ...scaleOf(sessions, tickers.length) };
}

function loadOne(ask, panel, section) {
  const { state, scale, warnings, isWanted } = ask;
  const options = {
    isWanted, retry: ask.retry,
    refused: (error) => {
      if (panel.path === "compare") ["scores", "warnings"].forEach(clearStatus);
      return ask.refused(error);
    },
  };
  return loadPanel(section, panel.path, requestOf(ask, panel), async (body, answer) => {
    await ask.universe;
    if (!isWanted()) return null;
    warnings.set(panel.path, answer.warnings);
    showWarnings([...warnings.values()].flat());
    if (!panel.range && panel.path === "compare") showDates(answer.meta.window);
    return render(ask, panel, section, body, answer);
  }, options);
}

function requestOf({ state, scale, parameters, panels }, panel) {
  const names = parameters[panel.path] ?? ["tickers"];
  const tickers = requestedTickers(state, names).join(",");
  const window = windowFor(panel.path, state, scale);
  const benchmark = names.includes("benchmark") ? { benchmark: state.benchmark.replace("NONE", "none") } : {};
  const interval = WITH_INTERVAL.includes(panel.path) && scale.interval !== "1d" ? { interval: scale.interval } : {};
  const basis = state.basis === "total" ? { basis: "total" } : {};
  return { tickers, ...window, ...benchmark, ...basis, ...interval, ...fieldsOf(panels, panel.path) };
}

function windowFor(path, state, { sessions, days }) {
  if (path === "returns/calendar" && sessions < SHORT) return { range: "5y" };
  return path === "compare" ? comparableWindow(windowOf(state), days, today()) : windowOf(state);
}

/** The columns that the charts of a path draw: its panels share one request. */
function fieldsOf(panels, path) {
  const charts = panels.filter((panel) => panel.path === path && CHART_SHAPES.includes(panel.shape));
  return charts.length ? { fields: charts.map((panel) => panel.field).join(",") } : {};
}

/** Draw an answer into a panel's body. Returns a sentence if there is nothing to draw. */
async function render(ask, panel, section, body, answer) {
  const { state, scale } = ask;
  const tickers = requestedTickers(state, ask.parameters[panel.path] ?? ["tickers"]);
  const rows = answer[panel.part];
  if (panel.shape === "table") return renderSummary(ask, panel, body, rows);
  if (panel.shape === "matrix") {
    if (!rows.length) return "No shared trading days.";
    renderMatrix(body, rows, tickers);
    return null;
  }
  if (panel.shape === "calendar") {
    describe(section, panel, "* marks a month that is not over", scale.sessions < SHORT && "five years are shown");
    return renderMonths(body, rows, tickers);
  }
  if (panel.shape === "weekday") {
    describe(section, panel, weekdayVerdict(answer.summary));
    return drawWeekdays(body, panel, rows, tickers);
  }
  return renderChart(ask, panel, section, body, rows, tickers);
}

function renderSummary(ask, panel, body, rows) {
  const columns = panel.columns.map((column) =>
    (column.field === "excess_return" ? { ...column, title: `vs ${ask.state.benchmark}` } : column));
  renderTable(body, columns, rows);
  if (panel.path === "compare") {
    showScores(rows, ask.state.benchmark);
    ask.lastDay?.then(showLastDay, () => {});
  }
  return null;
}

async function renderChart({ state, scale, isWanted, retry, onChange, ...ask }, panel, section, body, rows, tickers) {
  const lines = toSeries(rows, panel, tickers);
  if (!lines.length) return "No data for this period.";
  const fromZero = panel.field === "growth";
  const log = scale.log && (fromZero || panel.field === "close");
  const { title, unit, shape, threshold } = panel;
  describe(section, panel, INTERVAL_WORDS[scale.interval], log && (panel.field === "growth" ? "logarithmic scale in multiples of the start" : "logarithmic scale"));
  await draw(body, {
    title, unit, shape, threshold, lines, benchmark: state.benchmark, fromZero, log, linked: true,
    daily: scale.interval === "1d", onZoom: (from, to) => onChange({ range: "", from, to }),
  });
  // Read by benchmarks/api_page.py.
  if (!performance.getEntriesByName("first chart").length) performance.mark("first chart");
  if (WITH_MARKS.includes(panel.name)) markEvents(state, scale, body, isWanted);
  return null;
}

/** Splits, and dividends where they are few, as marks; a chart without them is better than none. */
async function markEvents(state, scale, body, isWanted) {
  const kind = scale.interval === "1d" ? {} : { kind: "split" };
  try {
    const { rows } = await getJson("events", { tickers: state.tickers.join(","), ...windowOf(state), ...kind }, isWanted);
    const dividends = rows.filter((row) => row.kind === "dividend");
    const marks = rows.filter((row) => row.kind !== "dividend" || dividends.length <= MAX_DIVIDENDS);
    if (isWanted()) addMarks(body, marks.map((row) => ({ ...row, text: row.kind === "split" ? `${row.value}:1` : "spin-off" })));
  } catch {
    // The panels of prices say what is wrong with the service.
  }
}

/** The newest session's close, change and volume, whatever the window, beside the scores. */
function loadLastDay(ask, panel) {
  // The benchmark may come on top of the most that are compared, but not of the most that are listed.
  const tickers = requestedTickers(ask.state, ["benchmark"]).slice(0, MAX_TICKERS).join(",");
  const parameters = { tickers, range: panel.range, fields: "close,change_ratio,volume" };
  const found = getJson(panel.path, parameters, ask.isWanted).then(({ rows }) => (ask.isWanted() ? rows : []));
  ask.lastDay = found;
  found.then(showLastDay, () => {});
}

function today() {
  return new Date().toISOString().slice(0, 10);
}
