// The five questions as cards: a headline, key figures, a picture, and the rest under "Details".

import { drawPatterns, drawProbability } from "./answer_pictures.js";
import { draw, toSeries } from "./charts.js";
import { byId, element } from "./dom.js";
import { keepPercentSigns } from "./format.js";
import { buildPanel, loadPanel } from "./panel.js";
import { colourIndex } from "./theme.js";
import { whenNear } from "./when_near.js";

const MAX_PICKED = 5; // tickers in a card; more are asked for in the charts
const ALL = () => true;

/**
 * Build a card for each question. `coloursReady` resolves when the tickers' colours are known; `onChange({…})` receives
 * a changed state. Returns a function that shows the cards of a state.
 */
export function buildQuestions(questions, coloursReady, onChange) {
  const cards = new Map(questions.map((question) => [buildCard(question), question]));
  byId("questions").append(...cards.keys());
  byId("asked").onchange = ({ target }) => onChange({ questions: target.value });
  let shown = null;
  let newest = 0;
  return (state) => {
    for (const input of byId("asked").querySelectorAll("input")) input.checked = input.value === state.questions;
    const asked = JSON.stringify(state.questions === "usual" ? "usual" : [state.tickers, state.benchmark]);
    if (asked === shown) return;
    shown = asked;
    newest += 1;
    const own = newest;
    for (const [card, question] of cards) whenNear(card, () => loadAnswer(card, question, state, coloursReady, () => own === newest));
  };
}

function buildCard(question) {
  const card = buildPanel({ ...question, name: `question-${question.name}` }, "h3");
  const open = element("a", { class: "open", hidden: true }, "Open in charts");
  const details = element("details", { class: "details", hidden: true }, element("summary", {}, "Details"), element("div"));
  card.querySelector(".description").before(
    element("p", { class: "question quiet" }), element("p", { class: "headline" }), element("ul", { class: "figures" }),
  );
  card.append(details, open);
  return card;
}

/** What is asked for: nothing for the usual tickers. The fourth question holds those picked against the benchmark. */
function parametersOf(question, { questions, tickers, benchmark }) {
  if (questions === "usual") return {};
  const picked = tickers.slice(0, MAX_PICKED);
  const others = picked.filter((ticker) => ticker !== benchmark);
  if (question.name === "outlook") return { a: others.join(","), b: benchmark };
  if (question.name === "diversification") return { tickers: others.join(","), benchmark };
  return { tickers: picked.join(",") };
}

function loadAnswer(card, question, state, coloursReady, isWanted = ALL) {
  const path = `questions/${question.name}`;
  const retry = () => loadAnswer(card, question, state, coloursReady, isWanted);
  return loadPanel(card, path, parametersOf(question, state), async (body, answer) => {
    await coloursReady;
    showWords(card, answer);
    return showPicture(body, question, answer);
  }, { isWanted, retry, refused: (error) => showRefusal(card, error) });
}

/** A question that cannot be asked of the tickers picked says so in its card; the others are not concerned. */
function showRefusal(card, error) {
  showWords(card, { question: "", headline: null, reason: "", key_figures: [], details: [] });
  if (!error.problem?.parameter) return false;
  card.querySelector(".note").textContent = keepPercentSigns(error.message);
  return true;
}

function showWords(card, answer) {
  const headline = answer.headline ?? (answer.reason && `No answer: ${answer.reason}`);
  card.querySelector(".question").textContent = answer.question;
  card.querySelector(".headline").textContent = keepPercentSigns(headline ?? "");
  card.querySelector(".figures").replaceChildren(...answer.key_figures.map(figure));
  const { details } = answer;
  card.querySelector(".details").hidden = !details.length;
  card.querySelector(".details div").replaceChildren(...details.map((text) => element("p", {}, keepPercentSigns(text))));
  const link = chartsLink(answer);
  card.querySelector(".open").hidden = !link;
  if (link) card.querySelector(".open").href = link;
}

function figure({ label, ticker, text }) {
  const swatch = ticker ? [element("i", { class: "swatch", "data-series": colourIndex(ticker), "data-name": ticker })] : [];
  return element("li", {}, element("b", {}, keepPercentSigns(text)), element("span", { class: "quiet" }, ...swatch, label));
}

/** The view of the page that shows what an answer is about; null without an answer. */
function chartsLink({ meta, links = [] }) {
  if (!meta) return null;
  const range = links.map((link) => new URLSearchParams(link.split("?")[1]).get("range")).findLast(Boolean);
  const tickers = meta.coverage.map((one) => one.ticker).join(",");
  const basis = meta.basis === "total" ? "&basis=total" : "";
  return `?tickers=${tickers}&range=${range ?? "3m"}&benchmark=${meta.benchmark ?? "VOO"}${basis}`;
}

async function showPicture(body, question, answer) {
  if (question.name === "outlook") {
    if (!answer.summary.length) return "There is no probability to draw.";
    drawProbability(body, answer.summary[0]);
    return null;
  }
  const names = [...new Set(answer.rows.map((row) => row[question.by]))];
  if (question.name === "patterns") {
    drawPatterns(body, answer, names);
    return null;
  }
  const lines = toSeries(answer.rows, question, names);
  if (!lines.length) return "No data for this period.";
  const { title, unit, shape, field } = question;
  await draw(body, { title, unit, shape, lines, benchmark: answer.meta.benchmark, fromZero: field === "growth" });
  return null;
}
