// A panel: heading, description, CSV link and body, in one of the states loading, drawn, empty or refused.

import { buildUrl, downloadFile, getJson } from "./api.js";
import { clearChart } from "./charts.js";
import { element } from "./dom.js";
import { keepPercentSigns } from "./format.js";
import { reportProblem } from "./problems.js";
import { renderValues } from "./tables.js";

const TABULAR_SHAPES = ["table", "matrix", "calendar"];
const CHART_SHAPES = ["line", "bar", "area"];
const SEE_ABOVE = "No answer. The message at the top says why.";

/** Build the section of a panel with an empty body. `heading` is the element of its title. */
export function buildPanel(panel, heading = "h2") {
  const body = element("div", { class: `body ${panel.shape}` });
  const section = element(
    "section", { class: "panel", id: panel.name, "aria-labelledby": `${panel.name}-title` },
    element("header", {}, element(heading, { id: `${panel.name}-title` }, panel.title), csvLink(panel)),
    element("p", { class: "quiet description" }, keepPercentSigns(panel.description)),
    element("p", { class: "note", role: "status" }),
    body,
  );
  if (TABULAR_SHAPES.includes(panel.shape)) {
    // A wide table scrolls sideways, and the keyboard must reach it to scroll.
    body.tabIndex = 0;
    body.setAttribute("role", "group");
    body.setAttribute("aria-label", panel.title);
  }
  if (CHART_SHAPES.includes(panel.shape)) section.append(valuesTable(body, panel));
  section.part = panel.part ?? "rows";
  section.querySelector(".csv").addEventListener("click", (event) => downloadWithKey(event, section));
  return section;
}

/**
 * Request the panel's answer, then call `render(body, answer)`, which returns a sentence if there is nothing to draw.
 * Until then the panel is dimmed; a refusal clears it. `options`: `isWanted()`, false when the reader has asked for
 * something else; `refused(error)`, true if it has dealt with the error; `retry()`.
 */
export async function loadPanel(section, path, parameters, render, { isWanted, refused, retry }) {
  section.setAttribute("aria-busy", "true");
  // A chart asks for the columns that it draws; its file has all of them.
  const { fields, ...whole } = parameters;
  const part = section.part === "rows" ? {} : { part: section.part };
  section.querySelector(".csv").href = buildUrl(path, { ...whole, ...part, format: "csv" });
  section.querySelector("details")?.removeAttribute("open");
  try {
    const answer = await getJson(path, parameters, isWanted);
    if (!isWanted()) return;
    showNote(section, "");
    const nothing = await render(section.querySelector(".body"), answer);
    if (!isWanted()) return;
    if (nothing) clearPanel(section, nothing, "empty");
  } catch (error) {
    if (!isWanted()) return;
    clearPanel(section, SEE_ABOVE, "refused");
    if (!refused?.(error)) reportProblem(error.message, error.passing === false ? null : retry);
  }
  section.removeAttribute("aria-busy");
}

/** Take everything out of a panel; `text` says why. */
export function clearPanel(section, text = "", state = "empty") {
  clearChart(section.querySelector(".body"));
  showNote(section, text, state);
}

/** As before the first answer: nothing is shown, and nothing is said to be missing. */
export function resetPanel(section) {
  clearPanel(section);
  delete section.dataset.state;
  section.removeAttribute("aria-busy");
}

/** Add words to a panel's description. */
export function describe(section, panel, ...more) {
  const words = more.filter(Boolean).join("; ");
  const text = words ? `${panel.description} ${words[0].toUpperCase()}${words.slice(1)}.` : panel.description;
  section.querySelector(".description").textContent = keepPercentSigns(text);
}

function csvLink(panel) {
  return element("a", { class: "csv", download: `${panel.name}.csv`, "aria-label": `${panel.title} as CSV` }, "CSV");
}

/** The chart's values as a table, for those who cannot see the chart; made when it is opened. */
function valuesTable(body, panel) {
  const target = element("div", { class: "values", tabindex: 0, role: "group", "aria-label": `${panel.title}, values` });
  const details = element("details", { class: "as-table" }, element("summary", {}, "Table"), target);
  details.addEventListener("toggle", () => {
    if (details.open && body.lines) renderValues(target, body.lines(), panel.unit);
    else target.replaceChildren();
  });
  return details;
}

function showNote(section, text, state = "drawn") {
  section.dataset.state = text ? state : "drawn";
  section.querySelector(".note").textContent = text;
}

async function downloadWithKey(event, section) {
  if (!localStorage.length) return; // without a stored key, the browser can follow the link itself
  event.preventDefault();
  const link = section.querySelector(".csv");
  await downloadFile(link.href, link.download).catch((error) => reportProblem(error.message));
}
