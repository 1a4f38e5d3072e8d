/** Calling a ballot: questions are added in place, and the exact text is shown as members will see it. */

import { find, fromTemplate, text } from "./_shared/page.js";

const NUMBERED = /^\d{1,9}[\s.,:–-]+(?=.)/; // a candidate's entry number

const form = find("[data-ballot-form]");
const list = find("[data-question-list]");

document.querySelector("[data-add-question]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const total = find('[name="questions-TOTAL_FORMS"]');
  const number = Number(total.value);
  const added = fromTemplate("[data-empty-question]");
  for (const element of added.querySelectorAll("[id],[name],[for],[aria-describedby]")) renumber(element, number);
  total.value = String(number + 1);
  list.append(added);
  list.lastElementChild.querySelector("input").focus();
});

function renumber(element, number) {
  for (const name of ["id", "name", "for", "aria-describedby"]) {
    if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replaceAll("__prefix__", number));
  }
}

/* The first question is the ballot's own, until another is typed */

const firstQuestion = list.querySelector("input[name$=-question]");
let shared = form.elements.title.value;

form.elements.title.addEventListener("input", ({ target }) => {
  if (firstQuestion.value === shared) firstQuestion.value = target.value;
  shared = target.value;
});

/* The preview follows the typing */

form.addEventListener("input", draw);

function draw() {
  const title = form.elements.title.value.trim();
  find("[data-preview]").hidden = title === "";
  find("[data-preview-title]").textContent = title;
  find("[data-preview-text]").textContent = form.elements.text.value;
  find("[data-preview-questions]").replaceChildren(...questions().flatMap(({ question, answers }) => drawQuestion(question, answers, title)));
  find("[data-preview-rule]").textContent = rule();
  find("[data-quorum]").textContent = quorum();
}

/** How many of the trustees open the count: what is typed, or more than half of them. */
function quorum() {
  const trustees = form.querySelectorAll("[name=trustees]:checked").length;
  if (trustees < 2) return "";
  const threshold = Number(form.elements.threshold.value) || Math.floor(trustees / 2) + 1;
  const spare = trustees - threshold;
  if (spare < 0 || threshold < 2) return "";
  const name = spare === 0 ? "quorumAll" : spare === 1 ? "quorumOneSpare" : "quorumSpare";
  return text(name, { trustees, threshold, spare });
}

const questions = () =>
  [...list.querySelectorAll("[data-question-form]")].map((part) => ({
    kind: part.dataset.questionForm,
    question: part.querySelector("input[name$=-question]").value.trim(),
    answers: answersOf(part),
  }));

function answersOf(part) {
  const lines = linesOf(part.querySelector("textarea").value);
  return part.dataset.questionForm === "elect" ? lines.map((line) => line.replace(NUMBERED, "")) : lines;
}

const linesOf = (value) => value.split("\n").map((line) => line.trim()).filter(Boolean);

function drawQuestion(question, answers, title) {
  const heading = document.createElement("p");
  heading.textContent = question;
  heading.hidden = question === title;
  const choices = document.createElement("ul");
  choices.append(...answers.map(answerLine));
  return [heading, choices];
}

function answerLine(answer) {
  const line = document.createElement("li");
  line.textContent = answer;
  return line;
}

function rule() {
  const share = (name) => ({ some: form.elements[`${name}_numerator`].value, all: form.elements[`${name}_denominator`].value });
  const [first] = questions();
  const decides = first?.kind === "choice" && first.answers.length === 2;
  const approval = form.elements.approval_of.value === "entitled" ? "previewApprovalOfAll" : "previewApproval";
  return `${text("previewTurnout", share("turnout"))} ${decides ? text(approval, share("approval")) : text("previewCount")}`;
}

draw();
