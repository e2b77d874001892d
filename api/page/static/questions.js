// The five questions as cards. Each asks only when it comes near the screen.

import { draw, series } from "./draw.js";
import { unbroken } from "./format.js";
import { fill, frame } from "./panel.js";
import { element } from "./tables.js";

const NEAR = "300px";

/** Make a card of each question. `ready` resolves when the colours are known. Gives what draws the drawn ones again. */
export function build(place, questions, ready) {
  const cards = new Map(questions.map((question) => [card(question), question]));
  place.append(...cards.keys());
  const seen = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
      seen.unobserve(target);
      answer(target, cards.get(target), ready);
    }
  }, { rootMargin: NEAR });
  for (const one of cards.keys()) seen.observe(one);
  return () => {
    for (const [one, question] of cards) if (one.dataset.state === "drawn") answer(one, question, ready);
  };
}

function card(question) {
  const made = frame({ ...question, name: `question-${question.name}` }, "h3");
  made.querySelector(".says").before(
    element("p", { class: "asked quiet" }), element("p", { class: "answer" }),
  );
  return made;
}

function answer(place, question, ready) {
  return fill(place, `questions/${question.name}`, {}, async (body, found) => {
    await ready;
    place.querySelector(".asked").textContent = found.question;
    place.querySelector(".answer").textContent = unbroken(found.answer ?? `No answer: ${found.reason}`);
    const names = [...new Set(found.rows.map((row) => row[question.by]))];
    const lines = series(found.rows, question, names);
    if (!lines.length) return "Nothing to draw.";
    await draw(body, question, lines, found.meta.benchmark);
    return null;
  });
}
