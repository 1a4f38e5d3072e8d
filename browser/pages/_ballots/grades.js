/** Grading: one grade for each answer, in words, the best first. */

import { find, fromTemplate, text } from "../_shared/page.js";
import { drawBlank, isBlank, takeBlankBack } from "./blank.js";
import { drawChoice } from "./choice.js";

export const grades = {
  help: () => [text("gradeEach"), text("drawnOrder")].join(" "),

  fill(place, question, at, { order }) {
    const graded = order.map((i) => drawAnswer(place, question, at, i));
    place.append(...graded);
    if (question.extra.blank) place.append(drawBlank(at, () => ungrade(graded)));
  },

  /** A grade for each answer, 1 the best; all zeros is blank. Null where one is missing. */
  read({ answers, extra }, at, form) {
    if (extra.blank && isBlank(at, form)) return answers.map(() => 0);
    const values = new FormData(form);
    const given = answers.map((_answer, i) => Number(values.get(nameOf(at, i))));
    return given.every((grade) => grade > 0) ? given : null;
  },

  complaint: ({ extra }) => text(extra.blank ? "gradeOrBlank" : "gradeEach"),
};

const nameOf = (at, i) => `question-${at}-${i}`;

function drawAnswer(place, { answers, extra }, at, i) {
  const answer = fromTemplate("[data-grades-template]").firstElementChild;
  find("legend", answer).textContent = answers[i];
  const choices = extra.grades.map((grade, g) => {
    const given = { type: "radio", name: nameOf(at, i), value: String(g + 1) };
    return drawChoice(given, grade, () => takeBlankBack(place.closest("[data-question]")));
  });
  find(".grades", answer).append(...choices);
  return answer;
}

function ungrade(graded) {
  for (const input of graded.flatMap((answer) => [...answer.querySelectorAll("input")])) input.checked = false;
}
