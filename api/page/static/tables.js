// Tables: the summary with a row for each ticker, and the correlation matrix.

import { element } from "./dom.js";
import { formatValue } from "./format.js";
import { colourIndex } from "./theme.js";

/** A ticker with a swatch of its colour. */
export function tickerLabel(ticker) {
  const swatch = element("i", { class: "swatch", "data-series": colourIndex(ticker) });
  return element("span", { class: "ticker" }, swatch, ticker);
}

/** Render rows as a table; the first column is the row's heading. */
export function renderTable(body, panel, rows) {
  const [first, ...others] = panel.columns;
  const headings = panel.columns.map((column) => element("th", { scope: "col" }, column.title));
  const lines = rows.map((row) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, tickerLabel(row[first.field])),
      ...others.map((column) => element("td", {}, formatValue(row[column.field], column.unit))),
    ));
  body.replaceChildren(
    element("table", {}, element("thead", {}, element("tr", {}, ...headings)), element("tbody", {}, ...lines)),
  );
}

/** Render pairs of tickers as a symmetric matrix; a stronger correlation is darker. */
export function renderMatrix(body, rows, tickers) {
  // The API lists each pair once.
  const correlations = new Map(rows.flatMap(({ ticker, other, correlation }) =>
    [[`${ticker} ${other}`, correlation], [`${other} ${ticker}`, correlation]]));
  const names = tickers.filter((ticker) => rows.some((row) => [row.ticker, row.other].includes(ticker)));
  const headings = names.map((name) => element("th", { scope: "col" }, name));
  const lines = names.map((name) => {
    const cells = names.map((other) => matrixCell(name, other, correlations));
    return element("tr", {}, element("th", { scope: "row" }, tickerLabel(name)), ...cells);
  });
  body.replaceChildren(element(
    "table", { class: "correlations" },
    element("thead", {}, element("tr", {}, element("td"), ...headings)), element("tbody", {}, ...lines),
  ));
}

function matrixCell(name, other, correlations) {
  if (name === other) return element("td", { class: "self" }, "·");
  const value = correlations.get(`${name} ${other}`) ?? null;
  // Five shades in each direction; the style sheet defines them for both themes.
  const shade = value === null ? null : Math.sign(value) * Math.ceil(Math.abs(value) * 5);
  return element("td", { "data-step": shade }, formatValue(value, "number"));
}
