// Tables: the summary, one line a ticker, and how the tickers go together.

import { inWords } from "./format.js";
import { hue } from "./theme.js";

/** An element with its attributes and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A ticker with its colour. */
export function named(ticker) {
  return element("span", { class: "named" }, element("i", { class: "swatch", "data-series": hue(ticker) }), ticker);
}

/** Rows as a table; the first column names the row. */
export function summary(body, panel, rows) {
  const [first, ...others] = panel.columns;
  const head = panel.columns.map((column) => element("th", { scope: "col" }, column.title));
  const lines = rows.map((row) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, named(row[first.field])),
      ...others.map((column) => element("td", {}, inWords(row[column.field], column.unit))),
    ));
  body.replaceChildren(
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...lines)),
  );
}

/** Pairs as a square: the darker, the more two go together. */
export function pairs(body, panel, rows, tickers) {
  const known = new Map(rows.flatMap(({ ticker, other, correlation }) =>
    [[`${ticker} ${other}`, correlation], [`${other} ${ticker}`, correlation]]));
  const names = tickers.filter((ticker) => rows.some((row) => [row.ticker, row.other].includes(ticker)));
  const head = names.map((name) => element("th", { scope: "col" }, name));
  const lines = names.map((name) =>
    element("tr", {}, element("th", { scope: "row" }, named(name)), ...names.map((other) => pair(name, other, known))));
  body.replaceChildren(element(
    "table", { class: "square" },
    element("thead", {}, element("tr", {}, element("td"), ...head)), element("tbody", {}, ...lines),
  ));
}

function pair(name, other, known) {
  if (name === other) return element("td", { class: "self" }, "·");
  const value = known.get(`${name} ${other}`) ?? null;
  const step = value === null ? null : Math.sign(value) * Math.ceil(Math.abs(value) * 5);
  return element("td", { "data-step": step }, inWords(value, "number"));
}
