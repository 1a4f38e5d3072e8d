/**
 * A member's root secret from one device of theirs to another (docs/specs/devices.md). The trap: it is sealed for
 * whoever shows the code, so the code has to come from the screen of the other device and from nowhere else.
 */

import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { base64url, fromBase64url, fromHex, isHex, sha256Hex, textOf, toHex, utf8 } from "./bytes.js";
import { canonical, hasExactly, isWhole, parseCanonical } from "./canonical.js";
import { ROOT_BYTES } from "./memberkeys.js";
import { Refused } from "./refusal.js";
import { wordsOf } from "./words.js";

const ID_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const WORDS = 3;

/** What the new device draws: {id, secret, key, code}, of which the code is shown and the secret stays in memory. */
export function beginHandOver(randomBytes) {
  const id = base64url(randomBytes(ID_BYTES));
  const { secret, key } = onceKey(randomBytes);
  return { id, secret, key, code: `${id}.${base64url(fromHex(key, KEY_BYTES))}` };
}

/** A key pair for one hand-over: {secret (bytes), key (hex)}. */
export function onceKey(randomBytes) {
  const secret = randomBytes(KEY_BYTES);
  return { secret, key: toHex(x25519.getPublicKey(secret)) };
}

/** {id, key} of a code that was scanned. */
export function readCode(code) {
  const [, id, key] = /^([\w-]{22})\.([\w-]{43})$/.exec(code) ?? [];
  if (id === undefined) throw new Refused("hand_over_code");
  fromBase64url(id, ID_BYTES);
  return { id, key: toHex(fromBase64url(key, KEY_BYTES)) };
}

/** The words both devices show: of this hand-over, its two keys and the committee. */
export const handOverWords = (exchange) => wordsOf(sha256Hex(transcript(exchange)), WORDS);

/**
 * The envelope, a text. *exchange* is {committee, id, new_key, old_key}; *secret* that of the old device; *owner*
 * {number, handle}.
 */
export async function sealHandOver(exchange, secret, { number, handle }, root, randomBytes) {
  const nonce = randomBytes(NONCE_BYTES);
  const key = await sharedKey(exchange, secret, exchange.new_key);
  const content = utf8(canonical({ handle, number, root: toHex(root) }));
  const sealed = await globalThis.crypto.subtle.encrypt(cipher(exchange, nonce), key, content);
  return canonical({ nonce: toHex(nonce), sealed: toHex(new Uint8Array(sealed)) });
}

/** {number, handle, root} from the envelope; *secret* is that of the new device. */
export async function openHandOver(exchange, secret, envelope) {
  const { nonce, sealed } = readEnvelope(envelope);
  const key = await sharedKey(exchange, secret, exchange.old_key);
  const content = await decrypt(cipher(exchange, nonce), key, sealed);
  const { number, handle, root } = contentOf(textOf(new Uint8Array(content)));
  return { number, handle, root: fromHex(root, ROOT_BYTES) };
}

const transcript = ({ committee, id, new_key, old_key }) =>
  canonical({ type: "openfloor/hand-over/1", committee, id, new_key, old_key });

async function sharedKey(exchange, secret, otherKey) {
  const shared = sharedSecret(secret, otherKey);
  const bytes = hkdf(sha512, shared, utf8(transcript(exchange)), utf8("openfloor/1/hand-over"), 32);
  return globalThis.crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** A point of small order would make the secret one that everybody knows. */
function sharedSecret(secret, otherKey) {
  try {
    return x25519.getSharedSecret(secret, fromHex(otherKey, KEY_BYTES));
  } catch {
    throw new Refused("hand_over_key");
  }
}

const cipher = (exchange, nonce) => ({ name: "AES-GCM", iv: nonce, additionalData: utf8(transcript(exchange)) });

function readEnvelope(envelope) {
  const fields = parsed(envelope);
  const isRight =
    hasExactly(fields, ["nonce", "sealed"]) && isHex(fields.nonce, NONCE_BYTES) && /^([0-9a-f]{2})+$/.test(fields.sealed);
  if (!isRight) throw new Refused("hand_over_envelope");
  return { nonce: fromHex(fields.nonce, NONCE_BYTES), sealed: fromHex(fields.sealed, fields.sealed.length / 2) };
}

async function decrypt(algorithm, key, sealed) {
  try {
    return await globalThis.crypto.subtle.decrypt(algorithm, key, sealed);
  } catch {
    throw new Refused("hand_over_sealed");
  }
}

function contentOf(text) {
  const fields = parsed(text);
  const isRight =
    hasExactly(fields, ["handle", "number", "root"]) &&
    typeof fields.handle === "string" &&
    isWhole(fields.number) &&
    isHex(fields.root, ROOT_BYTES);
  if (!isRight) throw new Refused("hand_over_content");
  return fields;
}

function parsed(text) {
  try {
    return parseCanonical(text);
  } catch (error) {
    throw error instanceof Refused ? new Refused("hand_over_envelope") : error;
  }
}
