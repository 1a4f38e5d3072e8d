/** The public list of who may cast: sorted keys without names, and its recomputation by a teller. */

import { blindedKey, nonce } from "./blinding.js";
import { parseCompact, textsOf } from "./canonical.js";
import { pacer } from "./pace.js";
import { finding, Refused, within } from "./refusal.js";

/** The list's text of "key" or "key,weight" entries, in Belenios' order, which tells nothing about who is who. */
export function composeCredentials(group, entries) {
  const order = (entry) => group.orderKey(entry.split(",")[0]);
  return JSON.stringify([...entries].sort((a, b) => (order(a) < order(b) ? -1 : 1)));
}

/**
 * The weight of each credential's key text, in the list's order. Refuses a list that names a key twice.
 * Whether each key lies in the group is checked where a ballot uses it, or by faultsOfKeys.
 */
export function parseCredentials(text) {
  const entries = within("credentials", "credentials", () => textsOf(parseCompact(text)));
  const weights = new Map();
  entries.forEach((entry, i) => {
    const object = `credential ${i + 1}`;
    const { keyText, weight } = parseEntry(entry, object);
    if (weights.has(keyText)) throw new Refused("credential_repeated", object);
    weights.set(keyText, weight);
  });
  return weights;
}

/** "key" or "key,weight"; a third part, a name, stands in lists of other programs. */
function parseEntry(entry, object) {
  const [keyText, weight, ...name] = entry.split(",");
  if (weight === undefined || (weight === "" && name.length > 0)) return { keyText, weight: 1n };
  if (!/^(0|[1-9][0-9]{0,29})$/.test(weight)) throw new Refused("credentials_text", object);
  return { keyText, weight: BigInt(weight) };
}

/** Findings about keys that are none, and about the first one out of order, which may tell who is who. */
export async function faultsOfKeys(group, credentials, onProgress) {
  const keyTexts = [...credentials.keys()];
  const unordered = keyTexts.findIndex((text, i) => i > 0 && group.orderKey(text) < group.orderKey(keyTexts[i - 1]));
  const findings = unordered < 0 ? [] : [finding("credential_order", `credential ${unordered + 1}`)];
  const pace = pacer(keyTexts.length, onProgress);
  for (const [i, keyText] of keyTexts.entries()) {
    if (!group.isKey(keyText)) findings.push(finding("credential_element", `credential ${i + 1}`));
    await pace(i + 1);
  }
  return findings;
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
