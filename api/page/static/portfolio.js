// The view of one portfolio: its weights, value against the benchmark, contributions, risk, drawdowns, months.

import { draw, toSeries } from "./charts.js";
import { renderContributions } from "./contributions.js";
import { showDates } from "./controls.js";
import { byId } from "./dom.js";
import { INTERVAL_WORDS, scaleOf, sessionsOf } from "./interval.js";
import { renderMonths } from "./months.js";
import { buildPanel, clearPanel, describe, loadPanel } from "./panel.js";
import { windowOf } from "./state.js";
import { clearStatus, dimStatus, showScores, showWarnings } from "./status.js";
import { renderTable } from "./tables.js";
import { setPicked } from "./theme.js";
import { buildWeights, showWeights } from "./weight_fields.js";
import { formatWeights } from "./weights.js";

const SERIES = 3; // the portfolio, its holdings in equal weights, the benchmark
const FIRST_DAY = "1999-11-01";
// What the page draws otherwise than the board, or alone: the others come from the definition of the panels.
const VALUE = {
  name: "portfolio_value", title: "Value", shape: "line", field: "growth", unit: "signed_ratio",
  description: "Change in value since the last close before the period, dividends included.",
};
const CONTRIBUTIONS = {
  name: "portfolio_contributions", title: "Contributions", shape: "contributions", part: "holdings",
  description: "What each holding added to the return, in percentage points, and its share of the risk.",
};
const MONTHS = {
  name: "portfolio_months", title: "Monthly returns", shape: "calendar", interval: "1mo", field: "daily_return",
  description: "Return of each calendar month, in percent. * marks a month that the period does not hold whole.",
};

/** Build the view. Returns `{refresh(state, question), clear()}`, as that of the market. */
export function buildPortfolio(definition, onChange) {
  const shared = (name) => definition.panels.find((panel) => panel.name === name);
  const panels = [VALUE, CONTRIBUTIONS, shared("portfolio_drawdown"), MONTHS, shared("portfolio_summary"), shared("holdings")];
  const sections = new Map(panels.map((panel) => [panel, buildPanel(panel)]));
  byId("portfolio-panels").append(...sections.values());
  buildWeights(onChange);
  return { refresh: (state, question) => refreshPortfolio(sections, state, question), clear: () => clearAll(sections) };
}

function clearAll(sections) {
  for (const section of sections.values()) {
    clearPanel(section, "Choose at least one holding of this lake.");
    section.removeAttribute("aria-busy");
  }
  ["scores", "warnings"].forEach(clearStatus);
}

function refreshPortfolio(sections, state, question) {
  const names = { portfolio: "Portfolio", equal_weight: "Equal weights" };
  setPicked([...new Set([...state.tickers, state.benchmark])]);
  question.universe.then(() => question.isWanted() && showWeights(state));
  dimStatus(["portfolio", "equal_weight", state.benchmark]);
  const scale = scaleOf(sessionsOf(state, FIRST_DAY, new Date().toISOString().slice(0, 10)), SERIES);
  for (const [panel, section] of sections) {
    const options = { ...question, refused: (error) => {
      ["scores", "warnings"].forEach(clearStatus);
      return question.refused(error);
    } };
    loadPanel(section, "portfolio", requestOf(panel, state, scale), async (body, answer) => {
      await question.universe;
      if (!question.isWanted()) return null;
      return render({ panel, section, body, answer, names, state, scale, ...question });
    }, options);
  }
}

function requestOf(panel, state, scale) {
  const interval = panel.interval ?? scale.interval;
  return {
    weights: formatWeights(state.weights.filter(([, share]) => share > 0)), rebalance: state.rebalance, ...windowOf(state),
    benchmark: state.benchmark.replace("NONE", "none"), ...(interval === "1d" ? {} : { interval }),
    fields: panel.interval ? panel.field : "value,drawdown",
  };
}

async function render({ panel, section, body, answer, names, state, scale, onChange }) {
  if (panel.shape === "table") {
    renderTable(body, panel.columns, answer[panel.part], names);
    if (panel.part === "summary") showScores(answer.summary, state.benchmark, names);
    return null;
  }
  if (panel.shape === "contributions") return renderContributions(body, answer.holdings);
  if (panel.shape === "calendar") return renderMonths(body, monthsOf(answer), ["portfolio"]);
  showWarnings(answer.warnings);
  showDates(answer.meta.window);
  const rows = answer.rows.map((row) => ({ ...row, growth: row.value === null ? null : row.value - 1 }));
  const lines = toSeries(rows, panel, answer.summary.map((row) => row.ticker));
  if (!lines.length) return "No data for this period.";
  const log = scale.log && panel.field === "growth";
  describe(section, panel, INTERVAL_WORDS[scale.interval], log && (panel.field === "growth" ? "logarithmic scale in multiples of the start" : "logarithmic scale"));
  const { title, unit, shape } = panel;
  await draw(body, {
    title, unit, shape, lines, names, benchmark: state.benchmark, fromZero: panel.field === "growth", log, linked: true,
    daily: scale.interval === "1d", onZoom: (from, to) => onChange({ range: "", from, to }),
  });
  return null;
}

/** The portfolio's monthly rows as those of /returns/calendar. The first month has a return only with a base. */
function monthsOf({ rows, meta }) {
  const [first, last] = [meta.window.from.slice(0, 7), meta.window.to.slice(0, 7)];
  return rows.filter((row) => row.ticker === "portfolio" && row.daily_return !== null).map((row) => {
    const period = row.time.slice(0, 7);
    return { ticker: "portfolio", period, period_return: row.daily_return, partial: period === first || period === last, to_session: row.time };
  });
}
