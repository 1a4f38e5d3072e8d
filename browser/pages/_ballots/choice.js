/** One thing to tap or tick, and the words beside it. */

import { find, fromTemplate } from "../_shared/page.js";

/** *given* are the type, name and value of its input; *changed* is called with the input. */
export function drawChoice(given, label, changed) {
  const choice = fromTemplate("[data-choice-template]").firstElementChild;
  const input = find("input", choice);
  Object.assign(input, given);
  input.addEventListener("change", () => changed(input));
  find("span", choice).textContent = label;
  return choice;
}
