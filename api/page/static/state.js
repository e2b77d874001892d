// The state of the page in its URL: ?tickers=NVDA,AMZN&range=3m&benchmark=VOO, or from= and to= instead of range=.

export const RANGES = [
  ["1w", "1 week"], ["1m", "1 month"], ["3m", "3 months"], ["6m", "6 months"],
  ["ytd", "this year"], ["1y", "1 year"], ["5y", "5 years"], ["max", "everything"],
];
const DEFAULTS = { tickers: ["NVDA", "AMZN"], range: "3m", from: "", to: "", benchmark: "VOO" };

/** The state in a URL's query string, with defaults for what it leaves out. */
export function parseState(search) {
  const query = new URLSearchParams(search);
  // Grafana writes several values as {A,B}; a link copied from there works too.
  const parts = query.getAll("tickers").flatMap((value) => value.replace(/[{}]/g, "").split(","));
  const tickers = [...new Set(parts.map((part) => part.trim().toUpperCase()).filter(Boolean))];
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  return {
    tickers: tickers.length ? tickers : DEFAULTS.tickers,
    range: query.get("range") ?? (from || to ? "" : DEFAULTS.range),
    from,
    to,
    benchmark: (query.get("benchmark") ?? DEFAULTS.benchmark).trim().toUpperCase(),
  };
}

/** The query string that leads to the same view. */
export function formatState(state) {
  return `?${queryString({ tickers: state.tickers.join(","), ...windowOf(state), benchmark: state.benchmark })}`;
}

/** The window as parameters of the API. */
export function windowOf({ range, from, to }) {
  return Object.fromEntries(Object.entries({ range, from, to }).filter(([, value]) => value));
}

/** A query string in which commas stay readable. */
export function queryString(parameters) {
  return new URLSearchParams(parameters).toString().replaceAll("%2C", ",");
}

/** The parameters of a request; `names` lists those that its path takes besides the window. */
export function requestParameters(state, names) {
  const benchmark = names.includes("benchmark") ? { benchmark: state.benchmark } : {};
  const tickers = requestedTickers(state, names).join(",");
  return { tickers, ...windowOf(state), ...benchmark };
}

/** The tickers of a request: with the benchmark, once, where the path compares with it. */
export function requestedTickers(state, names) {
  return names.includes("benchmark") ? [...new Set([...state.tickers, state.benchmark])] : state.tickers;
}
