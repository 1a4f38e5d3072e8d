/** Choose from *min* to *max* of the answers, or blank where that is allowed: {answers, blank, min, max, question}. */

import { fieldsOf, isWhole, listOf, textsOf } from "../canonical.js";
import { Refused } from "../refusal.js";
import { addedUp } from "./added-up.js";
import { readPair, readProofs } from "./pairs.js";
import { bindingOf, branchOf, encryptBits, openBits, proveOneBranch, proveOneOf, sum, total } from "./sealing.js";
import { bitStatements, failingOf, sumOf, sumText } from "./statements.js";

const QUESTION_FIELDS = ["answers", "blank", "min", "max", "question"];

function parse(value) {
  const { answers, blank = false, min, max, question } = fieldsOf(value, QUESTION_FIELDS, ["blank"]);
  textsOf([question, ...textsOf(answers)]);
  if (typeof blank !== "boolean" || !isWhole(min) || !isWhole(max)) throw new Refused("not_canonical");
  if (answers.length === 0 || min > max || max > answers.length) throw new Refused("election_question");
  return { answers, blank, min, max, question };
}

/** The blank choice leads. */
const choices = ({ answers, blank }) => answers.length + Number(blank);

const unfold = (question, value) => listOf(value, choices(question));

/** Refuses bits that the question does not allow. */
function refuseIllegal(question, bits) {
  const { blank, min, max } = question;
  unfold(question, bits);
  if (!bits.every((bit) => bit === 0 || bit === 1)) throw new Refused("illegal_answer");
  const isBlank = blank && bits[0] === 1;
  const chosen = sum(blank ? bits.slice(1) : bits);
  if (isBlank ? chosen !== 0 : chosen < min || chosen > max) {
    throw new Refused("illegal_answer", null, { chosen, min, max });
  }
}

function seal(election, S0, question, bits, randomBytes) {
  const made = encryptBits(election, bits, randomBytes);
  const S = bindingOf(S0, made);
  const answer = {
    choices: made.map(({ alpha, beta }) => ({ alpha, beta })),
    individual_proofs: made.map((choice) => proveOneOf(election, S0, choice, [0, 1], randomBytes)),
    ...(question.blank
      ? proveBlankOrCounted(election, S, question, made, randomBytes)
      : { overall_proof: proveOneOf(election, S, total(election, made), allowed(question), randomBytes) }),
  };
  return { answer, nonces: made.map(({ r }) => r.toString()) };
}

/** Section 4.13: m0 = 0 or mΣ = 0, and m0 = 1 or min ≤ mΣ ≤ max. */
function proveBlankOrCounted(election, S, question, [first, ...others], randomBytes) {
  const all = total(election, others);
  const notBoth = [branchOf(first, 0), branchOf(all, 0)];
  const either = [branchOf(first, 1), ...allowed(question).map((M) => branchOf(all, M))];
  const blankProof = proveOneBranch(election, `bproof0|${S}|`, notBoth, randomBytes);
  return { overall_proof: proveOneBranch(election, `bproof1|${S}|`, either, randomBytes), blank_proof: blankProof };
}

function readAnswer(group, read, question, value, where) {
  const { blank } = question;
  const names = ["choices", "individual_proofs", "overall_proof", ...(blank ? ["blank_proof"] : [])];
  const { choices: pairs, individual_proofs, overall_proof, blank_proof = [] } = fieldsOf(value, names);
  return {
    ciphertexts: unfold(question, pairs).map((pair, j) => readPair(group, read, pair, `${where}, choice ${j + 1}`)),
    individualProofs: unfold(question, individual_proofs).map((proofs) => readProofs(group, proofs, 2, where)),
    overallProof: readProofs(group, overall_proof, allowed(question).length + Number(blank), where),
    blankProof: readProofs(group, blank_proof, blank ? 2 : 0, where),
  };
}

function failing(election, S0, question, answer, where) {
  const { ciphertexts } = answer;
  const others = [...ciphertexts.keys()].slice(Number(question.blank));
  const parts = question.blank ? [[0], others] : [others];
  const all = sumOf(parts.length - 1);
  return failingOf(election, ciphertexts, parts, statementsOf(election.group, S0, question, answer, all), where);
}

function statementsOf(group, S0, question, { ciphertexts, individualProofs, overallProof, blankProof }, all) {
  const S = `${S0}|${ciphertexts.map(({ text }) => text).join(",")}`;
  const individual = bitStatements(S0, ciphertexts, individualProofs);
  const counted = allowed(question).map((M) => ({ about: all, M }));
  const overall = { check: "ballot_overall_proof", part: "", proofs: overallProof };
  if (!question.blank) {
    return [...individual, { ...overall, prefix: `prove|${S}|${sumText(group, ciphertexts)}|`, branches: counted }];
  }
  const blank = { check: "ballot_blank_proof", part: "", proofs: blankProof };
  const notBoth = [0, all].map((about) => ({ about, M: 0 }));
  return [
    ...individual,
    { ...blank, prefix: `bproof0|${S}|`, branches: notBoth },
    { ...overall, prefix: `bproof1|${S}|`, branches: [{ about: 0, M: 1 }, ...counted] },
  ];
}

const open = (election, question, { ciphertexts }, nonces) =>
  openBits(election, ciphertexts, unfold(question, nonces));

/** A blank vote is in the first count. */
function isPossible({ blank, min, max }, counts, totalWeight) {
  const answered = blank ? totalWeight - counts[0] : totalWeight;
  const chosen = blank ? counts.slice(1) : counts;
  const all = chosen.reduce((a, b) => a + b, 0n);
  const isWithin = BigInt(min) * answered <= all && all <= BigInt(max) * answered;
  return answered >= 0n && isWithin && chosen.every((count) => count <= answered);
}

/** min, …, max. */
const allowed = ({ min, max }) => Array.from({ length: max - min + 1 }, (_, i) => min + i);

const shape = { choices, unfold, fold: (_question, row) => row, isPossible };

export const homomorphic = { ...addedUp(shape), ...shape, parse, refuseIllegal, seal, readAnswer, failing, open };
