// The origin and the freshness of the data, each ticker's figures, and the warnings.

import { byId, element } from "./dom.js";
import { formatDay, formatShortDay, formatValue } from "./format.js";
import { tickerLabel } from "./tables.js";

const ORIGINS = {
  simulated: "Simulated data: these prices are invented, not a market’s.",
  recorded: "Recorded data: real prices up to a past day. Nothing newer will arrive.",
};

/** Show the banner and the facts of a /health answer. */
export function showHealth(health) {
  const problem = health.problem?.replace(/\.?$/, ".");
  const banner = [problem, ORIGINS[health.origin]].filter(Boolean).join(" ");
  showBanner(banner);
  const facts = { "As of": health.as_of && formatDay(health.as_of), Freshness: freshness(health), Data: health.origin };
  byId("facts").replaceChildren(
    ...Object.entries(facts).filter(([, value]) => value)
      .map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
  if (health.published_at) byId("facts").title = `Published ${new Date(health.published_at).toUTCString()}`;
}

/** Show that /health itself failed. */
export function showHealthError(error) {
  showBanner(error.message);
}

// Until /health has answered the banner keeps its room unseen, so that what is below does not jump.
function showBanner(text) {
  byId("banner").textContent = text;
  byId("banner").hidden = !text;
  byId("banner").classList.remove("pending");
}

/** Dim the figures and warnings: another question is asked. `names`: whose figures will come, for their room. */
export function dimStatus(names) {
  if (!byId("scores").children.length) byId("scores").replaceChildren(...names.map(placeholder));
  for (const id of ["scores", "warnings"]) byId(id).setAttribute("aria-busy", "true");
}

function placeholder(name) {
  const blank = "\u00a0";
  return element(
    "li", {}, element("span", { class: "ticker" }, element("i", { class: "swatch" }), name), element("strong", {}, blank), element("span", { class: "quiet" }, blank),
    element("span", { class: "quiet last" }),
  );
}

/** Take out the figures or the warnings, for want of an answer. */
export function clearStatus(id) {
  byId(id).replaceChildren();
  byId(id).removeAttribute("aria-busy");
}

/** Show each ticker's change over the window in large figures. */
export function showScores(rows, benchmark, names = {}) {
  byId("scores").replaceChildren(...rows.map((row) =>
    element(
      "li", {},
      tickerLabel(row.ticker, names[row.ticker]),
      element("strong", {}, formatValue(row.cumulative_return, "signed_ratio")),
      element("span", { class: "quiet" }, comparison(row, benchmark)),
      ...(names[row.ticker] ? [] : [element("span", { class: "quiet last", "data-ticker": row.ticker })]),
    )));
  byId("scores").removeAttribute("aria-busy");
}

/** Add each ticker's newest close, its change and its volume, rows of /prices, to the large figures. */
export function showLastDay(rows) {
  for (const row of rows) {
    const place = byId("scores").querySelector(`[data-ticker="${row.ticker}"]`);
    place?.replaceChildren(
      element("span", {}, `Close ${formatValue(row.close, "usd")} (${formatValue(row.change_ratio, "signed_ratio")})`),
      element("span", {}, `Volume ${formatValue(row.volume, "shares")}, ${formatShortDay(row.time)}`),
    );
  }
}

/** Show the warnings of all answers, each once. */
export function showWarnings(warnings) {
  // The banner says already that the data is simulated.
  const unique = [...new Set(warnings)].filter((warning) => !/^simulated data/i.test(warning));
  byId("warnings").replaceChildren(...unique.map((warning) => element("li", {}, warning)));
  byId("warnings").removeAttribute("aria-busy");
}

function comparison(row, benchmark) {
  if (row.ticker === benchmark) return "benchmark";
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
