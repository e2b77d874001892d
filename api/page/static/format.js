// Formats of numbers and dates. An unknown value is shown as a dash.

const MINUS = "−";
const number = (digits, sign = "auto") =>
  new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign });
const percent = (digits, sign) => {
  const format = number(digits, sign);
  return (value) => `${format.format(value * 100)} %`;
};
const plain = (digits, sign) => {
  const format = number(digits, sign);
  return (value) => format.format(value);
};
const millions = number(1);

// `cell` formats a table cell; `axis` and `hover` are d3-format strings, which the chart library takes.
export const UNITS = {
  text: { cell: String },
  count: { cell: plain(0) },
  number: { cell: plain(2), axis: ".1f", hover: ".2f" },
  points: { cell: (value) => number(1).format(value * 100) },
  usd: { cell: plain(2), axis: ",.0f", hover: ",.2f" },
  signed_usd: { cell: plain(2, "exceptZero"), axis: ",.0f", hover: "+,.2f" },
  ratio: { cell: percent(1), axis: ".1~%", hover: ".1%" },
  signed_ratio: { cell: percent(1, "exceptZero"), axis: ".1~%", hover: "+.1%" },
  small_ratio: { cell: percent(2, "exceptZero"), axis: ".2~%", hover: "+.2%" },
  shares: { cell: (value) => `${millions.format(value / 1e6)} m`, axis: "~s", hover: ".4~s" },
};

/** A value in its unit, with a true minus sign; a dash for null. */
export function formatValue(value, unit) {
  return value === null || value === undefined ? "–" : UNITS[unit].cell(value).replace("-", MINUS);
}

/** The text with no-break spaces before percent signs, so that no line begins with one. */
export function keepPercentSigns(text) {
  return text.replaceAll(" %", "\u00a0%");
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A date such as 2026-11-20, or a timestamp, as 20 Nov 2026. */
export function formatDay(text) {
  return text ? DAY.format(new Date(`${text.slice(0, 10)}T00:00:00Z`)) : "–";
}
