/** A blank vote where answers are ranked or graded: it cannot stand beside any of them. */

import { find, fromTemplate, text } from "../_shared/page.js";

const nameOf = (at) => `question-${at}-blank`;

/** The box to tick; *clear* takes back what was ranked or graded. */
export function drawBlank(at, clear) {
  const choice = fromTemplate("[data-choice-template]").firstElementChild;
  const input = find("input", choice);
  Object.assign(input, { type: "checkbox", name: nameOf(at), value: "blank" });
  input.dataset.blank = "";
  input.addEventListener("change", () => input.checked && clear());
  find("span", choice).textContent = text("blank");
  return choice;
}

export const isBlank = (at, form) => new FormData(form).has(nameOf(at));

/** Whoever ranks or grades after all does not vote blank. */
export function takeBlankBack(question) {
  const input = question.querySelector("[data-blank]");
  if (input) input.checked = false;
}
