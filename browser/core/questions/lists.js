/**
 * Choose one list and at least one of its candidates: {type, answers, question, extra?}, where each of the answers is a
 * list's name and its candidates. An answer has a row of bits for each list, the list's own first.
 * Source: the Belenios specification of version 3.3, sections 4.9.3, 4.11.3, 4.14 and 4.15.
 */

import { fieldsOf, listOf, textsOf } from "../canonical.js";
import { finding, Refused } from "../refusal.js";
import { addedUp } from "./added-up.js";
import { multiplyPairs, readElement, readPair, readProof, readProofs, readScalar } from "./pairs.js";
import { bindingOf, branchOf, encryptBits, openBits, proveOneBranch, proveOneOf, sum, total } from "./sealing.js";
import { bitStatements, failingOf, sumOf, sumText } from "./statements.js";

const ANSWER_FIELDS = ["choices", "individual_proofs", "overall_proof", "list_proofs", "nonzero_proof"];

function parse(given) {
  const { type, value, ...rest } = fieldsOf(given, ["type", "value", "extra"], ["extra"]);
  const { answers, question } = fieldsOf(value, ["answers", "question"]);
  textsOf([question, ...listOf(answers).flatMap((row) => textsOf(row))]);
  if (answers.length === 0 || answers.some((row) => row.length < 2)) throw new Refused("election_question");
  return { type, answers, question, ...rest };
}

const choices = ({ answers }) => sum(answers.map((row) => row.length));

const unfold = ({ answers }, value) =>
  listOf(value, answers.length).flatMap((row, i) => listOf(row, answers[i].length));

const fold = (question, row) => rowsOf(question).map((places) => places.map((place) => row[place]));

/** The places of each list's choices in the row, its own first. */
function rowsOf({ answers }) {
  let next = 0;
  return answers.map((row) => row.map(() => next++));
}

/** The lists' own choices, then the candidates of each list. */
function partsOf(question) {
  const rows = rowsOf(question);
  return [rows.map(([own]) => own), ...rows.map(([, ...candidates]) => candidates)];
}

function refuseIllegal(question, answer) {
  const bits = unfold(question, answer);
  const rows = answer.map(([isChosen, ...candidates]) => ({ isChosen, some: candidates.includes(1) }));
  const isLegal =
    bits.every((bit) => bit === 0 || bit === 1) &&
    rows.filter(({ isChosen }) => isChosen === 1).length === 1 &&
    rows.every(({ isChosen, some }) => some === (isChosen === 1));
  if (!isLegal) throw new Refused("illegal_answer");
}

function seal(election, S0, question, answer, randomBytes) {
  const made = encryptBits(election, unfold(question, answer), randomBytes);
  const S = bindingOf(S0, made);
  const individual = made.map((choice) => proveOneOf(election, S0, choice, [0, 1], randomBytes));
  const [own, ...candidates] = partsOf(question).map((part) => part.map((place) => made[place]));
  const [overall] = proveOneOf(election, S, total(election, own), [1], randomBytes);
  const ofLists = own.map((list, i) => {
    const branches = [branchOf(list, 1), branchOf(total(election, candidates[i]), 0)];
    return proveOneBranch(election, `lproof|${S}|`, branches, randomBytes);
  });
  const sealed = {
    choices: fold(
      question,
      made.map(({ alpha, beta }) => ({ alpha, beta })),
    ),
    individual_proofs: fold(question, individual),
    overall_proof: overall,
    list_proofs: ofLists,
    nonzero_proof: proveNonzero(election, S, total(election, candidates.flat()), randomBytes),
  };
  return {
    answer: sealed,
    nonces: fold(
      question,
      made.map(({ r }) => r.toString()),
    ),
  };
}

/**
 * Section 4.15 of version 3.3: (alpha, beta) encrypts m ≠ 0. As m and r are known here, beta is y^r·g^m: no power of it
 * is needed. s, w1, w2, A0, A1, A2, t1 and t2 are the section's.
 */
function proveNonzero(election, S, { m, r }, randomBytes) {
  const { group } = election;
  const s = group.randomScalar(randomBytes) || 1n;
  const [w1, w2] = [group.randomScalar(randomBytes), group.randomScalar(randomBytes)];
  const [power, reduce] = [(exponent) => group.powerGenerator(group.reduce(exponent)), (value) => group.reduce(value)];
  const A0 = power(BigInt(m) * s);
  const A1 = power(r * w1 + w2);
  const A2 = group.multiply(power(BigInt(m) * w1), election.powerPublicKey(reduce(r * w1 + w2)));
  const challenge = group.hashToScalar(nonzeroText(group, S, A0, A1, A2));
  return {
    commitment: group.text(A0),
    challenge: challenge.toString(),
    response: [reduce(w1 - s * challenge), reduce(w2 + s * r * challenge)].map(String),
  };
}

const nonzeroText = (group, S, ...commitments) =>
  `nonzero|${S}|${commitments.map((element) => group.text(element)).join(",")}`;

function readAnswer(group, read, question, value, where) {
  const fields = fieldsOf(value, ANSWER_FIELDS);
  return {
    ciphertexts: unfold(question, fields.choices).map((pair, j) =>
      readPair(group, read, pair, `${where}, choice ${j + 1}`),
    ),
    individualProofs: unfold(question, fields.individual_proofs).map((proofs) => readProofs(group, proofs, 2, where)),
    overallProof: readProof(group, fields.overall_proof, where),
    listProofs: listOf(fields.list_proofs, question.answers.length).map((proofs) =>
      readProofs(group, proofs, 2, where),
    ),
    nonzeroProof: readNonzero(group, fields.nonzero_proof, where),
  };
}

function readNonzero(group, value, where) {
  const { commitment, challenge, response } = fieldsOf(value, ["commitment", "challenge", "response"]);
  const A0 = readElement(group, () => group.element(commitment), commitment, where);
  const [t1, t2] = listOf(response, 2).map((t) => readScalar(group, t, where));
  return { A0, challenge: readScalar(group, challenge, where), t1, t2 };
}

function failing(election, S0, question, answer, where) {
  const { ciphertexts, nonzeroProof } = answer;
  const S = `${S0}|${ciphertexts.map(({ text }) => text).join(",")}`;
  const parts = partsOf(question);
  const statements = statementsOf(election.group, S0, S, answer, parts);
  const findings = failingOf(election, ciphertexts, parts, statements, where);
  if (findings.some(({ check }) => check === "ballot_element")) return findings;
  const candidates = parts.slice(1).flatMap((part) => part.map((place) => ciphertexts[place]));
  const isNonzero = holdsNonzero(election, S, multiplyPairs(election.group, candidates), nonzeroProof);
  return isNonzero ? findings : [...findings, finding("ballot_nonzero_proof", where)];
}

/** One list is chosen, and each is chosen or none of its candidates. */
function statementsOf(group, S0, S, { ciphertexts, individualProofs, overallProof, listProofs }, [own]) {
  const lists = own.map((place) => ciphertexts[place]);
  const ofLists = `lproof|${S}|`;
  return [
    ...bitStatements(S0, ciphertexts, individualProofs),
    {
      check: "ballot_overall_proof",
      part: "",
      prefix: `prove|${S}|${sumText(group, lists)}|`,
      branches: [{ about: sumOf(0), M: 1 }],
      proofs: [overallProof],
    },
    ...own.map((place, i) => ({
      check: "ballot_list_proof",
      part: `, list ${i + 1}`,
      prefix: ofLists,
      branches: [
        { about: place, M: 1 },
        { about: sumOf(1 + i), M: 0 },
      ],
      proofs: listProofs[i],
    })),
  ];
}

function holdsNonzero(election, S, { alpha, beta }, { A0, challenge, t1, t2 }) {
  const { group } = election;
  const A1 = group.multiply(group.power(alpha, t1), group.publicPowerGenerator(t2));
  const A2 = group.product([group.power(beta, t1), election.publicPowerPublicKey(t2), group.power(A0, challenge)]);
  const isZero = group.equal(A0, group.identity);
  return !isZero && group.hashToScalar(nonzeroText(group, S, A0, A1, A2)) === challenge;
}

const open = (election, question, { ciphertexts }, nonces) =>
  fold(question, openBits(election, ciphertexts, unfold(question, nonces)));

/** Everybody chose one list, and of its candidates one at least and each at most once. */
function isPossible(question, counts, totalWeight) {
  const rows = fold(question, counts);
  const add = (numbers) => numbers.reduce((a, b) => a + b, 0n);
  const fits = ([votes, ...candidates]) =>
    candidates.every((count) => count <= votes) && votes <= add(candidates);
  return add(rows.map(([votes]) => votes)) === totalWeight && rows.every(fits);
}

const shape = { choices, unfold, fold, isPossible };

export const lists = { ...addedUp(shape), ...shape, parse, refuseIllegal, seal, readAnswer, failing, open };
