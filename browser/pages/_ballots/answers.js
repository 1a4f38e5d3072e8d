/** A plain answer in words, of whatever kind: what is read back before it is cast, and what an opened paper holds. */

import { text } from "../_shared/page.js";

/** The lines of *answer* to *question*, in the question's own words. */
export function answerInWords(question, answer) {
  if (question.type === undefined) return choiceInWords(question, answer);
  if (answer.every((number) => number === 0)) return [text("blank")];
  return question.extra?.grades ? gradesInWords(question, answer) : ranksInWords(question, answer);
}

/** A blank vote's bit comes first. */
function choiceInWords({ answers, blank }, bits) {
  const names = blank ? [text("blank"), ...answers] : answers;
  const chosen = names.filter((_name, i) => bits[i] === 1);
  return chosen.length > 0 ? chosen : [text("nothing")];
}

function ranksInWords({ answers }, ranks) {
  const ranked = [...answers.keys()].filter((i) => ranks[i] > 0).sort((one, other) => ranks[one] - ranks[other]);
  return ranked.map((i) => text("ranked", { rank: ranks[i], name: answers[i] }));
}

/** Whom a ranking leaves out, in a line; nothing where it leaves out nobody, or is none. */
export function leftOutInWords({ answers, extra }, answer) {
  const others = answers.filter((_name, i) => answer[i] === 0);
  const isRanking = extra?.method !== undefined && extra.grades === undefined;
  const isPart = isRanking && others.length > 0 && others.length < answers.length;
  return isPart ? [text("notRanked", { names: others.join(" · ") })] : [];
}

const gradesInWords = ({ answers, extra }, grades) =>
  answers.map((name, i) => text("graded", { name, grade: extra.grades[grades[i] - 1] ?? grades[i] }));
