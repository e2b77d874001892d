// The theme's colours, read from the style sheet, because Plotly takes colour values and no CSS variables.

const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const COLOURS = 10;
let universe = [];

/** Call `callback` whenever the theme changes between light and dark. */
export function onThemeChange(callback) {
  darkScheme.addEventListener("change", callback);
}

/** Set the order of the tickers: a ticker's position in the universe decides its colour. */
export function setUniverse(tickers) {
  universe = tickers;
}

/** The number of a ticker's colour in the style sheet. */
export function colourIndex(ticker) {
  return position(ticker) % COLOURS;
}

/** `{color, dash}` of a ticker's line. Tickers beyond the tenth reuse the colours with dashed lines. */
export function lineStyle(ticker) {
  return { color: cssColour(`--series-${colourIndex(ticker)}`), dash: position(ticker) < COLOURS ? "solid" : "dash" };
}

/** The value of a CSS variable in the current theme. */
export function cssColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function position(ticker) {
  const known = universe.indexOf(ticker.split("+").at(-1)); // a basket has its last ticker's colour
  // Outside the universe the first letter decides, so that the colour does not depend on what else is shown.
  return known < 0 ? universe.length + (ticker.charCodeAt(0) % COLOURS) : known;
}
