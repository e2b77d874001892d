// How fine the rows of a window are: daily where they can be told apart, else weekly or monthly. Pure.

const TRADING_DAYS = 252; // a year
const DAYS_OF_UNIT = { d: 1, w: 5, m: 21, y: TRADING_DAYS };
const DAY_MS = 86_400_000;
const TWO_YEARS = 2 * TRADING_DAYS + 10;
// Fewer than the service answers at once, because a phone has to load and draw them.
const MAX_ROWS = 12_000;
const INTERVALS = [["1d", 1], ["1w", 4.8], ["1mo", 20.9], ["3mo", 62]];
export const INTERVAL_WORDS = { "1d": "", "1w": "one point a week", "1mo": "one point a month", "3mo": "one point a quarter" };

/** About how many sessions a window has. `first`: the first day that the tickers have, for `max`. */
export function sessionsOf({ range, from, to }, first, today) {
  const between = (begin, end) => Math.max(0, Math.ceil(((Date.parse(end) - Date.parse(begin)) / DAY_MS) * (TRADING_DAYS / 365.25)));
  const held = between(first, today);
  if (range === "max") return held;
  if (range === "ytd") return between(`${today.slice(0, 4)}-01-01`, today);
  const counted = /^(\d+)([dwmy])/.exec(range);
  if (counted) return Math.min(held, counted[1] * DAYS_OF_UNIT[counted[2]]);
  const end = to && to < today ? to : today;
  return between(from && from > first ? from : first, end) || 0;
}

/**
 * The window of a comparison: it begins where all tickers have a close before it, as it would otherwise have no start to
 * compare with. `firsts`: the first day of each ticker that is known.
 */
export function comparableWindow(window, firsts, today) {
  const youngest = [...firsts].sort().at(-1);
  if (!youngest || beginOf(window, today) > youngest) return window;
  const next = new Date(Date.parse(youngest) + DAY_MS).toISOString().slice(0, 10);
  return { from: next, ...(window.to ? { to: window.to } : {}) };
}

/** The first day of a window, about. */
function beginOf({ range, from }, today) {
  if (!range) return from || today;
  const counted = /^(\d+)([dwmy])/.exec(range);
  if (range === "max") return "";
  if (!counted) return today;
  const days = counted[1] * DAYS_OF_UNIT[counted[2]] * (365.25 / TRADING_DAYS);
  return new Date(Date.parse(today) - days * DAY_MS).toISOString().slice(0, 10);
}

/** `{interval, log}` for so many sessions of so many tickers: log is whether growth needs a logarithmic scale. */
export function scaleOf(sessions, tickers) {
  const log = sessions > TWO_YEARS;
  const fitting = INTERVALS.find(([name, length]) =>
    (name !== "1d" || !log) && (sessions / length) * tickers <= MAX_ROWS);
  return { interval: (fitting ?? INTERVALS.at(-1))[0], log };
}
