// One panel: its frame, and its four states: loading, drawn, empty, refused. Each stands and falls alone.

import { address, ask, save } from "./ask.js";
import { unbroken } from "./format.js";
import { forgetRefusal } from "./key.js";
import { element } from "./tables.js";

const TABLES = ["table", "pairs"];

/** The frame of a panel, loading. `level` is its heading's. */
export function frame(panel, level = "h2") {
  const tabular = TABLES.includes(panel.shape);
  const body = element("div", { class: `body ${panel.shape}`, role: tabular ? "group" : "img", "aria-label": panel.title });
  const csv = element("a", { class: "csv", download: `${panel.name}.csv`, "aria-label": `${panel.title} as CSV` }, "CSV");
  const section = element(
    "section", { class: "panel", id: panel.name, "aria-labelledby": `${panel.name}-title` },
    element("header", {}, element(level, { id: `${panel.name}-title` }, panel.title), csv),
    element("p", { class: "quiet says" }, unbroken(panel.says)),
    element("p", { class: "note", role: "status" }),
    body,
  );
  if (tabular) body.tabIndex = 0; // scrolls sideways on a narrow screen, also by the keyboard
  csv.addEventListener("click", (event) => download(event, csv, section));
  return section;
}

/** Ask, and let `show(body place, answer)` draw it; it gives a sentence where there is nothing to draw. */
export async function fill(section, path, parameters, show) {
  const ticket = Symbol(path);
  section.ticket = ticket; // a later question makes this one's answer late
  section.setAttribute("aria-busy", "true");
  section.querySelector(".csv").href = address(path, { ...parameters, format: "csv" });
  try {
    const answer = await ask(path, parameters);
    if (section.ticket !== ticket) return;
    note(section, "");
    note(section, (await show(section.querySelector(".body"), answer)) ?? "", "empty");
  } catch (error) {
    if (section.ticket === ticket) refuse(section, error, () => fill(section, path, parameters, show));
  } finally {
    if (section.ticket === ticket) section.removeAttribute("aria-busy");
  }
}

function note(section, text, state = "drawn") {
  section.dataset.state = text ? state : "drawn";
  section.querySelector(".note").replaceChildren(text);
}

function refuse(section, error, again) {
  note(section, error.message, "refused");
  const button = element("button", { type: "button" }, "Try again");
  button.addEventListener("click", () => {
    forgetRefusal();
    again();
  });
  section.querySelector(".note").append(" ", button);
}

async function download(event, link, section) {
  if (!localStorage.length) return; // no key kept: the browser fetches the link by itself
  event.preventDefault();
  await save(link.href, link.download).catch((error) => note(section, error.message, "refused"));
}
