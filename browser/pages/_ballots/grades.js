/** Grading: one grade for each answer, in words, the best first. */

import { find, fromTemplate, text } from "../_shared/page.js";
import { drawBlank, isBlank, takeBlankBack } from "./blank.js";

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
  find(".grades", answer).append(
    ...extra.grades.map((grade, g) => {
      const choice = fromTemplate("[data-choice-template]").firstElementChild;
      const input = find("input", choice);
      Object.assign(input, { type: "radio", name: nameOf(at, i), value: String(g + 1) });
      input.addEventListener("change", () => takeBlankBack(place.closest("[data-question]")));
      find("span", choice).textContent = grade;
      return choice;
    }),
  );
  return answer;
}

function ungrade(graded) {
  for (const input of graded.flatMap((answer) => [...answer.querySelectorAll("input")])) input.checked = false;
}
