// On paper a chart is a picture of the light theme that fits its column.

import { picturesOf, redrawCharts } from "./charts.js";

/** Replace the charts by pictures while the page is printed. */
export function preparePrinting() {
  addEventListener("beforeprint", () => {
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
