// Small pictures of our own as SVG: drawn to the width of their place, and anew when that changes.

import { svgElement } from "./dom.js";

let simulated = false;

/** Say in every picture from now on whether the prices are simulated. */
export function setSimulatedPictures(value) {
  simulated = value;
}

/** Fill `container` with a picture. `paint(width, height)` returns its elements; `label` says what it shows. */
export function drawSvg(container, label, paint) {
  const svg = svgElement("svg", { role: "img", "aria-label": label });
  const render = () => {
    const [width, height] = [container.clientWidth, container.clientHeight];
    if (!width || !height) return;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...paint(width, height), ...watermark(width));
  };
  container.replaceChildren(svg);
  render();
  const observer = new ResizeObserver(() => {
    if (svg.isConnected) render();
    else observer.disconnect();
  });
  observer.observe(container);
}

/** A function from values between `low` and `high` to pixels between `start` and `end`. */
export function scale([low, high], [start, end]) {
  const span = high - low || 1;
  return (value) => start + ((value - low) / span) * (end - start);
}

/** At most `count` round values between `low` and `high`. */
export function ticks(low, high, count) {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step) found.push(value);
  return found;
}

/** A text at a place; `attributes` for its class and anchor. */
export function text(x, y, words, attributes = {}) {
  return svgElement("text", { x, y, ...attributes }, words);
}

/** A line between two points. */
export function line(x1, y1, x2, y2, attributes = {}) {
  return svgElement("line", { x1, y1, x2, y2, ...attributes });
}

/** The word in a picture that is cut out of the page, too. */
function watermark(width) {
  return simulated ? [text(width - 4, 11, "Simulated", { class: "watermark", "text-anchor": "end" })] : [];
}
