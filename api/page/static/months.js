// Calendar returns as a heat map: a row a year and a column a month, of one ticker at a time.

import { element } from "./dom.js";
import { formatDay, formatValue } from "./format.js";
import { markedGrid, shadeOf } from "./tables.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DARKEST = 0.15; // a month's return with the darkest shade

/** Draw rows of {ticker, period (2026-11), period_return, partial, to_session}. Returns a sentence if there are none. */
export function renderMonths(body, rows, tickers) {
  const known = tickers.filter((ticker) => rows.some((row) => row.ticker === ticker && row.period_return !== null));
  if (!known.length) return "No whole month in this period.";
  const place = element("div", { class: "grid-place" });
  const show = (ticker) => place.replaceChildren(...markedGrid(grid(rows.filter((row) => row.ticker === ticker))));
  const chosen = known.includes(body.chosen) ? body.chosen : known[0];
  body.replaceChildren(...(known.length > 1 ? [choices(known, chosen, (ticker) => {
    body.chosen = ticker;
    show(ticker);
  })] : []), place);
  show(chosen);
  return null;
}

function choices(tickers, chosen, onChoose) {
  const select = element("select", { "aria-label": "Ticker of the heat map" }, ...tickers.map((ticker) => element("option", { value: ticker }, ticker)));
  select.value = chosen;
  select.addEventListener("change", () => onChoose(select.value));
  return select;
}

function grid(rows) {
  const byPeriod = new Map(rows.map((row) => [row.period, row]));
  const years = [...new Set(rows.map((row) => row.period.slice(0, 4)))].sort().reverse();
  const head = element("tr", {}, element("td"), ...MONTHS.map((month) => element("th", { scope: "col" }, month)), element("th", { scope: "col" }, "Year"));
  const lines = years.map((year) => {
    const months = MONTHS.map((_, index) => byPeriod.get(`${year}-${String(index + 1).padStart(2, "0")}`));
    const whole = months.filter((row) => row && row.period_return !== null);
    const growth = whole.reduce((product, row) => product * (1 + row.period_return), 1) - 1;
    return element(
      "tr", {}, element("th", { scope: "row" }, year), ...months.map(cell),
      element("td", { class: "total" }, whole.length ? formatValue(growth, "signed_ratio") : ""),
    );
  });
  return element("table", { class: "heat" }, element("thead", {}, head), element("tbody", {}, ...lines));
}

function cell(row) {
  if (!row) return element("td");
  const title = row.partial ? `To ${formatDay(row.to_session)}: the month is not over` : null;
  const text = formatValue(row.period_return, "signed_ratio").replace(/\u00a0%$/, "");
  return element("td", { "data-step": shadeOf(row.period_return, DARKEST), title }, row.partial ? `${text}*` : text);
}
