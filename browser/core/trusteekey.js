/**
 * A trustee's key in their own browser: made, saved under a passphrase, and proven by opening a test ciphertext with
 * the *reloaded* file. Never do that test for a frozen ballot: it would be a way to open a vote.
 *
 * A file of version 1 holds a key of the trustee's own, one of version 2 the seed of a threshold's trustee and, after
 * the ceremony, the share.
 */

import { fromHex, isHex, textOf, toHex, utf8 } from "./bytes.js";
import { ceremonyOf, participantOf } from "./ceremony.js";
import { canonical, hasExactly, isObject, parseCanonical } from "./canonical.js";
import { groupNamed } from "./groups.js";
import { parseSeed } from "./pki.js";
import { Refused, within } from "./refusal.js";
import { publicKeyText } from "./trustees.js";

const TYPE = "openfloor/trustee-key-file/1";
const SEED_TYPE = "openfloor/trustee-key-file/2";
const KDF = "PBKDF2-HMAC-SHA-256";
const ITERATIONS = 600_000;
const SEALING = ["kdf", "iterations", "salt", "nonce", "sealed"];
const FIELDS = {
  [TYPE]: ["type", "ballot", "number", "group", "public_key", ...SEALING],
  [SEED_TYPE]: ["type", "ballot", "number", "ceremony", "verification", ...SEALING],
};
const CEREMONY_FIELDS = ["id", "group", "size", "threshold", "index"];

/** A fresh key: x, and the trustee_public_key text with its proof of knowledge. */
export function generateTrusteeKey(group, randomBytes) {
  const x = group.randomScalar(randomBytes);
  if (x === 0n) return generateTrusteeKey(group, randomBytes);
  return { x, publicKeyText: publicKeyText(group, x, randomBytes) };
}

/** The text of the key file for the trustee *number* of *ballot* who holds *x*. */
export function sealKeyFile({ ballot, number, group, x }, passphrase, randomBytes) {
  const publicKey = group.text(group.powerGenerator(x));
  const file = { type: TYPE, ballot, number, group: group.name, public_key: publicKey };
  return seal(file, x.toString(), passphrase, randomBytes);
}

/** The same for a threshold's trustee: *own* is a participant of the ceremony, *share* null until its third round. */
export function sealSeedFile({ ballot, number, own, share = null }, passphrase, randomBytes) {
  const { ceremony, index, seed } = own;
  const { id, group, size, threshold } = ceremony;
  const file = {
    type: SEED_TYPE,
    ballot,
    number,
    ceremony: { id, group: group.name, size, threshold, index },
    verification: group.text(group.powerGenerator(own.sk)),
  };
  const content = canonical({ seed, share: share === null ? null : share.toString() });
  return seal(file, content, passphrase, randomBytes);
}

async function seal(about, content, passphrase, randomBytes) {
  const salt = toHex(randomBytes(16));
  const file = { ...about, kdf: KDF, iterations: ITERATIONS, salt, nonce: toHex(randomBytes(12)) };
  const key = await keyFrom(passphrase, salt);
  const sealed = await globalThis.crypto.subtle.encrypt(cipher(file), key, utf8(content));
  return canonical({ ...file, sealed: toHex(new Uint8Array(sealed)) });
}

/**
 * What a key file holds: {ballot, number, group, publicKey, x}. Of a threshold's trustee also `own`, the participant;
 * publicKey and x are null there while it holds no share. Refuses a wrong passphrase and a changed file.
 */
export async function openKeyFile(text, passphrase) {
  const { sealed, ...file } = parseKeyFile(text);
  const key = await keyFrom(passphrase, file.salt);
  const plain = textOf(await decrypt(cipher(file), key, fromHex(sealed, sealed.length / 2)));
  return file.type === TYPE ? keyOfText(file, plain) : keyOfSeed(file, parseCanonical(plain));
}

/** As openKeyFile, from the number on the paper copy and what the ballot's page says of the key. */
export function keyFromPaper({ ballot, number, group, public_key }, paperText) {
  return keyOfText({ ballot, number, group, public_key }, paperText.replace(/\s/g, ""));
}

/** The same for a threshold's trustee, whose paper copy is the seed: *about* has the fields of the file. */
export const keyFromPaperSeed = (about, paperText) => keyOfSeed(about, { seed: parseSeed(paperText), share: null });

/** What a key file holds once *share* was opened: the own message of the third round says it. */
export function withShare(key, share) {
  const { group } = key;
  return { ...key, publicKey: group.text(group.powerGenerator(share)), x: share };
}

function parseKeyFile(text) {
  const file = within("key_file", null, () => parseCanonical(text), NOT_A_KEY_FILE);
  const isOne =
    isObject(file) &&
    Object.keys(FIELDS).includes(file.type) &&
    hasExactly(file, FIELDS[file.type]) &&
    (file.type === TYPE || hasExactly(file.ceremony, CEREMONY_FIELDS)) &&
    file.kdf === KDF &&
    file.iterations === ITERATIONS &&
    isHex(file.salt, 16) &&
    isHex(file.nonce, 12) &&
    isHex(file.sealed, file.sealed?.length / 2);
  if (!isOne) throw new Refused("not_a_key_file");
  return file;
}

const NOT_A_KEY_FILE = { not_json: "not_a_key_file", not_canonical: "not_a_key_file" };

function keyOfText({ ballot, number, group: groupName, public_key: publicKey }, text) {
  const group = groupNamed(groupName);
  const x = group.scalar(text);
  if (group.text(group.powerGenerator(x)) !== publicKey) throw new Refused("other_key");
  return { ballot, number, group, publicKey, x };
}

function keyOfSeed({ ballot, number, ceremony: place, verification }, { seed, share }) {
  const ceremony = ceremonyOf({ ...place, group: groupNamed(place.group) });
  const own = participantOf(ceremony, place.index, seed);
  const { group } = ceremony;
  if (group.text(group.powerGenerator(own.sk)) !== verification) throw new Refused("other_key");
  const key = { ballot, number, group, own, publicKey: null, x: null };
  return share === null ? key : withShare(key, group.scalar(share));
}

async function keyFrom(passphrase, salt) {
  const { subtle } = globalThis.crypto;
  const base = await subtle.importKey("raw", utf8(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const kdf = { name: "PBKDF2", hash: "SHA-256", salt: fromHex(salt, 16), iterations: ITERATIONS };
  return subtle.deriveKey(kdf, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const cipher = (file) => ({ name: "AES-GCM", iv: fromHex(file.nonce, 12), additionalData: utf8(canonical(file)) });

async function decrypt(algorithm, key, sealed) {
  try {
    return await globalThis.crypto.subtle.decrypt(algorithm, key, sealed);
  } catch {
    throw new Refused("wrong_passphrase");
  }
}

/** The text of M = beta/alpha^x: the answer that proves that the reloaded key works. */
export function testDecryption({ group, x }, { alpha, beta }) {
  const factor = group.secretPower(group.element(alpha), x);
  return group.text(group.multiply(group.element(beta), group.inverse(factor)));
}
