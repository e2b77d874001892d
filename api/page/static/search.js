// How near a ticker is to a text that is searched for. Pure. api/resources/tickers/search.py has the same; a test compares.

export const NOT_FOUND = 6;

/** 0 for the ticker itself to 5 for its sector or index; NOT_FOUND where the text is in none, or is empty. */
export function distance(text, { value, name, sector, tracks }) {
  const wanted = wordsOf(text);
  if (!wanted.length) return NOT_FOUND;
  const [phrase, joined] = [wanted.join(" "), wanted.join("")];
  const [symbol, words] = [wordsOf(value).join(""), wordsOf(name ?? "")];
  const spoken = words.join(" ");
  const place = [
    symbol === joined,
    wanted.length === 1 && symbol.startsWith(joined),
    ` ${spoken}`.includes(` ${phrase}`) || words.join("").startsWith(joined),
    wanted.every((one) => words.some((word) => word.startsWith(one))),
    spoken.includes(phrase) || symbol.includes(joined),
    [sector, tracks].some((group) => wordsOf(group ?? "").join(" ").includes(phrase)),
  ].indexOf(true);
  return place < 0 ? NOT_FOUND : place;
}

/** The words of a text as they are compared: small letters without marks, `and` as little as `&`. */
function wordsOf(text) {
  const letters = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/['’.]/g, "");
  const words = letters.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const kept = words.filter((word) => word !== "and");
  return kept.length ? kept : words;
}
