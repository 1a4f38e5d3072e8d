/** Questions on the screen, and the plain answers that a ballot paper locks. Built from the charter, not from the page. */

import { NoConnection } from "../_shared/http.js";
import { find, fromTemplate } from "../_shared/page.js";
import { answerInWords, leftOutInWords } from "./answers.js";
import { choices } from "./choices.js";

/** {ranks, grades}, where a question asks for either. */
let rankings = null;

/** Loads what *questions* need to be drawn. */
export async function readyFor(questions) {
  if (questions.every(({ type }) => type === undefined)) return;
  rankings = await import("./rankings.js").catch((error) => {
    throw new NoConnection(error);
  });
}

const kindOf = ({ type, extra }) => (type === undefined ? choices : extra.grades ? rankings.grades : rankings.ranks);

/**
 * The fieldsets of a charter's questions, its title not said twice. Names to rank and grade stand in *orders*, those that
 * this device drew.
 */
export function drawQuestions({ questions, title, effect }, orders) {
  const fieldsets = questions.map((question, at) => {
    const entries = at === 0 ? (effect?.candidates ?? []) : [];
    return drawQuestion(question, at, title, { order: orders[at], entries });
  });
  find("[data-questions]").replaceChildren(...fieldsets);
}

function drawQuestion(question, at, title, how) {
  const fieldset = fromTemplate("[data-question-template]").firstElementChild;
  fieldset.dataset.question = at;
  const legend = find("legend", fieldset);
  legend.textContent = question.question;
  legend.className = question.question === title ? "visually-hidden" : "large";
  const help = find(".help", fieldset);
  help.textContent = kindOf(question).help(question);
  help.hidden = help.textContent === "";
  kindOf(question).fill(find(".stack", fieldset), question, at, how);
  return fieldset;
}

/** An order of each question's answers that nobody chose: {places of the answers} by a random number each. */
export function drawOrders(questions) {
  return questions.map(({ answers }) => {
    const drawn = crypto.getRandomValues(new Uint32Array(answers.length));
    return [...answers.keys()].sort((one, other) => drawn[one] - drawn[other]);
  });
}

/** The plain answer to each question; null where one is not allowed, which the page then says. */
export function chosen(questions, form) {
  const answers = questions.map((question, at) => kindOf(question).read(question, at, form));
  questions.forEach((question, at) => complain(form, question, at, answers[at] !== null));
  const wrong = answers.indexOf(null);
  if (wrong < 0) return answers;
  find("input, button", find(`[data-question="${wrong}"]`, form)).focus();
  return null;
}

function complain(form, question, at, fine) {
  const place = find(":scope > .errorlist", find(`[data-question="${at}"]`, form));
  place.hidden = fine;
  place.textContent = fine ? "" : kindOf(question).complaint(question);
}

/** The answers read back, to be checked: the very ones that are locked. */
export function drawChosen(questions, answers) {
  const lines = questions.flatMap((question, at) => {
    const name = document.createElement("dt");
    name.textContent = question.question;
    name.className = "soft small";
    return [
      name,
      ...answerInWords(question, answers[at]).map((line) => answerLine(line, "figure")),
      ...leftOutInWords(question, answers[at]).map((line) => answerLine(line, "soft")),
    ];
  });
  find("[data-chosen]").replaceChildren(...lines);
}

function answerLine(answer, className) {
  const line = document.createElement("dd");
  line.className = className;
  line.textContent = answer;
  return line;
}
