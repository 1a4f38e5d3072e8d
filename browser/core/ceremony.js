/**
 * The ceremony in which trustees make a threshold key, in three rounds (docs/specs/threshold-ceremony.md).
 *
 * The trap: all that a trustee draws follows from the seed and from what was received, so that an answer lost on the way
 * can be made again to the last character. A seed is therefore for one place in one ceremony.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { isHex, sha256Hex, utf8 } from "./bytes.js";
import { receive, send } from "./channels.js";
import { compact, fieldsOf, isObject, isWhole, listOf, parseCompact, textsOf } from "./canonical.js";
import {
  certificatesText,
  checkCertificatesSignature,
  coefficientsText,
  composeCertificate,
  composeParameters,
  parseCertificate,
  parseCoefficients,
  parseShareKey,
  placeOf,
  publicShares,
  publicValue,
  refuseRepeated,
  valueAt,
} from "./pedersen.js";
import { decryptionKey, isSigned, parseSigned, sign, signedMessage, signingKey } from "./pki.js";
import { finding, Refused, within } from "./refusal.js";
import { composeKey } from "./verificationkeys.js";

const CERTIFICATE = "openfloor/threshold-certificate/1";
const COEFFICIENTS = "openfloor/threshold-coefficients/1";
const KEY = "openfloor/threshold-key/1";
const FIELDS = {
  [CERTIFICATE]: ["ceremony", "certificate", "commitment", "index", "type"],
  [COEFFICIENTS]: ["ceremony", "coefexps", "index", "previous", "secrets", "signature", "type"],
  [KEY]: ["ceremony", "index", "previous", "private_key", "public_key", "type"],
};
const LARGEST = 20;

/** Messages that are missing or fail their checks: *findings* names each. */
export class CeremonyRefused extends Refused {
  constructor(findings) {
    super(findings[0].check, findings[0].object);
    this.findings = findings;
  }
}

/** {id, group, size, threshold} of a ceremony that can be: any *threshold* of *size* trustees will open the count. */
export function ceremonyOf({ id, group, size, threshold }) {
  const isPossible = isWhole(size) && isWhole(threshold) && threshold >= 2 && threshold <= size && size <= LARGEST;
  if (!isPossible || !/^[0-9A-Za-z.-]{1,64}$/.test(id)) throw new Refused("ceremony_impossible");
  return { id, group, size, threshold };
}

/** A trustee who takes part: {ceremony, index, seed, sk, dk}. */
export function participantOf(ceremony, index, seed) {
  if (!isWhole(index) || index < 1 || index > ceremony.size) throw new Refused("ceremony_impossible");
  const { group } = ceremony;
  return { ceremony, index, seed, sk: signingKey(group, seed), dk: decryptionKey(group, seed) };
}

/* Round 1: certificates, and commitments to the coefficients */

/** A trustee's message of round 1. */
export function certificateMessage(own) {
  const { ceremony, index, seed } = own;
  const randomBytes = drawing(own, CERTIFICATE, "");
  return signed(
    own,
    {
      ceremony: ceremony.id,
      certificate: composeCertificate(ceremony.group, placeOf(ceremony, index), seed, randomBytes),
      commitment: commitment(ceremony, index, ownCoefficients(own)),
      index,
      type: CERTIFICATE,
    },
    randomBytes,
  );
}

/** Round 1 in the order of the trustees, everything in it checked: [{text, body, held: {verification, encryption}}]. */
export function readCertificates(ceremony, texts) {
  const messages = readRound(ceremony, texts, (text, position) => {
    const { body, ...sealed } = openMessage(ceremony, CERTIFICATE, text, position);
    const object = named(body.index);
    const held = parseCertificate(ceremony.group, body.certificate, placeOf(ceremony, body.index), object);
    refuseUnsigned(ceremony, held, sealed, object);
    return { text, body, held };
  });
  const certificates = messages.map(({ held }) => held);
  orFindings(() => refuseRepeated(ceremony.group, certificates, (i) => named(i + 1)));
  return messages;
}

/* Round 2: coefficients, and a share sealed for each trustee */

/** A trustee's message of round 2, once the whole of round 1 is there. */
export async function coefficientsMessage(own, certificates) {
  const { ceremony, index, sk } = own;
  const { group } = ceremony;
  const seen = readOwnCertificates(own, certificates);
  const previous = hashOf(seen);
  const randomBytes = drawing(own, COEFFICIENTS, previous);
  const coefficients = ownCoefficients(own);
  const coefexps = signedMessage(group, sk, coefficients, randomBytes);
  const secrets = [];
  for (const { body, held } of seen) {
    const share = compact({ secret: valueAt(group, polynomialOf(own), body.index).toString() });
    secrets.push(await send(group, sk, held.encryption, share, randomBytes));
  }
  const signature = sign(group, sk, certificatesText(certificatesIn(seen), coefficients), randomBytes);
  const body = { ceremony: ceremony.id, coefexps, index, previous, secrets, signature, type: COEFFICIENTS };
  return signed(own, body, randomBytes);
}

/** Round 2, everything checked that anybody can check: `held` are the elements A_0 … A_t. */
export function readCoefficients(ceremony, certificates, texts) {
  const { group, threshold } = ceremony;
  const previous = hashOf(certificates);
  return readRound(ceremony, texts, (text, position) => {
    const { body, ...sealed } = openMessage(ceremony, COEFFICIENTS, text, position);
    const [object, seen] = [named(body.index), certificates[body.index - 1]];
    refuseUnsigned(ceremony, seen.held, sealed, object);
    if (body.previous !== previous) throw new Refused("ceremony_previous", object);
    const held = parseCoefficients(group, body.coefexps, threshold, seen.held, object);
    const isCommitted = commitment(ceremony, body.index, body.coefexps.message) === seen.body.commitment;
    if (!isCommitted) throw new Refused("ceremony_commitment", object);
    const certs = certificatesIn(certificates);
    checkCertificatesSignature(group, body.signature, certs, body.coefexps, seen.held, object);
    return { text, body, held };
  });
}

/* Round 3: each trustee opens and checks the shares, and shows the key of their sum */

/**
 * A trustee's message of round 3, once every share was checked: {text, share, parameters}. The *parameters* are the
 * threshold_parameters as they are fixed by now, without the keys that round 3 brings.
 */
export async function keyMessage(own, certificates, coefficients) {
  const { ceremony, index, sk } = own;
  const { group } = ceremony;
  const seen = readOwnCertificates(own, certificates);
  const shown = readCoefficients(ceremony, seen, coefficients);
  const share = await sumOfShares(own, seen, shown);
  const previous = hashOf(shown);
  const randomBytes = drawing(own, KEY, previous);
  const key = composeKey(group, share, randomBytes);
  const publicKey = { ...key, signature: sign(group, sk, key.public_key, randomBytes) };
  const sealed = compact({ decryption_key: share.toString() });
  const privateKey = await send(group, sk, seen[index - 1].held.encryption, sealed, randomBytes);
  const body = { ceremony: ceremony.id, index, previous, private_key: privateKey, public_key: publicKey, type: KEY };
  const parameters = composeParameters(ceremony.threshold, listsOf(seen, shown));
  return { text: signed(own, body, randomBytes), share, parameters };
}

/** Round 3, everything checked that anybody can check: `held` are the texts of the shares' keys. */
export function readKeys(ceremony, certificates, coefficients, texts) {
  const { group } = ceremony;
  const previous = hashOf(coefficients);
  const publics = publicShares(
    group,
    coefficients.map(({ held }) => held),
  );
  return readRound(ceremony, texts, (text, position) => {
    const { body, ...sealed } = openMessage(ceremony, KEY, text, position);
    const [object, seen] = [named(body.index), certificates[body.index - 1]];
    refuseUnsigned(ceremony, seen.held, sealed, object);
    if (body.previous !== previous) throw new Refused("ceremony_previous", object);
    const held = parseShareKey(group, body.public_key, publics[body.index - 1], seen.held, object);
    return { text, body, held };
  });
}

/* What comes of it */

/** The text of the threshold_parameters for an election's list of trustees. */
export function parametersOf(ceremony, certificates, coefficients, keys) {
  const seen = readCertificates(ceremony, certificates);
  const shown = readCoefficients(ceremony, seen, coefficients);
  const made = readKeys(ceremony, seen, shown, keys);
  return composeParameters(ceremony.threshold, { ...listsOf(seen, shown), keys: made.map(({ body }) => body.public_key) });
}

const listsOf = (certificates, coefficients) => ({
  certificates: certificatesIn(certificates),
  coefficients: coefficients.map(({ body }) => body.coefexps),
  signatures: coefficients.map(({ body }) => body.signature),
});

/** The share x in a trustee's own message of round 3; refuses as stays_sealed or wrong_sender. */
export async function openShare(own, text) {
  const { group } = own.ceremony;
  const { body } = openMessage(own.ceremony, KEY, text, 1);
  const plain = await receive(group, own.dk, group.powerGenerator(own.sk), body.private_key);
  return within("ceremony", null, () => group.scalar(fieldsOf(parseCompact(plain), ["decryption_key"]).decryption_key), {
    ...UNREADABLE,
    scalar: "stays_sealed",
  });
}

/* Inside */

const UNREADABLE = { not_json: "stays_sealed", not_canonical: "stays_sealed" };

/** Exactly one message by each trustee; says everything that is wrong or missing. */
function readRound(ceremony, texts, readOne) {
  const findings = [];
  const held = new Map();
  texts.forEach((text, i) => {
    try {
      const message = readOne(text, i + 1);
      if (held.has(message.body.index)) throw new Refused("ceremony_repeated", named(message.body.index));
      held.set(message.body.index, message);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      findings.push(error.finding);
    }
  });
  const indexes = Array.from({ length: ceremony.size }, (_, i) => i + 1);
  const isNamed = (index) => findings.some(({ object }) => object === named(index));
  const missing = indexes.filter((index) => !held.has(index) && !isNamed(index));
  findings.push(...missing.map((index) => finding("ceremony_missing", named(index))));
  if (findings.length > 0) throw new CeremonyRefused(findings);
  return indexes.map((index) => held.get(index));
}

/** {body, message, signature} of a message of this type; its signature is still to be checked. */
function openMessage(ceremony, type, text, position) {
  const object = `message ${position}`;
  const { body, message, signature } = within("ceremony", object, () => {
    const parsed = parseSigned(ceremony.group, parseCompact(text));
    const fields = parseCompact(parsed.message);
    if (isObject(fields) && fields.type !== type) throw new Refused("ceremony_other");
    refuseOtherForms(ceremony, fieldsOf(fields, FIELDS[type]));
    return { body: fields, ...parsed };
  });
  const isOurs = body.ceremony === ceremony.id && body.index >= 1 && body.index <= ceremony.size;
  if (!isOurs) throw new Refused("ceremony_other", object);
  return { body, message, signature };
}

function refuseOtherForms({ size }, { index, commitment: committed, previous, secrets, private_key: sealed = "" }) {
  const hashes = [committed, previous].filter((hash) => hash !== undefined);
  if (!isWhole(index) || !hashes.every((hash) => isHex(hash, 32))) throw new Refused("not_canonical");
  textsOf([sealed]);
  if (secrets !== undefined) textsOf(listOf(secrets, size));
}

function refuseUnsigned({ group }, { verification }, { message, signature }, object) {
  if (!isSigned(group, verification, message, signature)) throw new Refused("ceremony_signature", object);
}

/** Round 1, in which the own message must have come back as it was sent. */
function readOwnCertificates(own, texts) {
  const seen = readCertificates(own.ceremony, texts);
  if (seen[own.index - 1].text !== certificateMessage(own)) {
    throw new CeremonyRefused([finding("ceremony_seed", named(own.index))]);
  }
  return seen;
}

/** Opens the shares of all for this trustee and adds them up; names whoever sent a wrong one. */
async function sumOfShares(own, certificates, coefficients) {
  const findings = [];
  let total = 0n;
  for (const [i, shown] of coefficients.entries()) {
    try {
      total += await shareFrom(own, certificates[i].held, shown);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      findings.push(error.finding);
    }
  }
  if (findings.length > 0) throw new CeremonyRefused(findings);
  return total % own.ceremony.group.q;
}

const OF_SHARES = {
  stays_sealed: "ceremony_share_sealed",
  wrong_sender: "ceremony_share_signature",
  not_json: "ceremony_share_sealed",
  not_canonical: "ceremony_share_sealed",
  scalar: "ceremony_share_sealed",
};

/** One share, opened and held against its sender's coefficients. */
async function shareFrom({ ceremony, index, dk }, { verification }, { body, held }) {
  const { group } = ceremony;
  const object = named(body.index);
  try {
    const plain = await receive(group, dk, verification, body.secrets[index - 1]);
    const share = group.scalar(fieldsOf(parseCompact(plain), ["secret"]).secret);
    const isRight = group.equal(group.powerGenerator(share), publicValue(group, held, index));
    if (!isRight) throw new Refused("ceremony_share", object);
    return share;
  } catch (error) {
    if (error instanceof Refused && error.check in OF_SHARES) throw new Refused(OF_SHARES[error.check], object);
    throw error;
  }
}

/** The secret a_0 … a_t. */
const polynomialOf = (own) =>
  Array.from({ length: own.ceremony.threshold }, (_, k) =>
    own.ceremony.group.randomScalar((length) => derived(own, `coefficient|${k}`, length)),
  );

const ownCoefficients = (own) => coefficientsText(own.ceremony.group, polynomialOf(own));

/** The source of all that is drawn for one message: the n-th draw has the number n. */
function drawing(own, type, previous) {
  let drawn = 0;
  return (length) => {
    drawn += 1;
    return derived(own, `${type}|${previous}|${drawn}`, length);
  };
}

function derived({ ceremony, index, seed }, purpose, length) {
  const { id, group, size, threshold } = ceremony;
  const info = `openfloor/1/ceremony|${id}|${group.name}|${size}|${threshold}|${index}|${purpose}`;
  return hkdf(sha512, utf8(seed), undefined, utf8(info), length);
}

const commitment = (ceremony, index, coefficients) =>
  sha256Hex(`openfloor|coefexps|${ceremony.id}|${index}|${coefficients}`);

const signed = (own, body, randomBytes) =>
  compact(signedMessage(own.ceremony.group, own.sk, compact(body), randomBytes));

const certificatesIn = (messages) => messages.map(({ body }) => body.certificate);

/** The hash of a round: of all texts in the order of the trustees, each with a line feed. */
const hashOf = (messages) => sha256Hex(messages.map(({ text }) => `${text}\n`).join(""));

const named = (index) => `trustee ${index}`;

function orFindings(deed) {
  try {
    deed();
  } catch (error) {
    throw error instanceof Refused ? new CeremonyRefused([error.finding]) : error;
  }
}
