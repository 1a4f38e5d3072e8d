/**
 * What an answer claims: statements of several branches each, of which one must be true. A branch says that what it is
 * *about* encrypts M: a choice by its index, or the sum of a part by sumOf(part). The parts are disjoint lists of indexes
 * that hold every choice, so that each ciphertext is raised, and proven to lie in the group, exactly once.
 */

import { finding, Refused } from "../refusal.js";
import { commitmentsText, encodePair, multiplyPairs, pairText } from "./pairs.js";

export const sumOf = (part) => `sum ${part}`;

/** The hashed text of the sum of some choices. */
export const sumText = (group, choices) => pairText(encodePair(group, multiplyPairs(group, choices)));

/** Every choice is 0 or 1. */
export const bitStatements = (S0, choices, proofs) =>
  choices.map(({ text }, about) => ({
    check: "ballot_individual_proof",
    part: `, choice ${about + 1}`,
    prefix: `prove|${S0}|${text}|`,
    branches: [0, 1].map((M) => ({ about, M })),
    proofs: proofs[about],
  }));

/** A finding for each statement that is not proven, or one for the first choice outside the group. */
export function failingOf(election, choices, parts, statements, where) {
  const raised = raiseAll(election.group, choices, parts, statements, where);
  if (raised instanceof Refused) return [raised.finding];
  return statements
    .filter((statement, i) => !isProven(election, statement, raised[i]))
    .map(({ check, part }) => finding(check, where + part));
}

/** For each statement and branch alpha and beta to its challenge; or the refusal of a choice outside the group. */
function raiseAll(group, choices, parts, statements, where) {
  const wanted = new Map();
  const exponentsOf = (about) => wanted.get(about) ?? wanted.set(about, []).get(about);
  const places = statements.map(({ branches, proofs }) =>
    branches.map(({ about }, k) => ({ about, at: exponentsOf(about).push(proofs[k].challenge) - 1 })),
  );
  const powersOf = (side) => {
    const bases = choices.map((choice) => choice[side]);
    return new Map(parts.flatMap((part, k) => sharedPowers(group, bases, part, exponentsOf, sumOf(k), where)));
  };
  try {
    const [alpha, beta] = [powersOf("alpha"), powersOf("beta")];
    return places.map((row) =>
      row.map(({ about, at }) => ({ alpha: alpha.get(about)[at], beta: beta.get(about)[at] })),
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error;
  }
}

/** [[about, powers]] of each choice of a part, and of their sum. */
function sharedPowers(group, bases, part, exponentsOf, sum, where) {
  try {
    const own = part.map(exponentsOf);
    const shared = group.sharedPowers(
      part.map((index) => bases[index]),
      own,
      exponentsOf(sum),
    );
    return [[sum, shared.product], ...part.map((index, i) => [index, shared.own[i]])];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused("ballot_element", `${where}, choice ${part[error.data.index] + 1}`);
  }
}

/**
 * Of each branch A = g^response · alpha^challenge and B = y^response · (beta/g^M)^challenge, *raised* to it already:
 * the challenges must sum to their hash.
 */
function isProven(election, { branches, proofs, prefix }, raised) {
  const { group } = election;
  const made = branches.map(({ M }, k) => {
    const { challenge, response } = proofs[k];
    const shift = M === 0 ? group.identity : group.publicPowerGenerator(group.reduce(-BigInt(M) * challenge));
    return {
      A: group.multiply(group.publicPowerGenerator(response), raised[k].alpha),
      B: group.product([election.publicPowerPublicKey(response), raised[k].beta, shift]),
    };
  });
  const challenges = group.reduce(proofs.reduce((all, { challenge }) => all + challenge, 0n));
  return group.hashToScalar(prefix + commitmentsText(group, made)) === challenges;
}
