// Drag across a chart to choose the days between.

import { element } from "./dom.js";

const MIN_PIXELS = { mouse: 8, pen: 8, touch: 24 }; // less is a click or a tap; a finger is less steady
const DAY_MS = 86_400_000;

/** Let a mouse, pen or finger choose days in `plot`; `onZoom(from, to)` gets the first and the last day. */
export function enableZoom(plot, timeScale, { lines, daily, onZoom }) {
  const days = [...new Set(lines.flatMap((line) => line.times))].sort();
  const band = element("div", { class: "zoom", hidden: true });
  plot.append(band);
  let start = null;
  const place = (event) => event.clientX - plot.getBoundingClientRect().left;

  const least = (event) => MIN_PIXELS[event.pointerType] ?? MIN_PIXELS.mouse;

  plot.addEventListener("pointerdown", (event) => {
    // A second finger makes it another gesture.
    if (event.button === 0) start = event.isPrimary ? place(event) : null;
  });
  plot.addEventListener("pointermove", (event) => {
    if (start === null || !event.isPrimary) return;
    band.hidden = Math.abs(place(event) - start) < least(event);
    band.style.left = `${Math.min(start, place(event))}px`;
    band.style.width = `${Math.abs(place(event) - start)}px`;
  });
  plot.addEventListener("pointerleave", stop);
  plot.addEventListener("pointercancel", stop); // the finger moves up or down: the page scrolls
  plot.addEventListener("pointerup", (event) => {
    const [from, to] = start === null ? [] : [start, place(event)].sort((a, b) => a - b);
    stop();
    if (to - from >= least(event)) choose(from, to);
  });

  function stop() {
    start = null;
    band.hidden = true;
  }

  function choose(from, to) {
    const [first, last] = [from, to].map((x) => {
      const index = Math.round(timeScale.coordinateToLogical(x));
      return Math.min(Math.max(index, 0), days.length - 1);
    });
    if (last <= first) return;
    // A point of a week or a month stands at its last session: the period begins after the point before.
    const begins = first === 0 || daily ? days[first] : new Date(Date.parse(days[first - 1]) + DAY_MS).toISOString().slice(0, 10);
    onZoom(begins, days[last]);
  }
}
