// The page. The URL holds the state; the view that it names asks the question and shows the answers.

import { getJson } from "./api.js";
import { redrawCharts, setSimulatedCharts } from "./charts.js";
import { buildControls, buildFrame, showState } from "./controls.js";
import { byId } from "./dom.js";
import { buildMarket } from "./market.js";
import definition from "./panels.json";
import { buildPortfolio } from "./portfolio.js";
import { preparePrinting } from "./printing.js";
import { clearProblems, reportProblem } from "./problems.js";
import { startQuestion } from "./question.js";
import { buildQuestions } from "./questions.js";
import { formatState, MAX_TICKERS, parseState } from "./state.js";
import { showHealth, showHealthError } from "./status.js";
import { setSimulatedPictures } from "./svg.js";
import { setSimulatedGrids } from "./tables.js";
import { onThemeChange, setUniverse } from "./theme.js";
import { equalWeights, setHoldings } from "./weights.js";

let state = parseState(location.search);
const unknown = new Set(); // tickers that the service has refused
const universe = getJson("tickers").then((answer) => answer.rows, () => []);
// Charts carry the word "simulated", which /health knows.
const health = getJson("health").then((found) => {
  for (const mark of [setSimulatedCharts, setSimulatedPictures, setSimulatedGrids]) mark(found.origin === "simulated");
  showHealth(found);
}, showHealthError);
const ready = Promise.all([universe, health]).then(([rows]) => {
  setUniverse(rows.map((row) => row.value));
  return rows;
});

const views = { market: buildMarket(definition), portfolio: buildPortfolio(definition, changeState) };
const showQuestions = buildQuestions(definition.questions, ready, changeState);

function refresh() {
  const isWanted = startQuestion();
  clearProblems();
  for (const name of Object.keys(views)) {
    for (const part of document.querySelectorAll(`[data-view="${name}"]`)) part.hidden = name !== state.view;
  }
  for (const link of byId("views").children) {
    link.href = formatState(inView(link.dataset.name));
    if (link.dataset.name === state.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const asked = withoutUnknown();
  const view = views[state.view];
  if (asked.tickers.length) view.refresh(asked, { isWanted, refused, retry: refresh, universe: ready, onChange: changeState });
  else view.clear();
  showQuestions(asked.tickers.length ? asked : { ...asked, questions: "usual" });
}

/** The state in another view, with the same tickers: as a portfolio, of equal weights. */
function inView(view) {
  const weights = state.view === "portfolio" ? state.weights : equalWeights(state.tickers);
  return { ...state, view, weights };
}

/** The state without the tickers that the service does not know; says which. */
function withoutUnknown() {
  const wrong = state.tickers.filter((ticker) => unknown.has(ticker));
  if (wrong.length) reportProblem(`${wrong.join(", ")}: not in this lake, so left out. Take it out or choose another ticker.`);
  if (state.tickers.length > MAX_TICKERS) {
    reportProblem(`${state.tickers.length} tickers are too many: the first ${MAX_TICKERS} are shown. Take some out.`);
  }
  const benchmark = unknown.has(state.benchmark) ? "NONE" : state.benchmark;
  if (benchmark !== state.benchmark) reportProblem(`${state.benchmark}: not in this lake. Choose another benchmark.`);
  const tickers = state.tickers.filter((ticker) => !unknown.has(ticker)).slice(0, MAX_TICKERS);
  const changed = tickers.length < state.tickers.length;
  return { ...state, tickers, benchmark, weights: changed ? setHoldings(state.weights, tickers) : state.weights };
}

/** Ask again without the tickers that an error names, if it is about them. Says whether it is. */
function refused({ problem = {} }) {
  const named = String(problem.value ?? "").split(",").map((name) => name.trim().toUpperCase());
  const asked = [...state.tickers, state.benchmark];
  // A refusal for their number names tickers too, and nothing is wrong with any of them.
  const about = ["tickers", "benchmark", "weights"].includes(problem.parameter) && !/^at most/.test(problem.bound);
  const wrong = about ? named.filter((name) => asked.includes(name) && !unknown.has(name)) : [];
  if (!wrong.length || wrong.length === asked.length) return false;
  wrong.forEach((name) => unknown.add(name));
  refresh();
  return true;
}

function changeState(changes) {
  state = { ...state, ...changes };
  if (state.view === "portfolio") {
    if (changes.tickers) state.weights = setHoldings(state.weights, changes.tickers);
    state.tickers = state.weights.map(([ticker]) => ticker);
  }
  history.pushState(null, "", formatState(state));
  show();
}

function show() {
  showState(state);
  refresh();
}

addEventListener("popstate", () => {
  state = parseState(location.search);
  show();
});
onThemeChange(redrawCharts);
preparePrinting();
buildFrame();
refresh();
// Last: the panels' requests are under way while the list of tickers for the controls arrives.
buildControls(await ready, changeState);
showState(state);
