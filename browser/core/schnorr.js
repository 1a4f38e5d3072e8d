/** Schnorr proofs in the form all of Belenios uses: A = g^w, challenge = H(prefix A), response = w - x·challenge. */

import { fieldsOf } from "./canonical.js";
import { Refused } from "./refusal.js";

/** Proves knowledge of *x*; *prefix* must name the key and all that the proof is about. */
export function prove(group, prefix, x, randomBytes) {
  const w = group.randomScalar(randomBytes);
  const challenge = group.hashToScalar(prefix + group.text(group.powerGenerator(w)));
  return proofText({ challenge, response: group.reduce(w - x * challenge) });
}

/** Whether *proof* holds for the key of this text; refuses a text that is no key: outside the group, or the identity. */
export function holds(group, prefix, keyText, proof) {
  const parsed = parseProof(group, proof);
  const key = group.decode(keyText);
  if (group.equal(key, group.identity)) throw new Refused("outside_group");
  const [power] = group.checkedPowers(key, [parsed.challenge]);
  return hashesToChallenge(group, prefix, power, parsed);
}

/** The same for a key that is known to lie in the group, and a proof that was parsed. */
export const holdsFor = (group, prefix, key, proof) =>
  hashesToChallenge(group, prefix, group.power(key, proof.challenge), proof);

function hashesToChallenge(group, prefix, power, { challenge, response }) {
  const A = group.multiply(group.publicPowerGenerator(response), power);
  return group.hashToScalar(prefix + group.text(A)) === challenge;
}

/** Refuses scalars that are not canonical or not below q. */
export function parseProof(group, proof) {
  const { challenge, response } = fieldsOf(proof, ["challenge", "response"]);
  return { challenge: group.scalar(challenge), response: group.scalar(response) };
}

export const proofText = ({ challenge, response }) => ({
  challenge: challenge.toString(),
  response: response.toString(),
});
