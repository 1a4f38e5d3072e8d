/** Trustees' public keys, each with its proof of knowledge; their product is the election's (sections 4.5 and 4.7). */

import { fieldsOf, listOf, parseCompact, textsOf } from "./canonical.js";
import { Refused, within } from "./refusal.js";
import { holds, prove } from "./schnorr.js";

/** The text of a trustee_public_key for the secret *x*. */
export function publicKeyText(group, x, randomBytes) {
  const X = group.text(group.powerGenerator(x));
  return JSON.stringify({ pok: prove(group, prefix(group, X), x, randomBytes), public_key: X });
}

/** The key of a trustee_public_key text, once its proof of knowledge is checked. */
export const checkPublicKey = (group, text) =>
  within("trustees", "trustee key", () => checkKeyObject(group, parseCompact(text)), NAMES);

const NAMES = { outside_group: "trustee_key" };

function checkKeyObject(group, value) {
  const { pok, public_key: X, name = "" } = fieldsOf(value, ["pok", "public_key", "name"], ["name"]);
  textsOf([X, name]);
  if (!holds(group, prefix(group, X), X, pok)) throw new Refused("trustee_proof");
  return X;
}

/** The key texts of a trustees text, every proof checked; owner 1 is the first. */
export function parseTrustees(group, text) {
  const items = within("trustees", "trustees", () => listOf(parseCompact(text)).map((item) => listOf(item, 2)));
  if (items.length === 0) throw new Refused("trustees_text", "trustees");
  const keys = [];
  items.forEach(([kind, value], i) => {
    const object = `trustee ${i + 1}`;
    if (kind !== "Single") throw new Refused("trustees_unsupported", object);
    const key = within("trustees", object, () => checkKeyObject(group, value), NAMES);
    if (keys.includes(key)) throw new Refused("trustee_repeated", object);
    keys.push(key);
  });
  return keys;
}

/** Refuses trustees whose keys do not make the election's public key. */
export function checkTrustees(election, text) {
  const { group } = election;
  const keys = parseTrustees(group, text);
  const product = group.text(group.product(keys.map((key) => group.decode(key))));
  if (product !== election.publicKeyText) throw new Refused("election_key", "election");
  return keys;
}

const prefix = (group, X) => `pok|${group.name}|${X}|`;
