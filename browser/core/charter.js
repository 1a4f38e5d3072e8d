/** The charter: all that a ballot promises. Its hash stands in the election's description, so φ covers it. */

import { isHex, sha256Hex } from "./bytes.js";
import { canonical, hasExactly, isObject, isWhole, parseCanonical } from "./canonical.js";
import { isDay, isMoment } from "./days.js";
import { collect, finding, Refused } from "./refusal.js";

const FIELDS = [
  "type",
  "committee",
  "ballot",
  "title",
  "text",
  "questions",
  "group",
  "rule",
  "roll",
  "opens_not_before",
  "closes_at",
  "trustees",
  "tellers",
  "chosen_by",
  "effect",
  "ledger_head",
];

const OPTIONAL = ["slips", "practice", "threshold", "mandate"]; // absent where they are not used

const METHODS = {
  STV: { type: "PreferentialVoting", fields: ["seats"] },
  Schulze: { type: "PreferentialVoting", fields: [] },
  MajorityJudgment: { type: "ScoreVoting", fields: ["grades"] },
};
const MOST_GRADES = 10;

const TERM = ["about", "measure", "bound", "unit", "numerator", "denominator"];
const MEASURE = /^[a-z][a-z_]{0,39}(\.[a-z0-9][a-z0-9-]{0,39})?$/;

const FEWEST_OFFICERS = 2; // one trustee alone could open every vote
const MOST_SLIPS = 200;

export const charterHash = (text) => sha256Hex(text);

export const descriptionOf = (title, hash) => `${title}\nopenfloor charter sha256:${hash}`;

/** The charter of a canonical text; refuses one that lacks a field or has one too many. */
export function parseCharter(text) {
  const charter = parseCanonical(text);
  const fields = isObject(charter) && [...FIELDS, ...OPTIONAL.filter((name) => name in charter)];
  if (!hasExactly(charter, fields) || charter.type !== "openfloor/charter/1" || !partsAreSound(charter)) {
    throw new Refused("charter_text");
  }
  return charter;
}

function partsAreSound(charter) {
  const { committee, questions, rule, roll, trustees, tellers } = charter;
  const { opens_not_before: opens, closes_at: closes } = charter;
  return (
    hasExactly(committee, ["id", "name", "zone"]) &&
    areAll(questions, questionIsSound) &&
    ruleIsSound(rule) &&
    rollIsSound(roll) &&
    isMoment(opens) &&
    isMoment(closes) &&
    opens < closes &&
    areAll(trustees, (trustee) => hasExactly(trustee, ["number", "public_key"]) && isWhole(trustee.number)) &&
    areAll(tellers, isWhole) &&
    (charter.threshold === undefined || isThreshold(charter.threshold, trustees.length)) &&
    (charter.slips === undefined || areAll(charter.slips, isPromise)) &&
    effectIsSound(charter) &&
    (charter.mandate === undefined || mandateIsSound(charter)) &&
    (charter.practice === undefined || (charter.practice === true && charter.effect === null && charter.mandate === undefined))
  );
}

/** What a carried count binds the committee to: something at least, due after the vote, and only of a yes or no. */
function mandateIsSound({ mandate, questions: [first], closes_at: closes }) {
  if (!hasExactly(mandate, ["terms", "action", "expires_at", "changed_by"]) || !Array.isArray(mandate.terms)) return false;
  const { terms, action, expires_at: expires } = mandate;
  return (
    first.answers.length === 2 &&
    first.max === 1 &&
    (terms.length > 0 || action !== null) &&
    terms.every(termIsSound) &&
    (action === null || (hasExactly(action, ["what", "by"]) && typeof action.what === "string" && isDue(action.by, closes))) &&
    (expires === null || isDue(expires, closes)) &&
    (action === null || expires === null || action.by < expires) &&
    ["same_rule", "ballot"].includes(mandate.changed_by)
  );
}

const isDue = (moment, closes) => isMoment(moment) && moment > closes;

const termIsSound = (term) =>
  hasExactly(term, TERM) &&
  typeof term.about === "string" &&
  MEASURE.test(term.measure) &&
  ["at_least", "at_most"].includes(term.bound) &&
  ["percent", "number"].includes(term.unit) &&
  isWhole(term.numerator) &&
  isWhole(term.denominator) &&
  term.denominator > 0;

/** Charters of version 0.1.0 have no tree: their roll is checked whole, or not at all. */
const rollIsSound = (roll) =>
  isObject(roll) &&
  hasExactly(roll, ["head", "position", "entitled", "day", ...("tree" in roll ? ["tree"] : [])]) &&
  isWhole(roll.position) &&
  (roll.tree === undefined || isHex(roll.tree, 32)) &&
  isDay(roll.day);

/** So many paper slips by that teller; *list* is the hash of their public credentials. */
const isPromise = (slips) =>
  hasExactly(slips, ["number", "count", "list"]) &&
  isWhole(slips.number) &&
  isWhole(slips.count) &&
  slips.count > 0 &&
  isHex(slips.list, 32);

/** So many of the trustees open the count; one alone could open every vote. */
const isThreshold = (threshold, size) => isWhole(threshold) && threshold >= 2 && threshold <= size;

/** A choice, or what is ranked or graded: then *extra* says, as Belenios writes it, how that is counted. */
const questionIsSound = (question) =>
  isObject(question) && "type" in question
    ? hasExactly(question, ["type", "question", "answers", "extra"]) && extraIsSound(question)
    : hasExactly(question, ["question", "answers", "min", "max", "blank"]);

function extraIsSound({ answers, extra }) {
  const method = METHODS[extra?.method];
  return (
    method !== undefined &&
    hasExactly(extra, ["type", "blank", "method", ...method.fields]) &&
    extra.type === method.type &&
    typeof extra.blank === "boolean" &&
    (extra.seats === undefined || (isWhole(extra.seats) && extra.seats > 0 && extra.seats <= answers.length)) &&
    (extra.grades === undefined || areGrades(extra.grades))
  );
}

const areGrades = (grades) =>
  Array.isArray(grades) && grades.length >= 2 && grades.length <= MOST_GRADES && grades.every((grade) => typeof grade === "string");

/** What a carried count does by itself: nothing, a role given or ended, one for whoever is elected, or a mandate changed. */
function effectIsSound({ effect, questions: [first] }) {
  if (effect === null) return true;
  if (hasExactly(effect, ["kind", "ballot", "breach"])) return effect.kind === "change_mandate" && isWhole(effect.breach);
  if (!isObject(effect) || !["organiser", "trustee", "teller"].includes(effect.role)) return false;
  if (effect.kind === "give_role_to_elected") {
    return hasExactly(effect, ["kind", "candidates", "role"]) && areCandidates(effect.candidates, first);
  }
  const isOfOne = hasExactly(effect, ["kind", "number", "role"]) && isWhole(effect.number);
  return isOfOne && ["give_role", "end_role"].includes(effect.kind);
}

/** Each answer of a question that elects by transferable votes stands for another member. */
const areCandidates = (candidates, { extra, answers }) =>
  areAll(candidates, isWhole) &&
  new Set(candidates).size === candidates.length &&
  candidates.length === answers.length &&
  extra?.method === "STV";

const areAll = (values, isSound) => Array.isArray(values) && values.length > 0 && values.every(isSound);

/** Approval and tie are null where the first question is not one of yes or no. */
function ruleIsSound(rule) {
  return (
    hasExactly(rule, ["turnout_at_least", "approval_more_than", "tie"]) &&
    hasExactly(rule.turnout_at_least, ["numerator", "denominator", "of", "counts"]) &&
    isShare(rule.turnout_at_least) &&
    (rule.approval_more_than === null ||
      (hasExactly(rule.approval_more_than, ["numerator", "denominator", "of"]) &&
        isShare(rule.approval_more_than) &&
        ["yes and no", "entitled"].includes(rule.approval_more_than.of)))
  );
}

const isShare = ({ numerator, denominator }) =>
  isWhole(numerator) && isWhole(denominator) && numerator <= denominator && denominator > 0;

/** How many paper slips there are. */
export const slipsOf = ({ slips = [] }) => slips.reduce((sum, { count }) => sum + count, 0);

/** How many may vote: the entitled of the roll, and one for each paper slip. */
export const votersOf = (charter) => charter.roll.entitled + slipsOf(charter);

/** As many trustees mix as open the count: fewer could find out together whose vote is whose. */
export const shufflesNeeded = ({ threshold, trustees }) => threshold ?? trustees.length;

/** What is wrong between the charter that is shown and the election that ballots are bound to. */
export function checkCharter(text, election) {
  const findings = [];
  const charter = collect(findings, "charter", () => parseCharter(text));
  if (charter === null) return { charter, findings };
  const expected = {
    charter_hash: election.description === descriptionOf(charter.title, charterHash(text)),
    charter_title: election.name === charter.title,
    charter_committee: election.administrator === charter.committee.name,
    charter_ballot: election.uuid === charter.ballot,
    charter_group: election.group.name === charter.group,
    charter_questions: canonical(election.questions) === canonical(charter.questions),
    charter_officers: areEnough(charter.trustees.map(({ number }) => number)) && areEnough(charter.tellers),
    charter_slips: slipsAreAllowed(charter),
  };
  findings.push(
    ...Object.keys(expected)
      .filter((check) => !expected[check])
      .map((check) => finding(check, "charter")),
  );
  return { charter, findings };
}

/** Two members at least, none of them twice. */
const areEnough = (numbers) => numbers.length >= FEWEST_OFFICERS && new Set(numbers).size === numbers.length;

/** Made by its tellers, each list once, not more than the ballot's tellers may make or the roll has entitled. */
function slipsAreAllowed(charter) {
  const { slips = [], tellers, roll } = charter;
  const isOnce = new Set(slips.map(({ list }) => list)).size === slips.length;
  return isOnce && slips.every(({ number }) => tellers.includes(number)) && slipsOf(charter) <= Math.min(MOST_SLIPS, roll.entitled);
}
