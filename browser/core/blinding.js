/** A member's credential for one ballot: S' = S^h, unlinkable to S without the server's k (docs/specs/key-blinding.md). */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex, utf8 } from "./bytes.js";
import { Refused } from "./refusal.js";

/** n, which the member's device fetches and keeps. */
export const nonce = (k, keyText) => toHex(hmac(sha256, k, utf8(keyText)));

export function blindingFactor(group, uuid, keyText, n) {
  const h = group.hashToScalar(`openfloor|blind|${uuid}|${group.name}|${keyText}|${n}`);
  if (h === 0n) throw new Refused("blinding_zero");
  return h;
}

/** The text of S'; *keyText* stands on a roll that was verified. */
export const blindedKey = (group, uuid, keyText, n) =>
  group.text(group.power(group.decode(keyText), blindingFactor(group, uuid, keyText, n)));

export const blindedScalar = (group, uuid, keyText, n, s) => group.reduce(blindingFactor(group, uuid, keyText, n) * s);
