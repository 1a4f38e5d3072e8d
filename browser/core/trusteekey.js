/**
 * A trustee's key in their own browser: made, saved under a passphrase, and proven by opening a test ciphertext with
 * the *reloaded* file. Never do that test for a frozen ballot: it would be a way to open a vote.
 */

import { fromHex, isHex, textOf, toHex, utf8 } from "./bytes.js";
import { canonical, hasExactly, parseCanonical } from "./canonical.js";
import { groupNamed } from "./groups.js";
import { Refused, within } from "./refusal.js";
import { publicKeyText } from "./trustees.js";

const TYPE = "openfloor/trustee-key-file/1";
const KDF = "PBKDF2-HMAC-SHA-256";
const ITERATIONS = 600_000;
const FIELDS = ["type", "ballot", "number", "group", "public_key", "kdf", "iterations", "salt", "nonce", "sealed"];

/** A fresh key: x, and the trustee_public_key text with its proof of knowledge. */
export function generateTrusteeKey(group, randomBytes) {
  const x = group.randomScalar(randomBytes);
  if (x === 0n) return generateTrusteeKey(group, randomBytes);
  return { x, publicKeyText: publicKeyText(group, x, randomBytes) };
}

/** The text of the key file for the trustee *number* of *ballot* who holds *x*. */
export async function sealKeyFile({ ballot, number, group, x }, passphrase, randomBytes) {
  const file = {
    type: TYPE,
    ballot,
    number,
    group: group.name,
    public_key: group.text(group.powerGenerator(x)),
    kdf: KDF,
    iterations: ITERATIONS,
    salt: toHex(randomBytes(16)),
    nonce: toHex(randomBytes(12)),
  };
  const key = await keyFrom(passphrase, file.salt);
  const sealed = await globalThis.crypto.subtle.encrypt(cipher(file), key, utf8(x.toString()));
  return canonical({ ...file, sealed: toHex(new Uint8Array(sealed)) });
}

/** What a key file holds: {ballot, number, group, publicKey, x}. Refuses a wrong passphrase and a changed file. */
export async function openKeyFile(text, passphrase) {
  const { sealed, ...file } = parseKeyFile(text);
  const key = await keyFrom(passphrase, file.salt);
  const plain = await decrypt(cipher(file), key, fromHex(sealed, sealed.length / 2));
  return keyOfText(file, textOf(plain));
}

/** As openKeyFile, from the number on the paper copy and what the ballot's page says of the key. */
export function keyFromPaper({ ballot, number, group, public_key }, paperText) {
  return keyOfText({ ballot, number, group, public_key }, paperText.replace(/\s/g, ""));
}

function parseKeyFile(text) {
  const file = within("key_file", null, () => parseCanonical(text), NOT_A_KEY_FILE);
  const isOne =
    hasExactly(file, FIELDS) &&
    file.type === TYPE &&
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
