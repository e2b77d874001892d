// What went wrong, said once at the top of the page, however many panels it concerns.

import { resetDeclined } from "./api_key.js";
import { byId, element } from "./dom.js";

const messages = new Set();

/** Forget all problems: another question is asked. */
export function clearProblems() {
  messages.clear();
  show(null);
}

/** Show a message once. `retry` is offered as a button where asking again may help. */
export function reportProblem(message, retry = null) {
  if (messages.has(message)) return;
  messages.add(message);
  show(retry);
}

function show(retry) {
  const box = byId("problems");
  const offered = retry ?? (messages.size ? box.retry : null);
  box.retry = offered;
  box.hidden = messages.size === 0;
  const lines = [...messages].map((message) => element("p", {}, message));
  if (!offered) {
    box.replaceChildren(...lines);
    return;
  }
  const button = element("button", { type: "button" }, "Try again");
  button.addEventListener("click", () => {
    resetDeclined();
    offered();
  });
  box.replaceChildren(...lines, button);
}
