// Weekday effects: bars of the mean return for each ticker and weekday, with their intervals.

import { svgElement } from "./dom.js";
import { formatTick, formatValue } from "./format.js";
import { drawSvg, line, scale, text, ticks } from "./svg.js";
import { colourIndex } from "./theme.js";

const MARGIN = { left: 52, right: 8, top: 10, bottom: 22 };
const FILL = 0.78; // of a weekday's width
const OVERALL = "overall: ";
const FEWEST = 2; // sessions: a single one has no interval, and says nothing

/** Draw rows of {ticker, weekday, name, sessions, mean_return, low, high}. Returns a sentence if there are none. */
export function drawWeekdays(container, panel, rows, tickers) {
  const sound = rows.filter((row) => row.mean_return !== null && row.sessions >= FEWEST);
  const known = tickers.filter((ticker) => sound.some((row) => row.ticker === ticker));
  if (!known.length) return "Too few sessions in this period. Choose a longer one.";
  const days = [...new Map(sound.map((row) => [row.weekday, row.name])).entries()].sort((a, b) => a[0] - b[0]);
  const label = sound.map((row) => `${row.ticker} ${row.name} ${formatValue(row.mean_return, panel.unit)}`).join(", ");
  drawSvg(container, `${panel.title}, chart: ${label}`, (width, height) => paint(width, height, panel, sound, known, days));
  container.lines = () => known.map((ticker) => [ticker, sound.filter((row) => row.ticker === ticker).map((row) => [row.name, row.mean_return])]);
  return null;
}

/** The joint verdict on each ticker's weekdays in words, from the summary of /seasonality. */
export function weekdayVerdict(summary) {
  const found = summary.filter((row) => row.verdict);
  if (!found.length) return "";
  // "One weekday of five can look special by chance; overall: no effect (p = 0.53)": the beginning is said once.
  const parts = found.map(({ ticker, verdict }) => [ticker, ...verdict.split(OVERALL)]);
  const begin = parts[0].length > 2 ? `${parts[0][1]}${OVERALL}` : "";
  return `${begin}${parts.map(([ticker, ...rest]) => `${ticker} ${rest.at(-1)}`).join(", ")}`;
}

function paint(width, height, panel, rows, tickers, days) {
  const ends = rows.flatMap((row) => [row.mean_return, row.low, row.high]).filter((value) => value !== null);
  const range = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const y = scale(range, [height - MARGIN.bottom, MARGIN.top]);
  const day = (width - MARGIN.left - MARGIN.right) / days.length;
  const bar = (day * FILL) / tickers.length;
  const grid = ticks(...range, 5).flatMap((value) => [
    line(MARGIN.left, y(value), width - MARGIN.right, y(value), { class: value === 0 ? "zero" : "grid" }),
    text(MARGIN.left - 6, y(value) + 4, formatTick(value, panel.unit), { class: "axis", "text-anchor": "end" }),
  ]);
  const names = days.map(([, name], index) => text(
    MARGIN.left + day * (index + 0.5), height - 6, width < 480 ? name.slice(0, 3) : name, { class: "axis", "text-anchor": "middle" },
  ));
  const bars = rows.filter((row) => tickers.includes(row.ticker)).flatMap((row) => {
    const left = MARGIN.left + day * (days.findIndex(([number]) => number === row.weekday) + (1 - FILL) / 2)
      + bar * tickers.indexOf(row.ticker);
    return mark(row, panel, left, bar, y);
  });
  return [...grid, ...bars, ...names];
}

function mark(row, panel, left, width, y) {
  const [top, bottom] = [y(Math.max(0, row.mean_return)), y(Math.min(0, row.mean_return))];
  const words = `${row.ticker}, ${row.name}: ${formatValue(row.mean_return, panel.unit)} `
    + `(${formatValue(row.low, panel.unit)} to ${formatValue(row.high, panel.unit)}, ${row.sessions} sessions)`;
  const rectangle = svgElement(
    "rect", { x: left, y: top, width: Math.max(1, width - 2), height: Math.max(1, bottom - top), "data-series": colourIndex(row.ticker), class: "bar" },
    svgElement("title", {}, words),
  );
  if (row.low === null || row.high === null) return [rectangle];
  const middle = left + (width - 2) / 2;
  return [rectangle, line(middle, y(row.low), middle, y(row.high), { class: "interval" })];
}
