// Where the data comes from, how fresh it is, and what to know before using the figures.

import { day, inWords } from "./format.js";
import { element, named } from "./tables.js";

const at = (id) => document.getElementById(id);
const ORIGINS = {
  simulated: "Simulated data. These prices are invented; they are not a market’s.",
  recorded: "Recorded data. A market’s prices up to a day in the past; nothing newer arrives.",
};

/** The banner and the facts, from /health. */
export function showHealth(health) {
  const banner = [health.problem, ORIGINS[health.origin]].filter(Boolean).join(". ");
  at("banner").textContent = banner;
  at("banner").hidden = !banner;
  const facts = { "As of": health.as_of && day(health.as_of), Freshness: freshness(health), Data: health.origin };
  at("facts").replaceChildren(
    ...Object.entries(facts).filter(([, value]) => value)
      .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
  if (health.published_at) at("facts").title = `Published ${new Date(health.published_at).toUTCString()}`;
}

/** That not even /health answers. */
export function showSilence(error) {
  at("banner").textContent = error.message;
  at("banner").hidden = false;
}

/** How much each ticker has grown, large. */
export function showScores(rows, benchmark) {
  at("scores").replaceChildren(...rows.map((row) =>
    element(
      "li", {},
      named(row.ticker),
      element("strong", {}, inWords(row.cumulative_return, "signed_ratio")),
      element("span", { class: "quiet" }, against(row, benchmark)),
    )));
}

/** The warnings of all answers, each once. */
export function showWarnings(warnings) {
  const words = [...new Set(warnings)].filter((one) => !one.startsWith("simulated data")); // the banner says it
  at("warnings").replaceChildren(...words.map((one) => element("li", {}, one)));
}

function against(row, benchmark) {
  if (row.ticker === benchmark) return "the benchmark";
  if (row.excess_return === null) return "";
  const points = inWords(Math.abs(row.excess_return), "points");
  return `${points} points ${row.excess_return < 0 ? "behind" : "ahead of"} ${benchmark}`;
}

function freshness({ origin, sessions_behind: behind }) {
  if (origin === "recorded") return "as recorded"; // its clock stands still
  if (behind === null || behind === undefined) return null;
  if (behind === 0) return "up to date";
  return behind === 1 ? "1 session behind" : `${behind} sessions behind`;
}
