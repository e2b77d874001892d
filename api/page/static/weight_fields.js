// Fields and sliders for the weights of a portfolio. One that moves makes the others give way, so that the sum stays.

import { byId, element } from "./dom.js";
import { REBALANCING } from "./state.js";
import { tickerLabel } from "./tables.js";
import { equalWeights, setWeight, sixtyForty } from "./weights.js";

const PER_CENT = 10; // thousandths
let weights = [];
let report = () => {};

/** Build the presets and the choice of rebalancing. `onChange({…})` gets the changed fields of the state. */
export function buildWeights(onChange) {
  report = onChange;
  byId("rebalance").replaceChildren(...REBALANCING.map((value) => element("option", { value }, value)));
  byId("rebalance").onchange = ({ target }) => report({ rebalance: target.value });
  byId("equal").onclick = () => report({ weights: equalWeights(weights.map(([ticker]) => ticker)) });
  byId("sixty-forty").onclick = () => report({ weights: sixtyForty(weights.map(([ticker]) => ticker)) });
}

/** Show the weights of a state. */
export function showWeights(state) {
  weights = state.weights;
  byId("rebalance").value = state.rebalance;
  byId("sixty-forty").disabled = weights.length < 2;
  const rows = [...byId("weights").children];
  const same = rows.length === weights.length && rows.every((row, index) => row.ticker === weights[index][0]);
  // The fields stay while the reader moves one: replaced, it would lose the focus.
  if (!same) byId("weights").replaceChildren(...weights.map(row));
  fill();
}

function row([ticker]) {
  const slider = element("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": `Weight of ${ticker}` });
  const field = element("input", { type: "number", min: 0, max: 100, step: 0.1, "aria-label": `Weight of ${ticker} in percent` });
  const change = (input) => setWeight(weights, ticker, Number(input.value) * PER_CENT);
  slider.oninput = () => {
    weights = change(slider);
    fill();
  };
  slider.onchange = () => report({ weights });
  field.onchange = () => report({ weights: change(field) });
  const found = element("li", {}, tickerLabel(ticker), slider, field, element("span", { "aria-hidden": "true" }, "%"));
  found.ticker = ticker;
  return found;
}

function fill() {
  const shares = new Map(weights);
  for (const { ticker, children } of byId("weights").children) {
    children[1].value = shares.get(ticker) / PER_CENT;
    children[2].value = shares.get(ticker) / PER_CENT;
  }
}
