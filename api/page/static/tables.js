// Tables: rows of an answer with sortable columns, the values of a chart, and the correlation matrix.

import { element } from "./dom.js";
import { formatDay, formatValue } from "./format.js";
import { colourIndex } from "./theme.js";

let simulated = false;
const NEXT = { none: "descending", descending: "ascending", ascending: "none" };

/** Say below every grid from now on whether the prices are simulated. */
export function setSimulatedGrids(value) {
  simulated = value;
}

/** A table with the word "simulated" below it where the prices are. */
export function markedGrid(table) {
  return simulated ? [table, element("p", { class: "simulated" }, "Simulated")] : [table];
}

/** A ticker, or another series by its label, with a swatch of its colour. */
export function tickerLabel(ticker, label = ticker) {
  const swatch = element("i", { class: "swatch", "data-series": colourIndex(ticker), "data-name": ticker });
  return element("span", { class: "ticker" }, swatch, label);
}

/** Render rows as a table whose columns sort on a click; the first column is the row's heading. */
export function renderTable(body, columns, rows, names = {}) {
  const [first, ...others] = columns;
  const lines = rows.map((row) => [row, element(
    "tr", {},
    element("th", { scope: "row" }, tickerLabel(row[first.field], names[row[first.field]])),
    ...others.map((column) => element("td", {}, formatValue(row[column.field], column.unit))),
  )]);
  const tbody = element("tbody", {}, ...lines.map(([, line]) => line));
  const headings = columns.map((column) => heading(column, tbody, lines));
  body.replaceChildren(element("table", {}, element("thead", {}, element("tr", {}, ...headings)), tbody));
}

function heading(column, tbody, lines) {
  const button = element("button", { type: "button" }, column.title);
  const cell = element("th", { scope: "col", "aria-sort": "none" }, button);
  button.addEventListener("click", () => {
    const direction = NEXT[cell.getAttribute("aria-sort")];
    for (const other of cell.parentElement.children) other.setAttribute("aria-sort", "none");
    cell.setAttribute("aria-sort", direction);
    const ordered = direction === "none" ? lines : [...lines].sort((a, b) => compare(a[0], b[0], column.field, direction));
    tbody.replaceChildren(...ordered.map(([, line]) => line));
  });
  return cell;
}

/** Unknown values come last in either direction. */
function compare(a, b, field, direction) {
  const [one, other] = [a[field] ?? null, b[field] ?? null];
  if (one === null || other === null) return (one === null) - (other === null);
  const order = typeof one === "string" ? one.localeCompare(other) : one - other;
  return direction === "ascending" ? order : -order;
}

/** Render the points of lines, `[name, [[day, value], …]]`, newest first. */
export function renderValues(container, lines, unit) {
  const values = lines.map(([, points]) => new Map(points));
  const days = [...new Set(lines.flatMap(([, points]) => points.map(([day]) => day)))].sort().reverse();
  const head = element("tr", {}, element("th", { scope: "col" }, "Day"), ...lines.map(([name]) => element("th", { scope: "col" }, name)));
  const rows = days.map((day) => element(
    "tr", {}, element("th", { scope: "row" }, formatDay(day)),
    ...values.map((found) => element("td", {}, formatValue(found.get(day), unit))),
  ));
  container.replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows)));
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
  body.replaceChildren(...markedGrid(element(
    "table", { class: "correlations" },
    element("thead", {}, element("tr", {}, element("td"), ...headings)), element("tbody", {}, ...lines),
  )));
}

function matrixCell(name, other, correlations) {
  if (name === other) return element("td", { class: "self" }, "·");
  const value = correlations.get(`${name} ${other}`) ?? null;
  return element("td", { "data-step": shadeOf(value, 1) }, formatValue(value, "number"));
}

/** One of five shades in each direction, which the style sheet defines for both themes; `most` has the darkest. */
export function shadeOf(value, most) {
  if (value === null) return null;
  return Math.sign(value) * Math.min(5, Math.ceil((Math.abs(value) / most) * 5));
}
