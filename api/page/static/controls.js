// The controls: tickers, period, benchmark, dividends. They show a state and report what the reader changes.

import { byId, element } from "./dom.js";
import { formatDay } from "./format.js";
import { buildPicker, showPicked } from "./picker.js";
import { RANGES, windowInWords } from "./state.js";

/** Build the controls for these tickers. `onChange({…})` receives the changed fields of the state. */
export function buildControls(tickers, onChange) {
  buildPicker(tickers, (picked) => onChange({ tickers: picked }));
  byId("benchmark").replaceChildren(...tickers.map(({ value }) => element("option", { value }, value)));
  byId("ranges").onchange = ({ target }) => onChange({ range: target.value, from: "", to: "" });
  byId("benchmark").onchange = ({ target }) => onChange({ benchmark: target.value });
  byId("total").onchange = ({ target }) => onChange({ basis: target.checked ? "total" : "split" });
  for (const id of ["from", "to"]) {
    byId(id).onchange = () => onChange({ range: "", from: byId("from").value, to: byId("to").value });
  }
  byId("controls").onsubmit = (event) => event.preventDefault();
}

/** Build what does not wait for the list of tickers: the periods, the fold, the link to copy. */
export function buildFrame() {
  byId("ranges").replaceChildren(...RANGES.flatMap(rangeOption));
  byId("fold").onclick = () => {
    const open = byId("controls").classList.toggle("open");
    byId("fold").setAttribute("aria-expanded", String(open));
  };
  byId("copy").onclick = async () => {
    const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
    byId("copied").textContent = copied ? "Link copied" : "Copy the address of this page";
  };
}

/** Show `state`. */
export function showState(state) {
  showPicked(state.tickers);
  for (const input of byId("ranges").querySelectorAll("input")) input.checked = input.value === state.range;
  if (state.from || state.to) showDates(state);
  const known = [...byId("benchmark").options].some((option) => option.value === state.benchmark);
  if (!known) byId("benchmark").append(element("option", { value: state.benchmark }, state.benchmark));
  byId("benchmark").value = state.benchmark;
  byId("total").checked = state.basis === "total";
  byId("total-control").hidden = state.view === "portfolio"; // a portfolio's dividends are always counted
  byId("copied").textContent = "";
  showTitle(state);
}

/** Say what is shown in the title of the tab, and in the line to which the controls fold on a phone. */
function showTitle(state) {
  const tickers = state.tickers.length > 6 ? `${state.tickers.length} tickers` : state.tickers.join(", ");
  const words = `${tickers} · ${windowInWords(state, formatDay)}`;
  document.title = `${state.view === "portfolio" ? "Portfolio: " : ""}${words} · Bellwether`;
  byId("fold-text").textContent = `${tickers} · ${state.range || windowInWords(state, formatDay)} · ${state.benchmark === "NONE" ? "no benchmark" : `vs ${state.benchmark}`}`;
}

/** Show the first and the last day of a window; timestamps are cut to their date. */
export function showDates({ from, to }) {
  [byId("from").value, byId("to").value] = [from.slice(0, 10), to.slice(0, 10)];
}

function rangeOption([value, description]) {
  const id = `range-${value}`;
  return [
    element("input", { type: "radio", name: "range", id, value, "aria-label": description }),
    element("label", { for: id, title: description }, value),
  ];
}
