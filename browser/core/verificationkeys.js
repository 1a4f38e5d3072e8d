/** A trustee's public key with the proof that its private key is known (section 4.5). */

import { compact, fieldsOf, textsOf } from "./canonical.js";
import { Refused, within } from "./refusal.js";
import { holds, parseProof, prove } from "./schnorr.js";

/** {pok, public_key} for the secret *x*. */
export function composeKey(group, x, randomBytes) {
  const X = group.text(group.powerGenerator(x));
  return { pok: prove(group, prefix(group, X), x, randomBytes), public_key: X };
}

/** {keyText, signature} of a key whose proof holds. Only a threshold trustee's is *signed*; by whom, others check. */
export const checkedKey = (group, value, object, { signed = false } = {}) =>
  within("trustees", object, () => parseKey(group, value, signed), { outside_group: "trustee_key" });

function parseKey(group, value, signed) {
  const names = ["pok", "public_key", ...(signed ? ["signature"] : []), "name"];
  const { pok, public_key: X, signature, name = "" } = fieldsOf(value, names, ["name"]);
  textsOf([X, name]);
  if (signed) parseProof(group, signature);
  if (!holds(group, prefix(group, X), X, pok)) throw new Refused("trustee_proof");
  return { keyText: X, signature };
}

const prefix = (group, X) => `pok|${group.name}|${X}|`;
