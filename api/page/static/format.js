// Formats of numbers and dates. An unknown value is shown as a dash.

const MINUS = "−";
const NARROW_SPACE = "\u00a0";
const number = (digits, sign = "auto") =>
  new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign });
const plain = (digits, sign) => {
  const format = number(digits, sign);
  return (value) => format.format(value);
};
const percent = (digits, sign) => {
  const format = number(digits, sign);
  return (value) => `${format.format(value * 100)}${NARROW_SPACE}%`;
};
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const millions = number(1);
// "negative": the zero of a scale may come as −0.
const shortPercent = new Intl.NumberFormat("en", { maximumFractionDigits: 2, signDisplay: "negative" });
const percentAxis = (value) => `${shortPercent.format(value * 100)}${NARROW_SPACE}%`;
const priceAxis = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

const DATE = /^\d{4}-\d{2}-\d{2}$/;
// `cell` writes a value, `axis` the same for the scale of a chart, where it is a round one.
export const UNITS = {
  text: { cell: (value) => (DATE.test(value) ? formatDay(value) : String(value)) },
  count: { cell: plain(0), axis: plain(0) },
  multiple: { cell: (value) => priceAxis.format(value) },
  number: { cell: plain(2), axis: plain(1) },
  points: { cell: (value) => number(1).format(value * 100) },
  usd: { cell: plain(2), axis: (value) => priceAxis.format(value) },
  signed_usd: { cell: plain(2, "exceptZero"), axis: (value) => priceAxis.format(value) },
  ratio: { cell: percent(1), axis: percentAxis },
  signed_ratio: { cell: percent(1, "exceptZero"), axis: percentAxis },
  small_ratio: { cell: percent(2, "exceptZero"), axis: percentAxis },
  shares: { cell: (value) => `${millions.format(value / 1e6)}${NARROW_SPACE}m`, axis: (value) => compact.format(value) },
};

/** A value in its unit, with a true minus sign; a dash for null. */
export function formatValue(value, unit) {
  if (value === null || value === undefined) return "–";
  return unit === "text" ? UNITS.text.cell(value) : minus(UNITS[unit].cell(value));
}

/** A value of a chart's scale. */
export function formatTick(value, unit) {
  return minus((UNITS[unit].axis ?? UNITS[unit].cell)(value));
}

/** The text with no-break spaces before percent signs, so that no line begins with one. */
export function keepPercentSigns(text) {
  return text.replaceAll(" %", `${NARROW_SPACE}%`);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** The month of a date, in three letters. */
export function formatMonth(text) {
  return MONTHS[Number(text.slice(5, 7)) - 1];
}

/** A date such as 2026-11-20, or a timestamp, without its year: 20 Nov. */
export function formatShortDay(text) {
  return text ? `${Number(text.slice(8, 10))} ${formatMonth(text)}` : "–";
}

/** With its year: 20 Nov 2026. */
export function formatDay(text) {
  return text ? `${formatShortDay(text)} ${text.slice(0, 4)}` : "–";
}

/** With its weekday: Fri 20 Nov 2026. */
export function formatWeekday(text) {
  return `${WEEKDAYS[new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDay()]} ${formatDay(text)}`;
}

function minus(text) {
  return text.replace("-", MINUS);
}
