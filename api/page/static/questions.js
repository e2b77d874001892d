// The five questions as cards.

import { draw, toSeries } from "./charts.js";
import { element } from "./dom.js";
import { keepPercentSigns } from "./format.js";
import { buildPanel, loadPanel } from "./panel.js";

const PRELOAD_MARGIN = "300px";

/**
 * Build a card for each question. `coloursReady` resolves when the tickers' colours are known.
 * Returns a function that redraws the drawn cards.
 */
export function buildQuestions(container, questions, coloursReady) {
  const cards = new Map(questions.map((question) => [buildCard(question), question]));
  container.append(...cards.keys());
  // A card requests its answer only when it comes near the screen: most visitors read the top of the page.
  const observer = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
      observer.unobserve(target);
      loadAnswer(target, cards.get(target), coloursReady);
    }
  }, { rootMargin: PRELOAD_MARGIN });
  for (const card of cards.keys()) observer.observe(card);
  return () => {
    for (const [card, question] of cards) if (card.dataset.state === "drawn") loadAnswer(card, question, coloursReady);
  };
}

function buildCard(question) {
  const card = buildPanel({ ...question, name: `question-${question.name}` }, "h3");
  card.querySelector(".description").before(
    element("p", { class: "question quiet" }), element("p", { class: "answer" }),
  );
  return card;
}

function loadAnswer(card, question, coloursReady) {
  return loadPanel(card, `questions/${question.name}`, {}, async (body, answer) => {
    await coloursReady;
    card.querySelector(".question").textContent = answer.question;
    card.querySelector(".answer").textContent = keepPercentSigns(answer.answer ?? `No answer: ${answer.reason}`);
    const names = [...new Set(answer.rows.map((row) => row[question.by]))];
    const series = toSeries(answer.rows, question, names);
    if (!series.length) return "Nothing to draw.";
    await draw(body, question, series, answer.meta.benchmark);
    return null;
  });
}
