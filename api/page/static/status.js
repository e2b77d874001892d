// The origin and the freshness of the data, the growth of each ticker, and the warnings.

import { byId, element } from "./dom.js";
import { formatDay, formatValue } from "./format.js";
import { tickerLabel } from "./tables.js";

const ORIGINS = {
  simulated: "Simulated data. These prices are invented; they are not a market’s.",
  recorded: "Recorded data. A market’s prices up to a day in the past; nothing newer arrives.",
};

/** Show the banner and the facts of a /health answer. */
export function showHealth(health) {
  const banner = [health.problem, ORIGINS[health.origin]].filter(Boolean).join(". ");
  byId("banner").textContent = banner;
  byId("banner").hidden = !banner;
  const facts = { "As of": health.as_of && formatDay(health.as_of), Freshness: freshness(health), Data: health.origin };
  byId("facts").replaceChildren(
    ...Object.entries(facts).filter(([, value]) => value)
      .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
  if (health.published_at) byId("facts").title = `Published ${new Date(health.published_at).toUTCString()}`;
}

/** Show that /health itself failed. */
export function showHealthError(error) {
  byId("banner").textContent = error.message;
  byId("banner").hidden = false;
}

/** Show the growth of each ticker in large figures. */
export function showGrowth(rows, benchmark) {
  byId("scores").replaceChildren(...rows.map((row) =>
    element(
      "li", {},
      tickerLabel(row.ticker),
      element("strong", {}, formatValue(row.cumulative_return, "signed_ratio")),
      element("span", { class: "quiet" }, comparison(row, benchmark)),
    )));
}

/** Show the warnings of all answers, each once. */
export function showWarnings(warnings) {
  // The banner says already that the data is simulated.
  const unique = [...new Set(warnings)].filter((warning) => !warning.startsWith("simulated data"));
  byId("warnings").replaceChildren(...unique.map((warning) => element("li", {}, warning)));
}

function comparison(row, benchmark) {
  if (row.ticker === benchmark) return "the benchmark";
  if (row.excess_return === null) return "";
  const points = formatValue(Math.abs(row.excess_return), "points");
  return `${points} points ${row.excess_return < 0 ? "behind" : "ahead of"} ${benchmark}`;
}

function freshness({ origin, sessions_behind: behind }) {
  if (origin === "recorded") return "as recorded"; // no newer data can arrive, so it is never behind
  if (behind === null || behind === undefined) return null;
  if (behind === 0) return "up to date";
  return behind === 1 ? "1 session behind" : `${behind} sessions behind`;
}
