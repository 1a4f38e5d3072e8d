/**
 * The root secret sealed under what a passkey computes (WebAuthn's PRF): the server may keep it and cannot open it
 * (docs/specs/devices.md). The trap: the PRF's output opens it, so that never leaves the device.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { fromHex, toHex, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { ROOT_BYTES } from "./memberkeys.js";
import { Refused } from "./refusal.js";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED_BYTES = NONCE_BYTES + ROOT_BYTES + TAG_BYTES;

/** What a passkey is asked to compute with: the same for everybody, since each passkey has a secret of its own. */
export const PRF_INPUT = sha256(utf8("openfloor/1/passkey-root"));

/** Hexadecimal: nonce, then the sealed root. *owner* is {committee, number, passkey}. */
export async function sealRoot(output, owner, root, randomBytes) {
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = await globalThis.crypto.subtle.encrypt(cipher(owner, nonce), await keyOf(output), root);
  return toHex(nonce) + toHex(new Uint8Array(sealed));
}

/** The root secret; refuses what was not sealed for this owner under this passkey. */
export async function openRoot(output, owner, sealed) {
  const bytes = fromHex(sealed, SEALED_BYTES);
  const key = await keyOf(output);
  try {
    const algorithm = cipher(owner, bytes.slice(0, NONCE_BYTES));
    return new Uint8Array(await globalThis.crypto.subtle.decrypt(algorithm, key, bytes.slice(NONCE_BYTES)));
  } catch {
    throw new Refused("sealed_root");
  }
}

function keyOf(output) {
  if (output.length !== 32) throw new Refused("prf_length");
  const bytes = hkdf(sha512, output, undefined, utf8("openfloor/1/passkey-root"), 32);
  return globalThis.crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

const cipher = ({ committee, number, passkey }, nonce) => ({
  name: "AES-GCM",
  iv: nonce,
  additionalData: utf8(canonical({ type: "openfloor/sealed-root/1", committee, number, passkey })),
});
