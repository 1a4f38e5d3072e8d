/**
 * Who holds the key that opens the count (sections 4.5 to 4.7): trustees who are all needed, and thresholds of whom some
 * are. Owner numbers count from 1 over all of them.
 */

import { compact, isObject, listOf, parseCompact } from "./canonical.js";
import { parseParameters } from "./pedersen.js";
import { Refused, within } from "./refusal.js";
import { checkedKey, composeKey } from "./verificationkeys.js";

/** The text of a trustee_public_key for the secret *x*. */
export const publicKeyText = (group, x, randomBytes) => compact(composeKey(group, x, randomBytes));

/** The key of a trustee_public_key text, once its proof of knowledge is checked. */
export const checkPublicKey = (group, text) =>
  checkedKey(group, within("trustees", "trustee key", () => parseCompact(text)), "trustee key").keyText;

/** The key texts of a trustees text, everything in it checked; owner 1 is the first. */
export const parseTrustees = (group, text) => parseQuorums(group, text).flatMap(({ keys }) => keys);

/**
 * The items of a trustees text: {threshold, owners, keys: key texts, publicKey}, of whose owners any *threshold* make
 * their item's factor together. A trustee with a key of their own is one of one. *how* as for parseParameters.
 */
export function parseQuorums(group, text, how) {
  const items = itemsOf(text);
  if (items.length === 0) throw new Refused("trustees_text", "trustees");
  const quorums = [];
  for (const item of items) quorums.push(parseQuorum(group, item, keysIn(quorums), how));
  return quorums;
}

/**
 * A trustees text as it is fixed before the trustees of a threshold open their shares: the `verification_keys` follow
 * from what stays. One of single keys is what it was.
 */
export function withoutVerificationKeys(text) {
  const stays = ({ verification_keys: _keys, ...fixed }) => fixed;
  return compact(itemsOf(text).map(([kind, value]) => [kind, isObject(value) ? stays(value) : value]));
}

const itemsOf = (text) =>
  within("trustees", "trustees", () => listOf(parseCompact(text)).map((item) => listOf(item, 2)));

const keysIn = (quorums) => quorums.flatMap(({ keys }) => keys);

function parseQuorum(group, [kind, value], earlier, how) {
  const from = earlier.length + 1;
  const quorum = parseKind(group, kind, value, from, how);
  const owners = quorum.keys.map((_key, i) => from + i);
  const repeated = quorum.keys.findIndex((key, i) => earlier.includes(key) || quorum.keys.indexOf(key) < i);
  if (repeated >= 0) throw new Refused("trustee_repeated", `trustee ${owners[repeated]}`);
  return { ...quorum, owners };
}

function parseKind(group, kind, value, owner, how) {
  if (kind === "Pedersen") return parseParameters(group, value, owner, how);
  if (kind !== "Single") throw new Refused("trustees_unsupported", `trustee ${owner}`);
  const { keyText } = checkedKey(group, value, `trustee ${owner}`);
  return { threshold: 1, keys: [keyText], publicKey: group.decode(keyText) };
}

/** Refuses trustees whose keys do not make the election's public key; as parseQuorums. */
export function checkQuorums(election, text, how) {
  const { group } = election;
  const quorums = parseQuorums(group, text, how);
  const product = group.text(group.product(quorums.map(({ publicKey }) => publicKey)));
  if (product !== election.publicKeyText) throw new Refused("election_key", "election");
  return quorums;
}

/** The key texts of such trustees. */
export const checkTrustees = (election, text) => keysIn(checkQuorums(election, text));
