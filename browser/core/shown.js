/** What a page shows of a board, held against the board itself. For boards that hold: what is broken is told by verify.js. */

import { kindOf } from "./questions.js";
import { finding } from "./refusal.js";

/**
 * Findings where a page shows something else than the record that its server handed out.
 * *shown* is {uuid, title, head, voters, entitled, questions, readings}, as a person reads them: of *head* and *voters*
 * null where the page shows none; *questions* a list of {question, answers}, and *readings* of tables of counts, in the
 * order of the page: a blank vote's last. Both are of what is added up: ranks and grades are counted by other programs.
 */
export function shownFindings(board, result, shown) {
  const { election, credentials } = board.setup;
  const event = board.archive.events.find(({ hash }) => hash === shown.head);
  const report = (check, differs, data) => (differs ? [finding(check, "page", data)] : []);
  const voters = event && votersUpTo(board, event.height);
  return [
    ...report("page_ballot", shown.uuid !== election.uuid),
    ...report("page_title", squeezed(shown.title) !== squeezed(election.name)),
    ...report("page_head", shown.head !== null && event === undefined),
    ...report("page_voters", shown.voters !== null && event !== undefined && shown.voters !== voters, { counted: voters }),
    ...report("page_entitled", shown.entitled !== credentials.weights.size, { counted: credentials.weights.size }),
    ...(shown.readings.length === 0 ? [] : countFindings(election, result, shown, report)),
  ];
}

function countFindings({ questions }, result, shown, report) {
  if (result === null) return report("page_result", true);
  const [asked, counts] = [questions, result].map((rows) => rows.filter((_row, i) => !kindOf(questions[i]).isShuffled));
  const isAsked = ({ question, answers }, i) =>
    squeezed(shown.questions[i]?.question) === squeezed(question) &&
    answers.every((answer, j) => squeezed(shown.questions[i].answers[j]) === squeezed(answer));
  const expected = asked.map((question, i) => inOrderOfPage(question, counts[i]).join());
  return [
    ...report("page_questions", shown.questions.length !== asked.length || !asked.every(isAsked)),
    ...report("page_counts", !shown.readings.every((rows) => rows.map((row) => row.join()).join("|") === expected.join("|"))),
  ];
}

/** The archive has a blank vote's count first. */
export const inOrderOfPage = ({ blank }, counts) => (blank ? [...counts.slice(1), counts[0]] : counts);

const votersUpTo = ({ papers }, height) =>
  new Set(papers.filter((paper) => paper.height <= height).map(({ text }) => JSON.parse(text).credential)).size;

/** As a browser shows a text: any space is one space. */
const squeezed = (text = "") => text.replace(/\s+/g, " ").trim();
