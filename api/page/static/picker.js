// The tickers to choose from: all of them as chips, or, where they are many, those picked and a search box.

import { byId, element } from "./dom.js";
import { distance, NOT_FOUND } from "./search.js";
import { MAX_TICKERS } from "./state.js";
import { tickerLabel } from "./tables.js";

const MAX_CHIPS = 24;
const MAX_MATCHES = 12;
const MAGNIFICENT = ["AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "TSLA"];
const ARROW_STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
let universe = [];
let picked = [];
let report = () => {};

/** Build the picker of these rows of /tickers. `onPick(tickers)` is called with what the reader picks. */
export function buildPicker(rows, onPick) {
  universe = rows;
  report = onPick;
  byId("tickers").onclick = ({ target }) => toggle(target.closest("button"));
  byId("tickers").onkeydown = moveFocus;
  byId("search").hidden = rows.length <= MAX_CHIPS;
  byId("presets").replaceChildren(...presets().map(presetButton));
  if (rows.length > MAX_CHIPS) buildSearch();
}

/** Show which tickers are picked. One that the service does not know gets a chip too, so that it can be taken out. */
export function showPicked(tickers) {
  picked = tickers;
  const focused = document.activeElement?.closest("#tickers button")?.value;
  const names = universe.length > MAX_CHIPS ? [] : universe.map((row) => row.value);
  const shown = [...names, ...tickers.filter((ticker) => !names.includes(ticker))];
  byId("tickers").replaceChildren(...shown.map(chip));
  const find = (value) => [...byId("tickers").children].find((button) => button.value === value);
  setTabStop(find(focused) ?? find(tickers[0]) ?? byId("tickers").firstChild);
  find(focused)?.focus();
  showPickedInSectors();
}

function chip(value) {
  const row = universe.find((one) => one.value === value) ?? { published: !universe.length, reason: "not in this lake" };
  const title = row.published ? (row.name ?? value) : `${row.name ?? value}: ${row.reason}`;
  const attributes = { type: "button", value, title, class: row.published ? null : "missing", tabindex: -1 };
  return element("button", { ...attributes, "aria-pressed": String(picked.includes(value)) }, tickerLabel(value));
}

function toggle(button) {
  if (!button) return;
  const pressed = button.getAttribute("aria-pressed") === "true";
  const order = [...byId("tickers").children].map((other) => other.value);
  const chosen = order.filter((value) => (value === button.value) !== picked.includes(value));
  if (chosen.length || !pressed) pick(chosen);
}

function pick(tickers) {
  const tooMany = tickers.length > Math.max(MAX_TICKERS, picked.length);
  byId("picked").textContent = tooMany ? `${MAX_TICKERS} tickers are the most. Take one out first.` : "";
  if (tickers.length && !tooMany) report(tickers); // the last ticker cannot be taken out
}

/** The usual groups of the universe: `[title, tickers]`. */
function presets() {
  const published = universe.filter((row) => row.published);
  const names = published.map((row) => row.value);
  const funds = published.filter((row) => row.kind === "etf").map((row) => row.value);
  return [
    ["Magnificent 7", MAGNIFICENT.every((one) => names.includes(one)) ? MAGNIFICENT : []],
    ["ETFs", funds.length <= MAX_TICKERS ? funds : []],
    ["All", names.length <= MAX_TICKERS ? names : []],
  ].filter(([, tickers]) => tickers.length);
}

function presetButton([title, tickers]) {
  const button = element("button", { type: "button" }, title);
  button.addEventListener("click", () => pick(tickers));
  return button;
}

// A combobox by the ARIA practices: the focus stays in the field, arrows move through the list, Enter picks.
function buildSearch() {
  const [field, list] = [byId("search-field"), byId("matches")];
  let active = -1;
  const render = () => {
    const found = matches(field.value);
    active = found.length ? 0 : -1;
    list.replaceChildren(...found.map(option));
    byId("no-match").textContent = field.value.trim() && !found.length ? "No ticker or name like this in the lake." : "";
    mark();
  };
  const mark = () => {
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === active)));
    field.setAttribute("aria-expanded", String(list.children.length > 0));
    const current = list.children[active];
    if (current) field.setAttribute("aria-activedescendant", current.id);
    else field.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.replaceChildren();
    byId("no-match").textContent = "";
    active = -1;
    mark();
  };
  const choose = (value) => {
    field.value = "";
    close();
    if (value && !picked.includes(value)) pick([...picked, value]);
  };
  field.oninput = render;
  field.onblur = close;
  field.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !list.children.length) render();
    else if (step) active = (active + step + list.children.length) % list.children.length;
    else if (event.key === "Enter" && list.children[active]) choose(list.children[active].dataset.value);
    else if (event.key === "Escape" && list.children.length) close();
    else if (event.key === "Escape") choose(null);
    else if (event.key === "Backspace" && !field.value && picked.length > 1) pick(picked.slice(0, -1));
    else return;
    event.preventDefault();
    if (step) mark();
  };
  list.onpointerdown = (event) => {
    event.preventDefault(); // or the field loses the focus, and the list closes before the click
    const chosen = event.target.closest("li");
    if (chosen) choose(chosen.dataset.value);
  };
  byId("sectors").ontoggle = ({ target }) => {
    byId("sector-list").replaceChildren(...(target.open ? sectors() : []));
    showPickedInSectors();
  };
}

/** What the text finds, the nearest first: as /tickers?search= does. */
function matches(text) {
  const ranked = universe.map((row) => [distance(text, row), row]).filter(([place]) => place < NOT_FOUND);
  return ranked.sort((a, b) => a[0] - b[0]).slice(0, MAX_MATCHES).map(([, row]) => row);
}

function option({ value, name, sector }) {
  return element(
    "li", { role: "option", id: `match-${value}`, "data-value": value },
    element("b", {}, value), ` ${name ?? ""}`, element("span", { class: "quiet" }, sector ?? ""),
  );
}

/** Each sector with its tickers as buttons, which take a ticker in and out. */
function sectors() {
  const groups = new Map();
  for (const row of universe) groups.set(sectorOf(row), [...(groups.get(sectorOf(row)) ?? []), row]);
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([sector, rows]) => {
    const buttons = rows.sort((a, b) => a.value.localeCompare(b.value)).map((row) => {
      const button = element("button", { type: "button", title: row.name, value: row.value }, row.value);
      const others = () => picked.filter((ticker) => ticker !== row.value);
      button.addEventListener("click", () => pick(picked.includes(row.value) ? others() : [...picked, row.value]));
      return button;
    });
    return element(
      "details", {}, element("summary", {}, `${sector} (${rows.length})`), element("div", { class: "chips" }, ...buttons),
    );
  });
}

function showPickedInSectors() {
  for (const button of byId("sector-list").querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(picked.includes(button.value)));
  }
}

function sectorOf(row) {
  return row.sector ?? (row.kind === "etf" ? "ETFs" : "Other");
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
