// What is shown, as the address says it: ?tickers=NVDA,AMZN&range=3m&benchmark=VOO, or from= and to= for range=.

export const RANGES = [
  ["1w", "1 week"], ["1m", "1 month"], ["3m", "3 months"], ["6m", "6 months"],
  ["ytd", "this year"], ["1y", "1 year"], ["5y", "5 years"], ["max", "everything"],
];
const FIRST_VIEW = { tickers: ["NVDA", "AMZN"], range: "3m", from: "", to: "", benchmark: "VOO" };

/** The state that an address's query says; what it leaves out is the first view's. */
export function read(search) {
  const query = new URLSearchParams(search);
  const words = query.getAll("tickers").flatMap((value) => value.replace(/[{}]/g, "").split(","));
  const tickers = [...new Set(words.map((word) => word.trim().toUpperCase()).filter(Boolean))];
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  return {
    tickers: tickers.length ? tickers : FIRST_VIEW.tickers,
    range: query.get("range") ?? (from || to ? "" : FIRST_VIEW.range),
    from,
    to,
    benchmark: (query.get("benchmark") ?? FIRST_VIEW.benchmark).trim().toUpperCase(),
  };
}

/** The query of the same view for somebody else. */
export function written(state) {
  return `?${readable({ tickers: state.tickers.join(","), ...windowOf(state), benchmark: state.benchmark })}`;
}

/** The window in the API's words. */
export function windowOf({ range, from, to }) {
  return Object.fromEntries(Object.entries({ range, from, to }).filter(([, value]) => value));
}

/** A query that a person can read: commas stay commas. */
export function readable(parameters) {
  return new URLSearchParams(parameters).toString().replaceAll("%2C", ",");
}

/** What a path is asked with, whatever panels share the answer. `asks` names what it takes beside the window. */
export function parametersOf(state, asks) {
  const against = asks.includes("benchmark") ? { benchmark: state.benchmark } : {};
  const tickers = shown(state, asks).join(",");
  return { tickers, ...windowOf(state), ...against };
}

/** The tickers that a path is asked for: the benchmark among them, once, where it is compared with. */
export function shown(state, asks) {
  return asks.includes("benchmark") ? [...new Set([...state.tickers, state.benchmark])] : state.tickers;
}
