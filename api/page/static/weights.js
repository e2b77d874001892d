// Weights of a portfolio that keep their sum. Pure; thousandths inside, so that they sum exactly.

const WHOLE = 1000;

/** `[[ticker, thousandths], …]` of NVDA:0.4,VOO:0.6, of percent, or of equal:NVDA,AMZN. They sum to 1000. */
export function parseWeights(text) {
  const equal = text.trim().toLowerCase().startsWith("equal:");
  const parts = (equal ? text.trim().slice("equal:".length) : text).split(",").filter((part) => part.trim());
  const found = new Map();
  for (const part of parts) {
    const [ticker, weight] = part.split(":").map((word) => word.trim());
    const value = equal ? 1 : Number(weight);
    if (ticker) found.set(ticker.toUpperCase(), Number.isFinite(value) && value > 0 ? value : 0);
  }
  return spread([...found]);
}

/** The weights as the API and the address have them: fractions. */
export function formatWeights(weights) {
  return weights.map(([ticker, share]) => `${ticker}:${share / WHOLE}`).join(",");
}

/** One weight set to `share`; the others give way in proportion. */
export function setWeight(weights, ticker, share) {
  const others = weights.filter(([name]) => name !== ticker);
  const wanted = others.length ? Math.min(Math.max(Math.round(share), 0), WHOLE) : WHOLE;
  const shared = new Map(spread(others, WHOLE - wanted));
  return weights.map(([name]) => [name, name === ticker ? wanted : shared.get(name)]);
}

/** The weights with these holdings: a new one gets an equal part, and what one had that left goes to the others. */
export function setHoldings(weights, tickers) {
  const before = new Map(weights);
  const kept = spread(tickers.filter((ticker) => before.has(ticker)).map((ticker) => [ticker, before.get(ticker)]));
  const added = tickers.filter((ticker) => !before.has(ticker));
  const part = tickers.length ? 1 / tickers.length : 0;
  const shares = new Map(kept.map(([ticker, share]) => [ticker, (share / WHOLE) * (1 - part * added.length)]));
  return spread(tickers.map((ticker) => [ticker, shares.get(ticker) ?? part]));
}

/** All holdings equal. */
export function equalWeights(tickers) {
  return spread(tickers.map((ticker) => [ticker, 1]));
}

/** 60 to 40 of the first two. */
export function sixtyForty([first, second]) {
  return [[first, 600], [second, 400]];
}

/** Shares in proportion to the values, whole thousandths that sum to `whole`; equal ones where all values are zero. */
function spread(values, whole = WHOLE) {
  const sum = values.reduce((total, [, value]) => total + value, 0);
  const exact = values.map(([ticker, value]) => [ticker, (sum ? value / sum : 1 / values.length) * whole]);
  const shares = exact.map(([ticker, share]) => [ticker, Math.floor(share)]);
  let missing = whole - shares.reduce((total, [, share]) => total + share, 0);
  // What rounding down took goes to those that lost most.
  const order = exact.map(([, share], index) => [share - Math.floor(share), index]).sort((a, b) => b[0] - a[0]);
  for (const [, index] of order) {
    if (missing <= 0) break;
    shares[index][1] += 1;
    missing -= 1;
  }
  return shares;
}
