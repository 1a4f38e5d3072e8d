/**
 * Ballot papers: making one and checking one completely (Belenios specification, sections 4.11 to 4.15).
 *
 * phi, S0, S, alpha, beta, A, B, r, w, m and M are the specification's symbols.
 */

import { sha256Base64, utf8 } from "./bytes.js";
import { fieldsOf, listOf, parseCompact } from "./canonical.js";
import { Refused, within } from "./refusal.js";
import { holds, parseProof, proofText, prove } from "./schnorr.js";

export const MOST_BYTES = 1_000_000;
const BALLOT_FIELDS = ["election_uuid", "election_hash", "credential", "answers", "signature"];

/** By what its owner finds a ballot paper on the board. */
export const ballotHash = sha256Base64;

/** The text of a ballot paper: *answers* holds a list of 0 and 1 for each question, a blank vote's bit first. */
export const makeBallot = (election, s, answers, randomBytes) =>
  makeBallotToOpen(election, s, answers, randomBytes).text;

/** As makeBallot, with the *nonces* that open it. A ballot paper whose nonces were shown must never be cast. */
export function makeBallotToOpen(election, s, answers, randomBytes) {
  const { group, fingerprint, uuid, questions } = election;
  listOf(answers, questions.length);
  questions.forEach((question, i) => refuseIllegal(question, answers[i]));
  const credential = group.text(group.powerGenerator(s));
  const S0 = `${fingerprint}|${credential}`;
  const sealed = answers.map((bits, i) => sealAnswer(election, S0, questions[i], bits, randomBytes));
  const unsigned = {
    election_uuid: uuid,
    election_hash: fingerprint,
    credential,
    answers: sealed.map(({ answer }) => answer),
  };
  const hash = sha256Base64(JSON.stringify(unsigned));
  const signature = { hash, proof: prove(group, `sig|${hash}|`, s, randomBytes) };
  return { text: JSON.stringify({ ...unsigned, signature }), nonces: sealed.map(({ nonces }) => nonces) };
}

/** Refuses bits that the question does not allow. */
export function refuseIllegal(question, bits) {
  const { answers, blank, min, max } = question;
  listOf(bits, answers.length + Number(blank));
  if (!bits.every((bit) => bit === 0 || bit === 1)) throw new Refused("illegal_answer");
  const isBlank = blank && bits[0] === 1;
  const chosen = sum(blank ? bits.slice(1) : bits);
  if (isBlank ? chosen !== 0 : chosen < min || chosen > max) {
    throw new Refused("illegal_answer", null, { chosen, min, max });
  }
}

function sealAnswer(election, S0, question, bits, randomBytes) {
  const { group } = election;
  const choices = bits.map((bit) => encrypt(election, bit, group.randomScalar(randomBytes)));
  const S = `${S0}|${choices.map(pairText).join(",")}`;
  const answer = {
    choices: choices.map(({ alpha, beta }) => ({ alpha, beta })),
    individual_proofs: choices.map((choice) => proveOneOf(election, S0, choice, [0, 1], randomBytes)),
    ...(question.blank
      ? proveBlankOrCounted(election, S, question, choices, randomBytes)
      : { overall_proof: proveOneOf(election, S, total(election, choices), counts(question), randomBytes) }),
  };
  return { answer, nonces: choices.map(({ r }) => r.toString()) };
}

function encrypt(election, m, r) {
  const { group } = election;
  const alpha = group.powerGenerator(r);
  const beta = group.multiply(election.powerPublicKey(r), group.powerGenerator(BigInt(m)));
  return { m, r, alpha: group.text(alpha), beta: group.text(beta) };
}

/** The encryption of the sum of what *choices* encrypt. */
function total(election, choices) {
  const r = election.group.reduce(choices.reduce((all, choice) => all + choice.r, 0n));
  return encrypt(election, sum(choices.map(({ m }) => m)), r);
}

/** Section 4.12: the choice is one of *messages*. */
function proveOneOf(election, S, choice, messages, randomBytes) {
  const branches = messages.map((M) => ({ r: choice.r, offset: choice.m - M }));
  return proveOneBranch(election, `prove|${S}|${pairText(choice)}|`, branches, randomBytes);
}

/** Section 4.13: m0 = 0 or mΣ = 0, and m0 = 1 or min ≤ mΣ ≤ max. */
function proveBlankOrCounted(election, S, question, [first, ...others], randomBytes) {
  const all = total(election, others);
  const branch = ({ r, m }, M) => ({ r, offset: m - M });
  const notBoth = [branch(first, 0), branch(all, 0)];
  const either = [branch(first, 1), ...counts(question).map((M) => branch(all, M))];
  const blankProof = proveOneBranch(election, `bproof0|${S}|`, notBoth, randomBytes);
  return { overall_proof: proveOneBranch(election, `bproof1|${S}|`, either, randomBytes), blank_proof: blankProof };
}

/**
 * Proves that some branch has offset 0, without telling which. A branch claims (alpha, beta/g^M) = (g^r, y^r);
 * its offset is m − M. As r is known, the commitments of the other branches need no power of alpha or beta.
 */
function proveOneBranch(election, prefix, branches, randomBytes) {
  const { group } = election;
  const truth = branches.findIndex(({ offset }) => offset === 0);
  const made = branches.map((branch, j) => (j === truth ? commit : simulate)(election, branch, randomBytes));
  const others = made.reduce((all, { challenge }) => all + challenge, 0n);
  const challenge = group.reduce(group.hashToScalar(prefix + commitmentsText(group, made)) - others);
  const response = group.reduce(made[truth].w - branches[truth].r * challenge);
  return made.map((branch, j) => proofText(j === truth ? { challenge, response } : branch));
}

/** The branch that is true: its challenge is what the others leave of the hash. */
function commit(election, _branch, randomBytes) {
  const w = election.group.randomScalar(randomBytes);
  return { w, challenge: 0n, A: election.group.powerGenerator(w), B: election.powerPublicKey(w) };
}

function simulate(election, { r, offset }, randomBytes) {
  const { group } = election;
  const challenge = group.randomScalar(randomBytes);
  const response = group.randomScalar(randomBytes);
  const exponent = group.reduce(response + r * challenge);
  const shift = group.powerGenerator(group.reduce(BigInt(offset) * challenge));
  const B = group.multiply(election.powerPublicKey(exponent), shift);
  return { challenge, response, A: group.powerGenerator(exponent), B };
}

/**
 * Checks a ballot paper completely and returns what it holds; refuses it by the first rule it breaks.
 * *credentials* is the map of parseCredentials, or null where the list was not fetched.
 */
export function checkBallot(election, text, credentials = null) {
  const ballot = parseBallot(election, text);
  if (credentials !== null && !credentials.has(ballot.credential)) throw new Refused("ballot_credential");
  within("ballot", null, () => checkProofs(election, ballot), { scalar: "ballot_scalar" });
  return { credential: ballot.credential, hash: ballotHash(text) };
}

function checkProofs(election, ballot) {
  const S0 = `${election.fingerprint}|${ballot.credential}`;
  checkSignature(election, ballot);
  ballot.answers.forEach((answer, i) => checkAnswer(election, S0, election.questions[i], answer));
}

/** The ballot paper as an object, of the right form and election; its proofs are not checked. */
export function parseBallot(election, text) {
  if (utf8(text).length > MOST_BYTES) throw new Refused("ballot_size");
  return within("ballot", null, () => {
    const ballot = fieldsOf(parseCompact(text), BALLOT_FIELDS);
    if (ballot.election_uuid !== election.uuid || ballot.election_hash !== election.fingerprint) {
      throw new Refused("ballot_election");
    }
    listOf(ballot.answers, election.questions.length);
    ballot.answers.forEach((answer, i) => refuseMisshapen(election.questions[i], answer));
    return ballot;
  });
}

function refuseMisshapen(question, answer) {
  const names = ["choices", "individual_proofs", "overall_proof", ...(question.blank ? ["blank_proof"] : [])];
  fieldsOf(answer, names);
  const length = question.answers.length + Number(question.blank);
  listOf(answer.choices, length).forEach((choice) => fieldsOf(choice, ["alpha", "beta"]));
  listOf(answer.individual_proofs, length).forEach((proofs) => listOf(proofs, 2));
  listOf(answer.overall_proof, counts(question).length + Number(question.blank));
  if (question.blank) listOf(answer.blank_proof, 2);
}

function checkSignature({ group }, { signature, ...unsigned }) {
  const { hash, proof } = fieldsOf(signature, ["hash", "proof"]);
  if (hash !== sha256Base64(JSON.stringify(unsigned))) throw new Refused("ballot_signature_hash");
  if (!holds(group, `sig|${hash}|`, unsigned.credential, proof)) throw new Refused("ballot_signature");
}

function checkAnswer(election, S0, question, answer) {
  const choices = answer.choices.map((choice) => decodePair(election.group, choice));
  const S = `${S0}|${answer.choices.map(pairText).join(",")}`;
  choices.forEach((choice, j) => {
    const made = commitments(election, choice, answer.individual_proofs[j], [0, 1]);
    refuseUnless(election, "individual", `prove|${S0}|${pairText(answer.choices[j])}|`, made);
  });
  if (question.blank) checkBlankOrCounted(election, S, question, answer, choices);
  else checkCounted(election, S, question, answer, choices);
}

function checkCounted(election, S, question, answer, choices) {
  const all = multiplyPairs(election.group, choices);
  const made = commitments(election, all, answer.overall_proof, counts(question));
  refuseUnless(election, "overall", `prove|${S}|${pairText(encodePair(election.group, all))}|`, made);
}

function checkBlankOrCounted(election, S, question, answer, [first, ...others]) {
  const all = multiplyPairs(election.group, others);
  const [blankBranch, ...countedBranches] = answer.overall_proof;
  refuseUnless(election, "blank", `bproof0|${S}|`, [
    ...commitments(election, first, answer.blank_proof.slice(0, 1), [0]),
    ...commitments(election, all, answer.blank_proof.slice(1), [0]),
  ]);
  refuseUnless(election, "overall", `bproof1|${S}|`, [
    ...commitments(election, first, [blankBranch], [1]),
    ...commitments(election, all, countedBranches, counts(question)),
  ]);
}

/**
 * For each proof: A = g^response · alpha^challenge and B = y^response · (beta/g^M)^challenge.
 * Refuses alpha and beta outside the group.
 */
function commitments(election, { alpha, beta }, proofs, messages) {
  const { group } = election;
  const parsed = proofs.map((proof) => parseProof(group, proof));
  const challenges = parsed.map(({ challenge }) => challenge);
  const alphas = group.checkedPowers(alpha, challenges);
  const betas = group.checkedPowers(beta, challenges);
  return parsed.map(({ challenge, response }, j) => ({
    challenge,
    A: group.multiply(group.powerGenerator(response), alphas[j]),
    B: group.product([
      election.powerPublicKey(response),
      betas[j],
      group.powerGenerator(group.reduce(-BigInt(messages[j]) * challenge)),
    ]),
  }));
}

/** The challenges must sum to the hash of the commitments. */
function refuseUnless({ group }, which, prefix, made) {
  const challenges = group.reduce(made.reduce((all, { challenge }) => all + challenge, 0n));
  if (group.hashToScalar(prefix + commitmentsText(group, made)) !== challenges)
    throw new Refused(`ballot_${which}_proof`);
}

/** What a ballot paper encrypts, by its *nonces*; refuses nonces that are not those it was made with. */
export function openBallot(election, text, nonces) {
  const { group } = election;
  const { answers } = parseBallot(election, text);
  return listOf(nonces, answers.length).map((scalars, i) =>
    listOf(scalars, answers[i].choices.length).map((scalar, j) => {
      const bit = [0, 1].find((m) => {
        const { alpha, beta } = encrypt(election, m, group.scalar(scalar));
        return alpha === answers[i].choices[j].alpha && beta === answers[i].choices[j].beta;
      });
      if (bit === undefined) throw new Refused("wrong_nonces");
      return bit;
    }),
  );
}

export const decodePair = (group, { alpha, beta }) => ({ alpha: group.decode(alpha), beta: group.decode(beta) });

export const encodePair = (group, { alpha, beta }) => ({ alpha: group.text(alpha), beta: group.text(beta) });

const multiplyPairs = (group, pairs) => ({
  alpha: group.product(pairs.map(({ alpha }) => alpha)),
  beta: group.product(pairs.map(({ beta }) => beta)),
});

const commitmentsText = (group, made) => made.map(({ A, B }) => `${group.text(A)},${group.text(B)}`).join(",");

const pairText = ({ alpha, beta }) => `${alpha},${beta}`;

/** min, …, max. */
const counts = ({ min, max }) => Array.from({ length: max - min + 1 }, (_, i) => min + i);

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
