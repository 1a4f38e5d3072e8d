/** Choosing from answers: one to tap, or several to tick. */

import { text } from "../_shared/page.js";
import { drawChoice } from "./choice.js";

const BLANK = "blank";

export const choices = {
  help: (question) => (takesOne(question) ? "" : howMany(question)),

  fill(place, question, at) {
    const drawn = question.answers.map((answer, i) => drawOne(question, at, String(i), answer));
    if (question.blank) drawn.push(drawOne(question, at, BLANK, text("blank")));
    place.append(...drawn);
  },

  /** The bits of what was ticked, a blank vote's first; null where the question's limits are not met. */
  read({ answers, ...question }, at, form) {
    const values = new FormData(form).getAll(`question-${at}`);
    if (!isAllowed(question, values)) return null;
    const isBlank = values.includes(BLANK);
    const bits = answers.map((_answer, i) => Number(!isBlank && values.includes(String(i))));
    return question.blank ? [Number(isBlank), ...bits] : bits;
  },

  complaint: howMany,
};

function drawOne(question, at, value, label) {
  const type = takesOne(question) ? "radio" : "checkbox";
  return drawChoice({ type, name: `question-${at}`, value }, label, keepBlankAlone);
}

/** A blank vote and an answer cannot stand together. */
function keepBlankAlone(input) {
  if (input.type !== "checkbox" || !input.checked) return;
  for (const other of input.form.elements[input.name]) {
    if (other !== input && (other.value === BLANK) !== (input.value === BLANK)) other.checked = false;
  }
}

const takesOne = ({ min, max }) => max === 1 && min === 1;

function howMany({ min, max }) {
  if (min === 1 && max === 1) return text("chooseOne");
  return min === max ? text("chooseExactly", { max }) : text("chooseBetween", { min, max });
}

function isAllowed({ min, max, blank }, values) {
  if (blank && values.length === 1 && values[0] === BLANK) return true;
  return !values.includes(BLANK) && values.length >= min && values.length <= max;
}
