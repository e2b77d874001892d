// The controls: tickers, window, benchmark. They show a state, and hand on what a person changes.

import { RANGES } from "./state.js";
import { element, named } from "./tables.js";

const at = (id) => document.getElementById(id);
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Make the controls for these tickers; `change({…})` gets what a person changes of the state. */
export function build(tickers, change) {
  at("tickers").replaceChildren(...tickers.map(chip));
  at("benchmark").replaceChildren(...tickers.map(({ value }) => element("option", { value }, value)));
  at("ranges").replaceChildren(...RANGES.flatMap(segment));
  at("tickers").onclick = ({ target }) => pick(target.closest("button"), change);
  at("tickers").onkeydown = rove;
  at("ranges").onchange = ({ target }) => change({ range: target.value, from: "", to: "" });
  at("benchmark").onchange = ({ target }) => change({ benchmark: target.value });
  for (const id of ["from", "to"]) at(id).onchange = () => change({ range: "", from: at("from").value, to: at("to").value });
  at("controls").onsubmit = (event) => event.preventDefault();
}

/** Show `state`; a ticker that the service does not know gets a chip too, so that it can be put down. */
export function show(state) {
  const chips = [...at("tickers").children];
  const known = new Set(chips.map((one) => one.value));
  at("tickers").append(...state.tickers.filter((one) => !known.has(one)).map((value) => chip({ value, published: true })));
  for (const one of at("tickers").children) one.setAttribute("aria-pressed", state.tickers.includes(one.value));
  const active = at("tickers").querySelector('[tabindex="0"]') ?? at("tickers").querySelector('[aria-pressed="true"]');
  reachable(active ?? at("tickers").firstElementChild);
  for (const one of at("ranges").querySelectorAll("input")) one.checked = one.value === state.range;
  if (state.from || state.to) showWindow(state);
  if (![...at("benchmark").options].some((one) => one.value === state.benchmark)) {
    at("benchmark").append(element("option", { value: state.benchmark }, state.benchmark));
  }
  at("benchmark").value = state.benchmark;
}

/** The window's days, as the address or an answer has them. */
export function showWindow({ from, to }) {
  [at("from").value, at("to").value] = [from.slice(0, 10), to.slice(0, 10)];
}

function chip({ value, name, published, reason }) {
  const title = published ? (name ?? value) : `${name ?? value}: ${reason}`;
  return element("button", { type: "button", value, title, class: published ? null : "missing", tabindex: -1 }, named(value));
}

function segment([value, words]) {
  const id = `range-${value}`;
  return [
    element("input", { type: "radio", name: "range", id, value, "aria-label": words }),
    element("label", { for: id, title: words }, value),
  ];
}

function pick(button, change) {
  if (!button) return;
  reachable(button);
  const picked = [...at("tickers").children]
    .filter((one) => (one === button) !== (one.getAttribute("aria-pressed") === "true"))
    .map((one) => one.value);
  if (picked.length) change({ tickers: picked }); // the last one stays: there is nothing to draw of none
}

/** Arrows, Home and End move within the tickers, so that they are one stop of the Tab key. */
function rove(event) {
  const chips = [...at("tickers").children];
  const now = chips.indexOf(document.activeElement);
  const step = STEPS[event.key];
  let next = { Home: 0, End: chips.length - 1 }[event.key];
  if (step && now >= 0) next = (now + step + chips.length) % chips.length;
  if (next === undefined) return;
  event.preventDefault();
  reachable(chips[next]);
  chips[next].focus();
}

function reachable(button) {
  for (const one of at("tickers").children) one.tabIndex = one === button ? 0 : -1;
}
