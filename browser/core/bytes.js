/** Bytes, hexadecimal, base64 and hashes. Text that is not in its one canonical form is refused, never repaired. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { Refused } from "./refusal.js";

const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

/** Refuses bytes that are not UTF-8. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("not_utf8");
  }
}

export const toHex = bytesToHex;

/** Lower-case hexadecimal digits only; *length* counts bytes. */
export function fromHex(text, length) {
  if (!isHex(text, length)) throw new Refused("not_hex", null, { length });
  return hexToBytes(text);
}

export const isHex = (text, length) =>
  typeof text === "string" && text.length === 2 * length && /^[0-9a-f]*$/.test(text);

/** Base64 without padding, as Belenios writes hashes. */
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");

/** Base64 for addresses, without padding. */
export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_");

/** The bytes of such a text; *length* counts them. Only the one text that `base64url` writes is read. */
export function fromBase64url(text, length) {
  const bytes = /^[\w-]*$/.test(text) ? decoded(text.replaceAll("-", "+").replaceAll("_", "/")) : null;
  if (bytes?.length !== length || base64url(bytes) !== text) throw new Refused("not_base64url", null, { length });
  return bytes;
}

function decoded(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

export const sha256Hex = (text) => toHex(sha256(utf8(text)));
export const sha256Base64 = (text) => base64(sha256(utf8(text)));

/** The number whose big-endian digits are *bytes*. */
export const bigEndian = (bytes) => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`));

/** Compares without stopping at the first difference: for secrets. */
export function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** The platform's generator: what every function here takes as its *randomBytes*. */
export const secureRandom = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length));
