// A panel: heading, description, CSV link and body, in one of the states loading, drawn, empty or refused.

import { buildUrl, downloadFile, getJson } from "./api.js";
import { resetDeclined } from "./api_key.js";
import { element } from "./dom.js";
import { keepPercentSigns } from "./format.js";

const TABULAR_SHAPES = ["table", "matrix"];

/** Build the section of a panel with an empty body. `heading` is the element of its title. */
export function buildPanel(panel, heading = "h2") {
  const tabular = TABULAR_SHAPES.includes(panel.shape);
  const body = element("div", { class: `body ${panel.shape}`, role: tabular ? "group" : "img", "aria-label": panel.title });
  const csv = element("a", { class: "csv", download: `${panel.name}.csv`, "aria-label": `${panel.title} as CSV` }, "CSV");
  const section = element(
    "section", { class: "panel", id: panel.name, "aria-labelledby": `${panel.name}-title` },
    element("header", {}, element(heading, { id: `${panel.name}-title` }, panel.title), csv),
    element("p", { class: "quiet description" }, keepPercentSigns(panel.description)),
    element("p", { class: "note", role: "status" }),
    body,
  );
  if (tabular) body.tabIndex = 0; // a wide table scrolls sideways, and the keyboard must reach it to scroll
  section.part = panel.part ?? "rows";
  csv.addEventListener("click", (event) => downloadWithKey(event, csv, section));
  return section;
}

/**
 * Request the panel's answer, then call `render(body, answer)`, which returns a sentence if there is nothing to draw.
 * A failure stays within this panel.
 */
export async function loadPanel(section, path, parameters, render) {
  // A later request of the same panel replaces the symbol, and this one's answer is then ignored.
  const request = Symbol(path);
  section.currentRequest = request;
  section.setAttribute("aria-busy", "true");
  // A chart asks for the columns that it draws; its file has all of them.
  const { fields, ...whole } = parameters;
  const part = section.part === "rows" ? {} : { part: section.part };
  section.querySelector(".csv").href = buildUrl(path, { ...whole, ...part, format: "csv" });
  try {
    const answer = await getJson(path, parameters);
    if (section.currentRequest !== request) return;
    showNote(section, "");
    showNote(section, (await render(section.querySelector(".body"), answer)) ?? "", "empty");
  } catch (error) {
    if (section.currentRequest === request) {
      showError(section, error, () => loadPanel(section, path, parameters, render));
    }
  } finally {
    if (section.currentRequest === request) section.removeAttribute("aria-busy");
  }
}

function showNote(section, text, state = "drawn") {
  section.dataset.state = text ? state : "drawn";
  section.querySelector(".note").replaceChildren(text);
}

function showError(section, error, retry) {
  showNote(section, error.message, "refused");
  const button = element("button", { type: "button" }, "Try again");
  button.addEventListener("click", () => {
    resetDeclined();
    retry();
  });
  section.querySelector(".note").append(" ", button);
}

async function downloadWithKey(event, link, section) {
  if (!localStorage.length) return; // without a stored key, the browser can follow the link itself
  event.preventDefault();
  await downloadFile(link.href, link.download).catch((error) => showNote(section, error.message, "refused"));
}
