/** Questions on the screen, and the bits of a ballot paper from what was ticked. Built from the charter, not from the page. */

import { find, fromTemplate, text } from "../_shared/page.js";

const BLANK = "blank";

/** The fieldsets of *questions*; *title* is not said twice. */
export function drawQuestions(questions, title) {
  find("[data-questions]").replaceChildren(...questions.map((question, at) => drawQuestion(question, at, title)));
}

function drawQuestion(question, at, title) {
  const fieldset = fromTemplate("[data-question-template]").firstElementChild;
  const legend = find("legend", fieldset);
  legend.textContent = question.question;
  legend.className = question.question === title ? "visually-hidden" : "large";
  const help = find(".help", fieldset);
  help.textContent = howMany(question);
  help.hidden = question.max === 1 && question.min === 1;
  const choices = question.answers.map((answer, i) => drawChoice(question, at, String(i), answer));
  if (question.blank) choices.push(drawChoice(question, at, BLANK, text("blank")));
  find(".stack", fieldset).append(...choices);
  return fieldset;
}

function drawChoice(question, at, value, label) {
  const choice = fromTemplate("[data-choice-template]").firstElementChild;
  const input = find("input", choice);
  input.type = takesOne(question) ? "radio" : "checkbox";
  input.name = `question-${at}`;
  input.value = value;
  input.addEventListener("change", () => keepBlankAlone(input));
  find("span", choice).textContent = label;
  return choice;
}

/** A blank vote and an answer cannot stand together. */
function keepBlankAlone(input) {
  if (input.type !== "checkbox" || !input.checked) return;
  for (const other of input.form.elements[input.name]) {
    if (other !== input && (other.value === BLANK) !== (input.value === BLANK)) other.checked = false;
  }
}

const takesOne = ({ min, max }) => max === 1 && min === 1;

export function howMany({ min, max }) {
  if (min === 1 && max === 1) return text("chooseOne");
  return min === max ? text("chooseExactly", { max }) : text("chooseBetween", { min, max });
}

/** What was ticked, [[values of a question]]; null where a question's limits are not met, which the page then says. */
export function chosen(questions, form) {
  const values = questions.map((_question, at) => new FormData(form).getAll(`question-${at}`));
  const complaints = questions.map((question, at) => isAllowed(question, values[at]));
  [...form.querySelectorAll("fieldset")].forEach((fieldset, at) => complain(fieldset, questions[at], complaints[at]));
  const wrong = complaints.indexOf(false);
  if (wrong < 0) return values;
  form.querySelectorAll("fieldset")[wrong].querySelector("input").focus();
  return null;
}

function isAllowed({ min, max, blank }, values) {
  if (blank && values.length === 1 && values[0] === BLANK) return true;
  return !values.includes(BLANK) && values.length >= min && values.length <= max;
}

function complain(fieldset, question, fine) {
  const place = find(".errorlist", fieldset);
  place.hidden = fine;
  place.textContent = fine ? "" : howMany(question);
}

/** The bits of each question, a blank vote's first, as Belenios has them. */
export function bitsOf(questions, values) {
  return questions.map(({ answers, blank }, at) => {
    const isBlank = values[at].includes(BLANK);
    const bits = answers.map((_answer, i) => Number(!isBlank && values[at].includes(String(i))));
    return blank ? [Number(isBlank), ...bits] : bits;
  });
}

/** The choice read back, to be checked: question and answers in words. */
export function drawChosen(questions, values) {
  const lines = questions.flatMap(({ question, answers }, at) => {
    const name = document.createElement("dt");
    name.textContent = question;
    name.className = "soft small";
    return [name, ...values[at].map((value) => answerLine(value === BLANK ? text("blank") : answers[Number(value)]))];
  });
  find("[data-chosen]").replaceChildren(...lines);
}

function answerLine(answer) {
  const line = document.createElement("dd");
  line.className = "figure";
  line.textContent = answer;
  return line;
}
