/**
 * What people and the board sign: an object whose type names what is said, and an Ed25519 signature beside it.
 * The check is RFC 8032's strict one, without the cofactor, so that every program agrees on every signature.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { bigEndian, fromHex, isHex, sameBytes, toHex, utf8 } from "./bytes.js";
import { canonical, hasExactly } from "./canonical.js";
import { Refused } from "./refusal.js";

const Point = ed25519.Point;

const FIELDS = {
  vouch: ["committee", "number", "day", "keys"],
  objection: ["committee", "number", "day"],
  withdrawal: ["committee", "number", "day"],
  "resignation-from-roll": ["committee", "number", "day"],
  renewal: ["committee", "number", "day", "keys", "replaces"],
  "renewal-stopped": ["committee", "number", "by", "day", "stops"],
  role: ["committee", "number", "role", "day"],
  "role-resigned": ["committee", "number", "role", "day"],
  "trustee-key": ["ballot", "number", "public_key"],
  freeze: ["ballot", "election_hash", "charter", "trustees", "number"],
  audit: ["ballot", "election_hash", "credentials", "roll", "entitled", "number"],
  slips: ["ballot", "number", "count", "list"],
  "slips-cancelled": ["ballot", "number", "list"],
  extension: ["ballot", "election_hash", "closes_at"],
  shuffle: ["ballot", "election_hash", "parent", "shuffle", "number"],
  "final-head": ["ballot", "election_hash", "head", "ballots", "number"],
  uncountable: ["ballot", "election_hash", "reason", "day"],
  receipt: ["ballot", "election_hash", "ballot_hash", "event", "height", "ledger_head"],
};

/** The statement of *kind* with exactly its fields, as docs/specs lists them. */
export function statement(kind, fields) {
  if (!hasExactly(fields, FIELDS[kind])) throw new Refused("not_canonical", kind);
  return { type: `openfloor/${kind}/1`, ...fields };
}

export const signStatement = (value, seed) => toHex(ed25519.sign(utf8(canonical(value)), seed));

/** Whether *signature* (128 hex digits) of *value* was made with the key *publicKey* (64 hex digits). */
export function statementHolds(value, signature, publicKey) {
  if (!isHex(signature, 64) || !isHex(publicKey, 32)) return false;
  return signatureHolds(utf8(canonical(value)), fromHex(signature, 64), fromHex(publicKey, 32));
}

function signatureHolds(message, signature, keyBytes) {
  const key = pointOf(keyBytes);
  const s = bigEndian(signature.slice(32).reverse());
  if (key === null || key.isSmallOrder() || s >= Point.Fn.ORDER) return false;
  const k = bigEndian(sha512(concatBytes(signature.slice(0, 32), keyBytes, message)).reverse()) % Point.Fn.ORDER;
  const R = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
  return sameBytes(R.toBytes(), signature.slice(0, 32));
}

/** Whether 64 hex digits are a signing key in the prime-order subgroup, other than the identity. */
export function isSigningKey(publicKey) {
  const key = isHex(publicKey, 32) ? pointOf(fromHex(publicKey, 32)) : null;
  return key !== null && !key.equals(Point.ZERO) && key.isTorsionFree();
}

function pointOf(bytes) {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return null;
  }
}
