// Weekdays side by side: the mean of each with its interval, a bar a ticker.

import { CONFIG, FEW, frame, library } from "./draw.js";
import { inWords } from "./format.js";
import { pen } from "./theme.js";

/** Draw rows {ticker, weekday, name, mean_return, low, high} into `place`. */
export async function drawWeekdays(place, panel, rows, tickers) {
  const plotly = await library;
  const known = tickers.filter((ticker) => rows.some((row) => row.ticker === ticker && row.mean_return !== null));
  if (!known.length) return "Nothing is known of these tickers in this window. Take a longer one, or other tickers.";
  const traces = known.map((ticker) => trace(ticker, rows.filter((row) => row.ticker === ticker), panel, known.length));
  const layout = { ...frame(panel, place), height: place.clientHeight };
  layout.xaxis = { fixedrange: true, showgrid: false, tickcolor: "transparent" };
  await plotly.react(place, traces, layout, CONFIG);
  place.setAttribute("aria-label", inOneSentence(panel, rows));
  return null;
}

function trace(name, rows, panel, count) {
  const { color } = pen(name);
  const arm = (row, end) => (row[end] === null ? 0 : Math.abs(row[end] - row.mean_return));
  return {
    type: "bar",
    name,
    x: rows.map((row) => row.name.slice(0, 3)),
    y: rows.map((row) => row.mean_return),
    marker: { color, cornerradius: 3 },
    error_y: {
      type: "data", symmetric: false, color, thickness: 1.25, width: count > FEW ? 0 : 3,
      array: rows.map((row) => arm(row, "high")), arrayminus: rows.map((row) => arm(row, "low")),
    },
    customdata: rows.map((row) => [inWords(row.low, panel.unit), inWords(row.high, panel.unit), row.sessions]),
    hovertemplate: "%{y:+.2%}  (%{customdata[0]} to %{customdata[1]}, %{customdata[2]} sessions)",
  };
}

function inOneSentence(panel, rows) {
  const means = rows.map((row) => `${row.ticker} ${row.name} ${inWords(row.mean_return, panel.unit)}`);
  return `${panel.title}, chart: ${means.join(", ")}`;
}
