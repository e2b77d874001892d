// The colours of the page as the style sheet has them in this theme, for what is drawn outside of it.

const dark = matchMedia("(prefers-color-scheme: dark)");
const SERIES = 10;
let order = [];

/** Call `redraw` whenever the theme turns. */
export function onTurn(redraw) {
  dark.addEventListener("change", redraw);
}

/** One colour a ticker, everywhere: by its place in the universe. */
export function know(tickers) {
  order = tickers;
}

/** The number of a ticker's colour. */
export function hue(ticker) {
  return place(ticker) % SERIES;
}

/** `{color, dash}` of a ticker's line; the second lap through the colours is dashed. */
export function pen(ticker) {
  return { color: colour(`--series-${hue(ticker)}`), dash: place(ticker) < SERIES ? "solid" : "dash" };
}

/** A colour of the style sheet. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function place(ticker) {
  const known = order.indexOf(ticker.split("+").at(-1)); // a basket has its last ticker's
  return known < 0 ? order.length + (ticker.charCodeAt(0) % SERIES) : known;
}
