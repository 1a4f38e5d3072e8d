/**
 * Give each answer a number from 0 to 255, a rank or a grade: {type, answers, question, extra?}. Papers are shuffled, then
 * each is decrypted by itself.
 *
 * Trap: anything can be encrypted, and everything decrypts to some numbers. Only those that encode to the very same
 * element are an answer; whatever else comes out is undecodable, and never a vote.
 */

import { fieldsOf, isWhole, listOf, textsOf } from "../canonical.js";
import { finding, Refused } from "../refusal.js";
import { proofText } from "../schnorr.js";
import { encodePair, pairText, readPair, readProof } from "./pairs.js";

function parse(given) {
  const { type, value, ...rest } = fieldsOf(given, ["type", "value", "extra"], ["extra"]);
  const { answers, question } = fieldsOf(value, ["answers", "question"]);
  textsOf([question, ...textsOf(answers)]);
  if (answers.length === 0) throw new Refused("election_question");
  return { type, answers, question, ...rest };
}

function refuseGroup({ answers }, { mostIntegers }) {
  if (mostIntegers === 0) throw new Refused("election_question_group");
  if (answers.length > mostIntegers) throw new Refused("election_question");
}

function refuseIllegal({ answers }, numbers) {
  if (!listOf(numbers, answers.length).every((number) => isWhole(number) && number < 256)) {
    throw new Refused("illegal_answer");
  }
}

function seal(election, S0, _question, numbers, randomBytes) {
  const { group } = election;
  const r = group.randomScalar(randomBytes);
  const alpha = group.powerGenerator(r);
  const beta = group.multiply(election.powerPublicKey(r), group.encode(numbers));
  const choices = encodePair(group, { alpha, beta });
  const w = group.randomScalar(randomBytes);
  const challenge = challengeOf(election, S0, pairText(choices), group.powerGenerator(w));
  const proof = proofText({ challenge, response: group.reduce(w - r * challenge) });
  return { answer: { choices, proof }, nonces: [r.toString()] };
}

const challengeOf = ({ group, publicKeyText }, S0, text, commitment) =>
  group.hashToScalar(`raweg|${S0}|${publicKeyText},${text}|${group.text(commitment)}`);

function readAnswer(group, read, _question, value, where) {
  const { choices, proof } = fieldsOf(value, ["choices", "proof"]);
  return { ciphertexts: [readPair(group, read, choices, where)], proof: readProof(group, proof, where) };
}

/** A = g^response · alpha^challenge must hash to the challenge: whoever made alpha knows r. */
function failing(election, S0, _question, { ciphertexts: [{ alpha, beta, text }], proof }, where) {
  const { group } = election;
  if (!group.contains(alpha) || !group.contains(beta)) return [finding("ballot_element", where)];
  const { challenge, response } = proof;
  const commitment = group.multiply(group.publicPowerGenerator(response), group.power(alpha, challenge));
  const isProven = challengeOf(election, S0, text, commitment) === challenge;
  return isProven ? [] : [finding("ballot_raw_proof", where)];
}

function open(election, { answers }, { ciphertexts: [{ alpha, beta }] }, nonces) {
  const { group } = election;
  const [r] = listOf(nonces, 1).map((nonce) => group.scalar(nonce));
  const encoded = group.multiply(beta, group.inverse(election.powerPublicKey(r)));
  const isOpened = group.equal(alpha, group.powerGenerator(r)) && group.holdsIntegers(encoded, answers.length);
  if (!isOpened) throw new Refused("wrong_nonces");
  return group.decodeIntegers(encoded, answers.length);
}

/** Sorted by alpha, then beta, so that their order tells nothing. */
function tally(group, _question, cast) {
  if (cast.some(({ weight }) => weight !== 1n)) throw new Refused("credential_weight", "encrypted tally");
  const keyed = cast.map(({ answer: { ciphertexts: [{ alpha, beta }] } }) => ({
    pair: { alpha, beta },
    key: [alpha, beta].map((element) => group.orderKey(group.text(element))).join(","),
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ pair }) => pair);
}

const parseResult = ({ answers }, value) =>
  listOf(value).map((row) => {
    if (!listOf(row, answers.length).every(isWhole)) throw new Refused("not_canonical");
    return row;
  });

function valueFindings(group, { answers }, stated, opened, where) {
  if (stated.length !== opened.length) return [finding("result_value", where)];
  return stated.flatMap((numbers, i) => {
    const decrypted = group.decodeIntegers(opened[i], answers.length);
    const isSame = decrypted.every((number, j) => number === numbers[j]);
    return isSame ? [] : [finding("result_value", `${where}, paper ${i + 1}`)];
  });
}

const undecodable = (group, { answers }, opened) =>
  opened.flatMap((element, i) => (group.holdsIntegers(element, answers.length) ? [] : [i]));

export const nonHomomorphic = {
  isShuffled: true,
  choices: () => 1,
  unfold: (_question, value, length) => listOf(value, length),
  fold: (_question, row) => row,
  rangeFindings: () => [],
  ...{ parse, refuseGroup, refuseIllegal, seal, readAnswer, failing, open, tally },
  ...{ parseResult, valueFindings, undecodable },
};
