/** Encrypting bits, and proving that one of several things is true of them (sections 4.11 to 4.13). */

import { Refused } from "../refusal.js";
import { proofText } from "../schnorr.js";
import { commitmentsText, pairText } from "./pairs.js";

/** {m, r, alpha, beta}: the bit or sum m under the randomness r; alpha and beta as texts. */
export function encrypt(election, m, r) {
  const { group } = election;
  const alpha = group.powerGenerator(r);
  const beta = group.multiply(election.powerPublicKey(r), group.powerGenerator(BigInt(m)));
  return { m, r, alpha: group.text(alpha), beta: group.text(beta) };
}

export const encryptBits = (election, bits, randomBytes) =>
  bits.map((bit) => encrypt(election, bit, election.group.randomScalar(randomBytes)));

/** The encryption of the sum of what *choices* encrypt. */
export function total(election, choices) {
  const r = election.group.reduce(choices.reduce((all, choice) => all + choice.r, 0n));
  return encrypt(election, sum(choices.map(({ m }) => m)), r);
}

/** S: S0 and the ciphertexts. */
export const bindingOf = (S0, choices) => `${S0}|${choices.map(pairText).join(",")}`;

/** Section 4.12: the choice is one of *messages*. */
export function proveOneOf(election, S, choice, messages, randomBytes) {
  const branches = messages.map((M) => branchOf(choice, M));
  return proveOneBranch(election, `prove|${S}|${pairText(choice)}|`, branches, randomBytes);
}

/** The claim that a choice made here encrypts M: its offset is m − M. */
export const branchOf = ({ r, m }, M) => ({ r, offset: m - M });

/**
 * Proves that some branch has offset 0, without telling which. A branch claims (alpha, beta/g^M) = (g^r, y^r).
 * As r is known, the commitments of the other branches need no power of alpha or beta.
 */
export function proveOneBranch(election, prefix, branches, randomBytes) {
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

/** The bits of *choices*, which were read, by their *nonces*; refuses nonces they were not made with. */
export const openBits = (election, choices, nonces) =>
  choices.map(({ text }, j) => {
    const r = election.group.scalar(nonces[j]);
    const bit = [0, 1].find((m) => pairText(encrypt(election, m, r)) === text);
    if (bit === undefined) throw new Refused("wrong_nonces");
    return bit;
  });

export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
