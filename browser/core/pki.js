/**
 * Keys with which the trustees of a threshold sign to one another (section 4.6.1).
 *
 * The trap: signing and decryption key follow from the seed, so whoever has a trustee's seed has the share.
 */

import { bigEndian } from "./bytes.js";
import { fieldsOf, textsOf } from "./canonical.js";
import { Refused } from "./refusal.js";
import { parseProof, prove } from "./schnorr.js";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const SEED_LENGTH = 22;
const SEED_BYTES = 25; // 64 bits more than there are seeds: the bias is below 2^-64

/** A trustee's one secret: 22 characters of Base58, 128 bits. */
export function newSeed(randomBytes) {
  let rest = bigEndian(randomBytes(SEED_BYTES));
  return Array.from({ length: SEED_LENGTH }, () => {
    const character = BASE58[Number(rest % 58n)];
    rest /= 58n;
    return character;
  }).join("");
}

/** The seed that was typed or saved, spaces aside. */
export function parseSeed(typed) {
  const seed = typed.replace(/\s/g, "");
  const isSeed = seed.length === SEED_LENGTH && [...seed].every((character) => BASE58.includes(character));
  if (!isSeed) throw new Refused("seed");
  return seed;
}

export const signingKey = (group, seed) => group.hashToScalar(`sk|${seed}`);
export const decryptionKey = (group, seed) => group.hashToScalar(`dk|${seed}`);

/** The signature {challenge, response} of a text. */
export const sign = (group, sk, message, randomBytes) => prove(group, prefix(message), sk, randomBytes);

/** Whether *signature* of a text was made with the secret of *verification*, an element that was checked. */
export function isSigned(group, verification, message, signature) {
  const { challenge, response } = parseProof(group, signature);
  const A = group.multiply(group.powerGenerator(response), group.power(verification, challenge));
  return group.hashToScalar(prefix(message) + group.text(A)) === challenge;
}

export const signedMessage = (group, sk, message, randomBytes) => ({
  message,
  signature: sign(group, sk, message, randomBytes),
});

/** {message, signature} of a signed message, whose signature is still to be checked. */
export function parseSigned(group, value) {
  const { message, signature } = fieldsOf(value, ["message", "signature"]);
  textsOf([message]);
  parseProof(group, signature);
  return { message, signature };
}

const prefix = (message) => `sigmsg|${message}|`;
