// The pictures of the fourth and the fifth question: a probability with its range; range against volume, and the cone.

import { element, svgElement } from "./dom.js";
import { formatTick, formatValue } from "./format.js";
import { drawSvg, line, scale, text, ticks } from "./svg.js";
import { colourIndex } from "./theme.js";

const MARGIN = { left: 46, right: 12, top: 20, bottom: 34 };
const LETTER = 6.5; // pixels, the widest that one of an axis is on average
const percent = (value) => `${Math.round(value * 100)}\u00a0%`;

/** The probability that the first basket returns more, on a line from 0 to 100 %, with the range of other settings. */
export function drawProbability(container, found) {
  const { a, b, p_a_beats_b: chance, p_low: low, p_high: high } = found;
  const label = `Probability that ${a} returns more than ${b}: ${percent(chance)}, ${percent(low)} to ${percent(high)}`;
  drawSvg(container, label, (width, height) => {
    const [left, right, middle] = [16, width - 16, Math.min(height / 2, 90)];
    const x = scale([0, 1], [left, right]);
    const anchor = chance > 0.85 ? "end" : chance < 0.15 ? "start" : "middle";
    const [forOne, forOther] = [`${b} likelier`, `${a} likelier`];
    const note = [`Dot: the estimate. Band: ${percent(low)} to ${percent(high)}`, "with other past windows and assumptions."];
    const fits = (words) => words.length * LETTER < right - left;
    // Beside "even", or below it where the names of both baskets are too long for the line.
    const below = fits(`${forOne} even ${forOther}`) ? [40, 40] : [58, 76];
    const notes = fits(note.join(" ")) ? [note.join(" ")] : note;
    return [
      svgElement("rect", { x: left, y: middle - 12, width: right - left, height: 24, rx: 12, class: "track" }),
      svgElement("rect", { x: x(low), y: middle - 12, width: Math.max(2, x(high) - x(low)), height: 24, rx: 4, class: "likely" }),
      line(x(0.5), middle - 22, x(0.5), middle + 22, { class: "even" }),
      svgElement("circle", { cx: x(chance), cy: middle, r: 8, class: "chance" }),
      text(x(chance), middle - 28, percent(chance), { class: "strong", "text-anchor": anchor }),
      text(left, middle + below[0], forOne, { class: "axis" }),
      text(x(0.5), middle + 40, "even", { class: "axis", "text-anchor": "middle" }),
      text(right, middle + below[1], forOther, { class: "axis", "text-anchor": "end" }),
      ...notes.map((words, place) => text(left, middle + below[1] + 20 + 16 * place, words, { class: "axis" })),
    ];
  });
}

/** Each session's range against its volume with the fitted line, and beside it where volatility stands in its cone. */
export function drawPatterns(container, { rows, cone, fits }, tickers) {
  const [scatter, cones] = [element("div", { class: "half" }), element("div", { class: "half" })];
  container.replaceChildren(...(cone.length ? [scatter, cones] : [scatter]));
  drawScatter(scatter, rows, fits);
  if (cone.length) drawCone(cones, cone, tickers);
}

function drawScatter(container, rows, fits) {
  const points = rows.filter((row) => row.volume > 0 && row.log_range > 0);
  const words = fits.map(({ ticker, slope }) => `${ticker} ${slope > 0 ? "wider" : "narrower"} with more volume`).join(", ");
  if (!points.length) return;
  drawSvg(container, `Daily range against volume: ${words}`, (width, height) => {
    const [x, y, axes] = axesOf(width, height, {
      x: points.map((row) => row.volume), y: points.map((row) => row.log_range),
      xUnit: "shares", yUnit: "ratio", title: "Daily range (across: volume)",
    });
    const dots = points.map((row) => svgElement("circle", {
      cx: x(row.volume), cy: y(row.log_range), r: 2.5, "data-series": colourIndex(row.ticker), class: "dot",
    }));
    const lines = fits.map((fit) => line(
      x(fit.volume_from), y(fit.range_from), x(fit.volume_to), y(fit.range_to),
      { class: "fit", "data-series": colourIndex(fit.ticker) },
    ));
    return [...axes, ...dots, ...lines];
  });
}

/** For each ticker the span of its past volatility over windows of several lengths, and the current one as a dot. */
function drawCone(container, cone, tickers) {
  const windows = [...new Set(cone.map((row) => row.window))].sort((a, b) => a - b);
  const known = tickers.filter((ticker) => cone.some((row) => row.ticker === ticker && row.current !== null));
  const words = cone.map((row) => `${row.ticker} ${row.window} sessions ${formatValue(row.current, "ratio")}`).join(", ");
  drawSvg(container, `Current volatility in its cone: ${words}`, (width, height) => {
    const [, y, axes] = axesOf(width, height, {
      x: [], y: cone.flatMap((row) => [row.lower_quartile, row.upper_quartile, row.current]).filter((value) => value !== null),
      yUnit: "ratio", title: "Volatility in its cone",
    });
    const part = (width - MARGIN.left - MARGIN.right) / windows.length;
    const marks = cone.filter((row) => known.includes(row.ticker)).flatMap((row) => {
      const slot = part / (known.length + 1);
      const middle = MARGIN.left + part * windows.indexOf(row.window) + slot * (known.indexOf(row.ticker) + 1);
      return coneMark(row, middle, Math.min(10, slot * 0.6), y);
    });
    const names = windows.map((window, index) => text(
      MARGIN.left + part * (index + 0.5), height - MARGIN.bottom + 16, window, { class: "axis", "text-anchor": "middle" },
    ));
    const note = text(width - MARGIN.right, height - 4, "Sessions. Bar: middle half of the past; dot: now", { class: "axis", "text-anchor": "end" });
    return [...axes, ...marks, ...names, note];
  });
}

function coneMark(row, middle, width, y) {
  if (row.lower_quartile === null || row.current === null) return [];
  const series = colourIndex(row.ticker);
  const [top, bottom] = [y(row.upper_quartile), y(row.lower_quartile)];
  return [
    svgElement("rect", { x: middle - width / 2, y: top, width, height: Math.max(1, bottom - top), rx: 2, class: "cone", "data-series": series }),
    svgElement("circle", { cx: middle, cy: y(row.current), r: 4.5, class: "now", "data-series": series }),
  ];
}

/** Scales and gridlines of a picture: `[x, y, elements]`. */
function axesOf(width, height, { x: xs, y: ys, xUnit, yUnit, title }) {
  const [high, widest] = [Math.max(...ys) * 1.05, Math.max(...xs, 1) * 1.03];
  const y = scale([0, high], [height - MARGIN.bottom, MARGIN.top]);
  const x = scale([0, widest], [MARGIN.left, width - MARGIN.right]);
  const rows = ticks(0, high, 4).flatMap((value) => [
    line(MARGIN.left, y(value), width - MARGIN.right, y(value), { class: value === 0 ? "zero" : "grid" }),
    text(MARGIN.left - 6, y(value) + 4, formatTick(value, yUnit), { class: "axis", "text-anchor": "end" }),
  ]);
  const columns = !xUnit ? [] : ticks(0, widest, 4).slice(1).map((value) =>
    text(x(value), height - MARGIN.bottom + 16, formatTick(value, xUnit), { class: "axis", "text-anchor": "middle" }));
  return [x, y, [...rows, ...columns, text(MARGIN.left, 11, title, { class: "axis title" })]];
}
