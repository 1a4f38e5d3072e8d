/** A blank vote where answers are ranked or graded: it cannot stand beside any of them. */

import { find, text } from "../_shared/page.js";
import { drawChoice } from "./choice.js";

const nameOf = (at) => `question-${at}-blank`;

/** The box to tick; *clear* takes back what was ranked or graded. */
export function drawBlank(at, clear) {
  const given = { type: "checkbox", name: nameOf(at), value: "blank" };
  const choice = drawChoice(given, text("blank"), (input) => input.checked && clear());
  find("input", choice).dataset.blank = "";
  return choice;
}

export const isBlank = (at, form) => new FormData(form).has(nameOf(at));

/** Whoever ranks or grades after all does not vote blank. */
export function takeBlankBack(question) {
  const input = question.querySelector("[data-blank]");
  if (input) input.checked = false;
}
