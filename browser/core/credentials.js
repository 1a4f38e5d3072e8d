/** The public list of who may cast: sorted keys without names, and its recomputation by a teller. */

import { blindedKey, nonce } from "./blinding.js";
import { parseCompact, textsOf } from "./canonical.js";
import { pacer } from "./pace.js";
import { collect, Refused, within } from "./refusal.js";

/** The list's text of "key" or "key,weight" entries, in Belenios' order, which tells nothing about who is who. */
export function composeCredentials(group, entries) {
  const order = (entry) => group.orderKey(entry.split(",")[0]);
  return JSON.stringify([...entries].sort((a, b) => (order(a) < order(b) ? -1 : 1)));
}

/**
 * The weight of each credential's key text, in the list's order. Refuses a list that names a key twice.
 * That each key lies in the group, and the order, an observer checks: see examineCredentials.
 */
export function parseCredentials(text) {
  const weights = new Map();
  entriesOf(text).forEach((entry, i) => {
    const object = `credential ${i + 1}`;
    const { keyText, weight } = parseEntry(entry, object);
    if (weights.has(keyText)) throw new Refused("credential_repeated", object);
    weights.set(keyText, weight);
  });
  return weights;
}

/**
 * {weights, keyTexts, fault}: the list as far as its first fault, a finding or null, that shows without arithmetic.
 * Of keyTexts firstOutside finds what does show only by it.
 */
export function examineCredentials(group, text) {
  const read = { weights: new Map(), keyTexts: [], fault: null };
  const findings = [];
  const holds = entriesOf(text).every(
    (entry, i) => collect(findings, `credential ${i + 1}`, () => addEntry(group, read, parseEntry(entry))) !== null,
  );
  return holds ? read : { ...read, fault: findings[0] };
}

function addEntry(group, { weights, keyTexts }, { keyText, weight }) {
  keyTexts.push(keyText);
  if (weights.has(keyText)) throw new Refused("credential_repeated");
  const before = keyTexts.length > 1 ? group.orderKey(keyTexts[keyTexts.length - 2]) : "";
  if (before >= group.orderKey(keyText)) throw new Refused("credential_order");
  weights.set(keyText, weight);
}

/** The place in the list of the first of keyTexts that is no key of the group; -1 where all are. */
export const firstOutside = (group, keyTexts) => keyTexts.findIndex((keyText) => !group.isKey(keyText));

const entriesOf = (text) => within("credentials", "credentials", () => textsOf(parseCompact(text)));

/** "key" or "key,weight"; a third part, a name, stands in lists of other programs. */
function parseEntry(entry, object = null) {
  const [keyText, weight, ...name] = entry.split(",");
  if (weight === undefined || (weight === "" && name.length > 0)) return { keyText, weight: 1n };
  if (!/^(0|[1-9][0-9]{0,29})$/.test(weight)) throw new Refused("credentials_text", object);
  return { keyText, weight: BigInt(weight) };
}

/**
 * What the list must say when these members are entitled, the server drew *k* and tellers made *slips*: the teller's
 * own reckoning.
 */
export async function recomputeCredentials(group, uuid, k, memberKeyTexts, { slips = [], onProgress } = {}) {
  const blinded = [];
  const pace = pacer(memberKeyTexts.length, onProgress);
  for (const keyText of memberKeyTexts) {
    blinded.push(blindedKey(group, uuid, keyText, nonce(k, keyText)));
    await pace(blinded.length);
  }
  return composeCredentials(group, [...blinded, ...slips]);
}
