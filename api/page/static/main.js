// The page: the address says what is shown; panels ask, each for itself, and draw.

import { showHealth, showScores, showSilence, showWarnings } from "./about.js";
import { ask } from "./ask.js";
import { build, show, showWindow } from "./controls.js";
import { draw, series } from "./draw.js";
import { fill, frame } from "./panel.js";
import { build as buildQuestions } from "./questions.js";
import { parametersOf, read, shown, written } from "./state.js";
import { pairs, summary } from "./tables.js";
import { know, onTurn } from "./theme.js";
import { drawWeekdays } from "./weekdays.js";

const SQUARE = 6; // tickers: the correlations of more need the whole width
let state = read(location.search);
const definition = fetch(new URL("panels.json", import.meta.url)).then((response) => response.json());
const universe = ask("tickers").then((answer) => answer.rows, () => []);
const colours = universe.then((rows) => know(rows.map((row) => row.value)));
ask("health").then(showHealth, showSilence);

const { asks, panels, questions } = await definition;
const drawn = panels.filter((panel) => panel.on.includes("page"));
const sections = new Map(drawn.map((panel) => [panel, frame(panel)]));
document.getElementById("panels").append(...sections.values());

function refresh() {
  document.getElementById("panels").classList.toggle("wide", shown(state, asks.compare).length > SQUARE);
  const warnings = new Map();
  for (const [panel, section] of sections) {
    fill(section, panel.path, parametersOf(state, asks[panel.path]), async (body, answer) => {
      await colours;
      warnings.set(panel.path, answer.warnings);
      showWarnings([...warnings.values()].flat());
      showWindow(answer.meta.window);
      return paint(panel, body, answer);
    });
  }
}

async function paint(panel, body, answer) {
  const tickers = shown(state, asks[panel.path]);
  const rows = answer[panel.from];
  if (panel.shape === "table") {
    summary(body, panel, rows);
    showScores(rows, state.benchmark);
    return null;
  }
  if (panel.shape === "pairs") {
    if (!rows.length) return "It takes two tickers to compare.";
    pairs(body, panel, rows, tickers);
    return null;
  }
  if (panel.shape === "weekday") return drawWeekdays(body, panel, rows, tickers);
  const lines = series(rows, panel, tickers);
  if (!lines.length) return "Nothing is known of these tickers in this window. Take a longer one, or other tickers.";
  await draw(body, panel, lines, state.benchmark);
  if (!performance.getEntriesByName("first chart").length) performance.mark("first chart");
  return null;
}

function change(part) {
  state = { ...state, ...part };
  history.pushState(null, "", written(state));
  show(state);
  refresh();
}

addEventListener("popstate", () => {
  state = read(location.search);
  show(state);
  refresh();
});

refresh();
const again = buildQuestions(document.getElementById("questions"), questions, colours);
onTurn(() => {
  refresh();
  again();
});
build(await universe, change);
show(state);
