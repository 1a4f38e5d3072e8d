/**
 * What one trustee tells another through a server that must not read it (sections 4.6.1 and 4.6.3): a message names its
 * recipient, is signed by its sender and then sealed. ElGamal carries the key of AES-GCM.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, isHex, textOf, toHex, utf8 } from "./bytes.js";
import { compact, fieldsOf, parseCompact, textsOf } from "./canonical.js";
import { isSigned, parseSigned, signedMessage } from "./pki.js";
import { Refused } from "./refusal.js";

const ALGORITHM = "AES-GCM";

/** Signs *message* for the owner of an encryption key and seals it. */
export function send(group, sk, recipient, message, randomBytes) {
  const content = compact({ recipient: group.text(recipient), message });
  return seal(group, recipient, compact(signedMessage(group, sk, content, randomBytes)), randomBytes);
}

/** What the owner of the verification key *sender* sent; refuses as stays_sealed or wrong_sender. */
export async function receive(group, dk, sender, text) {
  const plain = await unseal(group, dk, text);
  const { message: content, signature } = sealedOr(() => parseSigned(group, parseCompact(plain)));
  const { recipient, message } = sealedOr(() => textsIn(parseCompact(content), ["recipient", "message"]));
  const isForUs = recipient === group.text(group.powerGenerator(dk));
  if (!isForUs || !isSigned(group, sender, content, signature)) throw new Refused("wrong_sender");
  return message;
}

/** alpha = g^r, beta = ek^r g^s, and AES-GCM under the hash of g^s. */
async function seal(group, encryption, plain, randomBytes) {
  const [r, s] = [group.randomScalar(randomBytes), group.randomScalar(randomBytes)];
  const carried = group.powerGenerator(s);
  const alpha = group.text(group.powerGenerator(r));
  const beta = group.text(group.multiply(group.secretPower(encryption, r), carried));
  const key = await keyFrom(group, carried, "encrypt");
  const data = await globalThis.crypto.subtle.encrypt(cipher(alpha), key, utf8(plain));
  return compact({ algorithm: ALGORITHM, alpha, beta, data: toHex(new Uint8Array(data)) });
}

async function unseal(group, dk, text) {
  const { alpha, beta, data } = sealedOr(() => parseSealed(group, text));
  const carried = group.multiply(group.element(beta), group.inverse(group.secretPower(group.element(alpha), dk)));
  const key = await keyFrom(group, carried, "decrypt");
  try {
    return textOf(new Uint8Array(await globalThis.crypto.subtle.decrypt(cipher(alpha), key, data)));
  } catch {
    throw new Refused("stays_sealed");
  }
}

function parseSealed(group, text) {
  const { algorithm, data, ...pair } = textsIn(parseCompact(text), ["algorithm", "alpha", "beta", "data"]);
  if (algorithm !== ALGORITHM || !isHex(data, data.length / 2)) throw new Refused("not_canonical");
  group.element(pair.alpha);
  group.element(pair.beta);
  return { ...pair, data: fromHex(data, data.length / 2) };
}

function textsIn(value, names) {
  textsOf(Object.values(fieldsOf(value, names)));
  return value;
}

/** Whatever is wrong with its form: it cannot be opened. */
function sealedOr(deed) {
  try {
    return deed();
  } catch (error) {
    throw error instanceof Refused ? new Refused("stays_sealed") : error;
  }
}

const keyFrom = (group, carried, use) =>
  globalThis.crypto.subtle.importKey("raw", sha256(utf8(`key|${group.text(carried)}`)), ALGORITHM, false, [use]);

const cipher = (alpha) => ({ name: ALGORITHM, iv: sha256(utf8(`iv|${alpha}`)) });
