// Contributions of a portfolio's holdings as bars: to its return, and to its risk.

import { svgElement } from "./dom.js";
import { formatValue } from "./format.js";
import { drawSvg, line, scale, text } from "./svg.js";
import { colourIndex } from "./theme.js";

const ROW = 30; // pixels a holding
const HEAD = 24;
const NAME = 60;
const VALUE = 74;

/** Draw holdings with `contribution_to_return` and `contribution_to_risk`. Returns a sentence without any. */
export function renderContributions(body, holdings) {
  if (holdings.every((one) => one.contribution_to_return === null)) return "No data for this period.";
  body.style.minHeight = `${HEAD + ROW * holdings.length + 8}px`;
  const words = holdings.map((one) =>
    `${one.ticker} ${formatValue(one.contribution_to_return, "small_ratio")}, risk ${formatValue(one.contribution_to_risk, "ratio")}`);
  drawSvg(body, `Contributions: ${words.join("; ")}`, (width) => {
    const half = (width - NAME) / 2;
    return [
      ...column(holdings, "contribution_to_return", "small_ratio", "To return", NAME, half),
      ...column(holdings, "contribution_to_risk", "ratio", "To risk", NAME + half, half),
      ...holdings.map((one, index) => text(0, HEAD + ROW * (index + 0.5) + 4, one.ticker, { class: "strong small" })),
    ];
  });
  return null;
}

function column(holdings, field, unit, title, left, width) {
  const values = holdings.map((one) => one[field] ?? 0);
  const x = scale([Math.min(0, ...values), Math.max(0, ...values, 1e-9)], [left + 4, left + width - VALUE]);
  const bars = holdings.flatMap((one, index) => {
    const [value, y] = [one[field], HEAD + ROW * index + 6];
    const [from, to] = [x(Math.min(0, value ?? 0)), x(Math.max(0, value ?? 0))];
    return [
      svgElement("rect", { x: from, y, width: Math.max(1, to - from), height: ROW - 12, rx: 2, "data-series": colourIndex(one.ticker), class: "bar" }),
      text(to + 6, y + 13, formatValue(value, unit), { class: "value" }),
    ];
  });
  return [text(left + 4, 14, title, { class: "axis" }), ...bars, line(x(0), HEAD, x(0), HEAD + ROW * holdings.length, { class: "zero" })];
}
