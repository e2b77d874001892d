// The page. The URL holds the state; each panel requests and draws its answer independently.

import { getJson } from "./api.js";
import { draw, toSeries } from "./charts.js";
import { buildControls, showDates, showState } from "./controls.js";
import { byId } from "./dom.js";
import { buildPanel, loadPanel } from "./panel.js";
import definition from "./panels.json";
import { buildQuestions } from "./questions.js";
import { formatState, parseState, requestedTickers, requestParameters } from "./state.js";
import { showGrowth, showHealth, showHealthError, showWarnings } from "./status.js";
import { renderMatrix, renderTable } from "./tables.js";
import { onThemeChange, setUniverse } from "./theme.js";
import { drawWeekdays } from "./weekdays.js";

const CHART_SHAPES = ["line", "bar", "area"];
const MAX_MATRIX_TICKERS = 6; // the matrix of more tickers needs the full width
let state = parseState(location.search);
const universe = getJson("tickers").then((answer) => answer.rows, () => []);
const coloursReady = universe.then((rows) => setUniverse(rows.map((row) => row.value)));
getJson("health").then(showHealth, showHealthError);

const { parameters, panels, questions } = definition;
const pagePanels = panels.filter((panel) => panel.views.includes("page"));
const sections = new Map(pagePanels.map((panel) => [panel, buildPanel(panel)]));
byId("panels").append(...sections.values());

function refresh() {
  const compared = requestedTickers(state, parameters.compare);
  byId("panels").classList.toggle("wide", compared.length > MAX_MATRIX_TICKERS);
  const warnings = new Map();
  for (const [panel, section] of sections) {
    const request = { ...requestParameters(state, parameters[panel.path]), ...chartFields(panel.path) };
    loadPanel(section, panel.path, request, async (body, answer) => {
      await coloursReady;
      warnings.set(panel.path, answer.warnings);
      showWarnings([...warnings.values()].flat());
      showDates(answer.meta.window);
      return render(panel, body, answer);
    });
  }
}

/** The columns that the charts of a path draw: its panels share one request. */
function chartFields(path) {
  const charts = pagePanels.filter((panel) => panel.path === path && CHART_SHAPES.includes(panel.shape));
  return charts.length ? { fields: charts.map((panel) => panel.field).join(",") } : {};
}

/** Draw an answer into a panel's body. Returns a sentence if there is nothing to draw. */
async function render(panel, body, answer) {
  const tickers = requestedTickers(state, parameters[panel.path]);
  const rows = answer[panel.part];
  if (panel.shape === "table") {
    renderTable(body, panel, rows);
    showGrowth(rows, state.benchmark);
    return null;
  }
  if (panel.shape === "matrix") {
    if (!rows.length) return "It takes two tickers to compare.";
    renderMatrix(body, rows, tickers);
    return null;
  }
  if (panel.shape === "weekday") return drawWeekdays(body, panel, rows, tickers);
  const series = toSeries(rows, panel, tickers);
  if (!series.length) return "Nothing is known of these tickers in this window. Take a longer one, or other tickers.";
  await draw(body, panel, series, state.benchmark);
  // Read by benchmarks/api_page.py.
  if (!performance.getEntriesByName("first chart").length) performance.mark("first chart");
  return null;
}

function changeState(changes) {
  state = { ...state, ...changes };
  history.pushState(null, "", formatState(state));
  showState(state);
  refresh();
}

addEventListener("popstate", () => {
  state = parseState(location.search);
  showState(state);
  refresh();
});

refresh();
const redrawQuestions = buildQuestions(byId("questions"), questions, coloursReady);
onThemeChange(() => {
  refresh();
  redrawQuestions();
});
// Last: the panels' requests are under way while the list of tickers for the controls arrives.
buildControls(await universe, changeState);
showState(state);
