// The controls for tickers, window and benchmark. They show a state and report what the user changes.

import { byId, element } from "./dom.js";
import { RANGES } from "./state.js";
import { tickerLabel } from "./tables.js";

const ARROW_STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Build the controls for these tickers. `onChange({…})` receives the changed fields of the state. */
export function buildControls(tickers, onChange) {
  byId("tickers").replaceChildren(...tickers.map(tickerButton));
  byId("benchmark").replaceChildren(...tickers.map(({ value }) => element("option", { value }, value)));
  byId("ranges").replaceChildren(...RANGES.flatMap(rangeOption));
  byId("tickers").onclick = ({ target }) => toggleTicker(target.closest("button"), onChange);
  byId("tickers").onkeydown = moveFocus;
  byId("ranges").onchange = ({ target }) => onChange({ range: target.value, from: "", to: "" });
  byId("benchmark").onchange = ({ target }) => onChange({ benchmark: target.value });
  for (const id of ["from", "to"]) {
    byId(id).onchange = () => onChange({ range: "", from: byId("from").value, to: byId("to").value });
  }
  byId("controls").onsubmit = (event) => event.preventDefault();
}

/** Show `state`. A ticker that the service does not know gets a button too, so that it can be deselected. */
export function showState(state) {
  const buttons = [...byId("tickers").children];
  const known = new Set(buttons.map((button) => button.value));
  const unknown = state.tickers.filter((ticker) => !known.has(ticker));
  byId("tickers").append(...unknown.map((value) => tickerButton({ value, published: true })));
  for (const button of byId("tickers").children) {
    button.setAttribute("aria-pressed", state.tickers.includes(button.value));
  }
  const first = (selector) => byId("tickers").querySelector(selector);
  setTabStop(first('[tabindex="0"]') ?? first('[aria-pressed="true"]') ?? first("button"));
  for (const input of byId("ranges").querySelectorAll("input")) input.checked = input.value === state.range;
  if (state.from || state.to) showDates(state);
  if (![...byId("benchmark").options].some((option) => option.value === state.benchmark)) {
    byId("benchmark").append(element("option", { value: state.benchmark }, state.benchmark));
  }
  byId("benchmark").value = state.benchmark;
}

/** Show the first and the last day of a window; timestamps are cut to their date. */
export function showDates({ from, to }) {
  [byId("from").value, byId("to").value] = [from.slice(0, 10), to.slice(0, 10)];
}

function tickerButton({ value, name, published, reason }) {
  const title = published ? (name ?? value) : `${name ?? value}: ${reason}`;
  const style = published ? null : "missing";
  return element("button", { type: "button", value, title, class: style, tabindex: -1 }, tickerLabel(value));
}

function rangeOption([value, description]) {
  const id = `range-${value}`;
  return [
    element("input", { type: "radio", name: "range", id, value, "aria-label": description }),
    element("label", { for: id, title: description }, value),
  ];
}

function toggleTicker(button, onChange) {
  if (!button) return;
  setTabStop(button);
  const selected = [...byId("tickers").children]
    .filter((other) => (other === button) !== (other.getAttribute("aria-pressed") === "true"))
    .map((other) => other.value);
  if (selected.length) onChange({ tickers: selected }); // the last ticker cannot be deselected
}

// A toolbar by the ARIA practices: one stop of the Tab key, arrows, Home and End move within it ("roving tabindex").
function moveFocus(event) {
  const buttons = [...byId("tickers").children];
  const current = buttons.indexOf(document.activeElement);
  const step = ARROW_STEPS[event.key];
  let next = { Home: 0, End: buttons.length - 1 }[event.key];
  if (step && current >= 0) next = (current + step + buttons.length) % buttons.length;
  if (next === undefined) return;
  event.preventDefault();
  setTabStop(buttons[next]);
  buttons[next].focus();
}

function setTabStop(button) {
  for (const other of byId("tickers").children) other.tabIndex = other === button ? 0 : -1;
}
