// On paper a chart is a picture of the light theme that fits its column, and nothing is left out.

import { picturesOf, redrawCharts } from "./charts.js";
import { byId, element } from "./dom.js";
import { anythingWaits, startAll } from "./when_near.js";

const POLL_MS = 50;
const MISSING = "Some panels had not been loaded when this was printed. The page’s own Print button loads them first.";

/** Replace the charts by pictures while the page is printed. */
export function preparePrinting() {
  byId("print").onclick = printWhole;
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "p") return;
    if (!anythingWaits()) return;
    event.preventDefault();
    printWhole();
  });
  addEventListener("beforeprint", () => {
    // The browser's own menu does not wait for an answer: what is missing is said, and is there the next time.
    if (anythingWaits()) byId("panels").before(element("p", { class: "printed" }, MISSING));
    startAll();
    document.documentElement.dataset.theme = "light";
    redrawCharts();
    for (const [container, picture] of picturesOf()) {
      picture.className = "printed";
      picture.removeAttribute("style");
      container.append(picture);
    }
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.theme;
    document.querySelectorAll(".printed").forEach((picture) => picture.remove());
    redrawCharts();
  });
}

/** Load what the reader has not scrolled to yet, then print. */
async function printWhole() {
  const button = byId("print");
  button.disabled = true;
  await startAll();
  while (document.querySelector(".panel[aria-busy]")) await new Promise((resolve) => { setTimeout(resolve, POLL_MS); });
  button.disabled = false;
  window.print();
}
