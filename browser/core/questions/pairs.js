/** Ciphertexts and proofs as they stand in every kind of answer (Belenios specification, section 4.11). */

import { fieldsOf, listOf } from "../canonical.js";
import { within } from "../refusal.js";

/** {alpha, beta, text}: the ciphertext, and how it is hashed. *read* turns a text into an element. */
export function readPair(group, read, value, where) {
  const { alpha, beta } = fieldsOf(value, ["alpha", "beta"]);
  return {
    alpha: readElement(group, read, alpha, where),
    beta: readElement(group, read, beta, where),
    text: pairText({ alpha, beta }),
  };
}

export const readElement = (group, read, text, where) => within("ballot", where, () => read(group, text));

export const readProofs = (group, proofs, count, where) =>
  listOf(proofs, count).map((proof) => readProof(group, proof, where));

export function readProof(group, proof, where) {
  const { challenge, response } = fieldsOf(proof, ["challenge", "response"]);
  return { challenge: readScalar(group, challenge, where), response: readScalar(group, response, where) };
}

export const readScalar = (group, text, where) =>
  within("ballot", where, () => group.scalar(text), { scalar: "ballot_scalar" });

export const encodePair = (group, { alpha, beta }) => ({ alpha: group.text(alpha), beta: group.text(beta) });

/** The encryption of the sum of what *pairs* encrypt. */
export const multiplyPairs = (group, pairs) => ({
  alpha: group.product(pairs.map(({ alpha }) => alpha)),
  beta: group.product(pairs.map(({ beta }) => beta)),
});

export const pairText = ({ alpha, beta }) => `${alpha},${beta}`;

export const commitmentsText = (group, made) =>
  made.map(({ A, B }) => `${group.text(A)},${group.text(B)}`).join(",");
