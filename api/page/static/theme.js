// The theme's colours, read from the style sheet, because the chart library takes colour values and no CSS variables.

const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const COLOURS = 10;
const own = new Map([["portfolio", "--accent"], ["equal_weight", "--quiet"]]);
let universe = [];
let picked = [];

/** Call `callback` whenever the theme changes between light and dark. */
export function onThemeChange(callback) {
  darkScheme.addEventListener("change", callback);
}

/** Set the order of the tickers: a ticker's position in a universe of ten decides its colour. */
export function setUniverse(tickers) {
  universe = tickers;
}

/** Set the tickers on screen. In a larger universe each has the first colour that is free, and keeps it. */
export function setPicked(tickers) {
  picked = [...picked.map((ticker) => (tickers.includes(ticker) ? ticker : null))];
  for (const ticker of tickers.filter((one) => !picked.includes(one))) {
    const free = picked.indexOf(null);
    picked[free < 0 ? picked.length : free] = ticker;
  }
}

/** The number of a ticker's colour in the style sheet; null for a series with a colour of its own. */
export function colourIndex(ticker) {
  return own.has(ticker) ? null : position(ticker) % COLOURS;
}

/** `{color, dashed}` of a ticker's line. Tickers beyond the tenth reuse the colours with dashed lines. */
export function lineStyle(ticker) {
  if (own.has(ticker)) return { color: cssColour(own.get(ticker)), dashed: ticker === "equal_weight" };
  return { color: cssColour(`--series-${colourIndex(ticker)}`), dashed: position(ticker) >= COLOURS };
}

/** The value of a CSS variable in the current theme. */
export function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function position(name) {
  const ticker = name.split("+").at(-1); // a basket has its last ticker's colour
  const order = universe.length <= COLOURS && universe.includes(ticker) ? universe : picked;
  const known = order.indexOf(ticker);
  // Outside of both the first letter decides, so that the colour does not depend on what else is shown.
  return known < 0 ? COLOURS + (ticker.charCodeAt(0) % COLOURS) : known;
}
