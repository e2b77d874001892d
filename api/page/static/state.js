// The state of the page in its URL: ?tickers=NVDA,AMZN&range=3m&benchmark=VOO, or from= and to= instead of range=;
// ?view=portfolio&weights=NVDA:0.4,VOO:0.6&rebalance=monthly for a portfolio.

import { formatWeights, parseWeights } from "./weights.js";

export const RANGES = [
  ["1w", "1 week"], ["2w", "2 weeks"], ["1m", "1 month"], ["3m", "3 months"], ["6m", "6 months"],
  ["ytd", "this year"], ["1y", "1 year"], ["5y", "5 years"], ["20y", "20 years"], ["max", "all years"],
];
export const REBALANCING = ["none", "daily", "weekly", "monthly", "quarterly", "yearly"];
export const MAX_TICKERS = 50; // the most that the service compares at once
const DEFAULTS = { tickers: ["NVDA", "AMZN"], range: "3m", from: "", to: "", benchmark: "VOO" };
const DEFAULT_WEIGHTS = "NVDA:0.4,VOO:0.6";
const DEFAULT_PORTFOLIO_RANGE = "1y";

/** The state in a URL's query string, with defaults for what it leaves out. */
export function parseState(search) {
  const query = new URLSearchParams(search);
  const portfolio = query.get("view") === "portfolio";
  const weights = portfolio ? parseWeights(query.get("weights") ?? DEFAULT_WEIGHTS) : [];
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  const usualRange = portfolio ? DEFAULT_PORTFOLIO_RANGE : DEFAULTS.range;
  return {
    view: portfolio ? "portfolio" : "market",
    tickers: portfolio ? weights.map(([ticker]) => ticker) : parseTickers(query.getAll("tickers")),
    range: query.get("range") ?? (from || to ? "" : usualRange),
    from,
    to,
    benchmark: (query.get("benchmark") ?? DEFAULTS.benchmark).trim().toUpperCase(),
    basis: query.get("basis") === "total" ? "total" : "split",
    questions: query.get("questions") === "picked" ? "picked" : "usual",
    weights,
    rebalance: REBALANCING.includes(query.get("rebalance")) ? query.get("rebalance") : "none",
  };
}

// Grafana writes several values as {A,B}; a link copied from there works too.
function parseTickers(values) {
  const parts = values.flatMap((value) => value.replace(/[{}]/g, "").split(","));
  const tickers = [...new Set(parts.map((part) => part.trim().toUpperCase()).filter(Boolean))];
  return tickers.length ? tickers : DEFAULTS.tickers;
}

/** The query string that leads to the same view. */
export function formatState(state) {
  const shown = state.view === "portfolio"
    ? { view: "portfolio", weights: formatWeights(state.weights), rebalance: state.rebalance }
    : { tickers: state.tickers.join(",") };
  const others = {
    ...(state.view === "market" && state.basis === "total" ? { basis: "total" } : {}),
    ...(state.questions === "picked" ? { questions: "picked" } : {}),
  };
  return `?${queryString({ ...shown, ...windowOf(state), benchmark: state.benchmark, ...others })}`;
}

/** The window as parameters of the API. */
export function windowOf({ range, from, to }) {
  return Object.fromEntries(Object.entries({ range, from, to }).filter(([, value]) => value));
}

/** The window in words: "3 months", or "1 Sep 2026 – 20 Nov 2026" in the words of `day`. */
export function windowInWords({ range, from, to }, day) {
  const known = RANGES.find(([value]) => value === range);
  if (range) return known ? known[1] : range;
  return `${from ? day(from) : "…"} – ${to ? day(to) : "today"}`;
}

/** A query string in which commas and colons stay readable. */
export function queryString(parameters) {
  return new URLSearchParams(parameters).toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

/** The tickers of a request: with the benchmark, once, where the path compares with it. */
export function requestedTickers(state, names) {
  const benchmark = names.includes("benchmark") && state.benchmark !== "NONE" ? [state.benchmark] : [];
  return [...new Set([...state.tickers, ...benchmark])];
}
