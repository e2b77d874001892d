// The legend of a chart: each series with its value at the crosshair, or its last; a click hides or shows its line.

import { element } from "./dom.js";
import { formatShortDay, formatValue, formatWeekday } from "./format.js";
import { colourIndex } from "./theme.js";

/** Build the legend in `container`. `onToggle(index, visible)`. Returns `{show(day)}`; null shows the last values. */
export function buildLegend(container, spec, onToggle) {
  const { lines, unit, names } = spec;
  const valuesAt = lines.map((line) => new Map(line.times.map((time, index) => [time, line.values[index]])));
  const day = element("span", { class: "day" });
  const items = lines.map((line, index) => item(line.name, names?.[line.name] ?? line.name, index, onToggle));
  container.replaceChildren(day, ...items);
  const lastDay = lines.map((line) => line.times.at(-1)).sort().at(-1);

  let shownTime;

  function show(time) {
    if (time === shownTime) return;
    shownTime = time;
    const at = time ?? lastDay;
    day.textContent = time ? formatWeekday(at) : formatShortDay(at);
    const values = valuesAt.map((found) => found.get(at) ?? null);
    // The largest stands first: by its place only, so that the keyboard's focus stays where it is.
    const order = values.map((value, index) => [value ?? -Infinity, index]).sort((a, b) => b[0] - a[0]);
    order.forEach(([, index], place) => { items[index].style.order = place; });
    items.forEach((button, index) => { button.lastChild.textContent = formatValue(values[index], unit); });
  }

  show(null);
  return { show };
}

function item(name, label, index, onToggle) {
  const button = element(
    "button", { type: "button", "aria-pressed": "true", title: `Hide or show ${label}` },
    element("i", { class: "swatch", "data-series": colourIndex(name), "data-name": name }), element("span", {}, label), element("b"),
  );
  button.addEventListener("click", () => {
    const visible = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", visible);
    onToggle(index, visible);
  });
  return button;
}
