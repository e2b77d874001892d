// Chart of weekday effects: grouped bars, one for each ticker and weekday, with confidence intervals.

import { chartLibrary, CONFIG, MAX_EMPHASIZED, baseLayout } from "./charts.js";
import { formatValue } from "./format.js";
import { lineStyle } from "./theme.js";

/** Draw rows of {ticker, weekday, name, mean_return, low, high}. Returns a sentence if there is nothing to draw. */
export async function drawWeekdays(container, panel, rows, tickers) {
  const plotly = await chartLibrary;
  const known = tickers.filter((ticker) => rows.some((row) => row.ticker === ticker && row.mean_return !== null));
  if (!known.length) return "Nothing is known of these tickers in this window. Take a longer one, or other tickers.";
  const traces = known.map((ticker) => trace(ticker, rows.filter((row) => row.ticker === ticker), panel, known.length));
  const layout = { ...baseLayout(panel, container), height: container.clientHeight };
  layout.xaxis = { fixedrange: true, showgrid: false, tickcolor: "transparent" };
  await plotly.react(container, traces, layout, CONFIG);
  container.setAttribute("aria-label", description(panel, rows));
  return null;
}

function trace(name, rows, panel, count) {
  const { color } = lineStyle(name);
  // Plotly takes the lengths of the error bars, not their ends.
  const length = (row, end) => (row[end] === null ? 0 : Math.abs(row[end] - row.mean_return));
  return {
    type: "bar",
    name,
    x: rows.map((row) => row.name.slice(0, 3)),
    y: rows.map((row) => row.mean_return),
    marker: { color, cornerradius: 3 },
    error_y: {
      type: "data", symmetric: false, color, thickness: 1.25, width: count > MAX_EMPHASIZED ? 0 : 3,
      array: rows.map((row) => length(row, "high")), arrayminus: rows.map((row) => length(row, "low")),
    },
    customdata: rows.map((row) => [formatValue(row.low, panel.unit), formatValue(row.high, panel.unit), row.sessions]),
    hovertemplate: "%{y:+.2%}  (%{customdata[0]} to %{customdata[1]}, %{customdata[2]} sessions)",
  };
}

function description(panel, rows) {
  const means = rows.map((row) => `${row.ticker} ${row.name} ${formatValue(row.mean_return, panel.unit)}`);
  return `${panel.title}, chart: ${means.join(", ")}`;
}
