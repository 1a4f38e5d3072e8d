/**
 * Threshold trustees: any t + 1 of n open the count (section 4.6; docs/specs/openballot.md, 9). The sum of all f_i(0) is
 * the secret that nobody ever holds; trustee j's share is the sum of all f_i(j), whose public part follows from the
 * published A_ik = g^(a_ik).
 */

import { compact, fieldsOf, isWhole, listOf, parseCompact } from "./canonical.js";
import { isSigned, decryptionKey, parseSigned, signedMessage, signingKey } from "./pki.js";
import { Refused, within } from "./refusal.js";
import { parseProof } from "./schnorr.js";
import { checkedKey } from "./verificationkeys.js";

/* One trustee's part */

/** What a certificate is for: this place of a threshold group. */
export const placeOf = ({ group, size, threshold }, index) => ({ group: group.name, size, threshold, index });

/** The certificate of the trustee with this seed, signed by itself. */
export function composeCertificate(group, place, seed, randomBytes) {
  const sk = signingKey(group, seed);
  const keys = {
    context: place,
    verification: group.text(group.powerGenerator(sk)),
    encryption: group.text(group.powerGenerator(decryptionKey(group, seed))),
  };
  return signedMessage(group, sk, compact(keys), randomBytes);
}

/** The text of raw_coefexps: g^a for each coefficient. */
export const coefficientsText = (group, polynomial) =>
  compact({ coefexps: polynomial.map((a) => group.text(group.powerGenerator(a))) });

/** f(j) mod q. */
export const valueAt = (group, polynomial, j) =>
  polynomial.reduceRight((value, coefficient) => (value * BigInt(j) + coefficient) % group.q, 0n);

/** What a trustee signs who has seen all certificates and chosen these coefficients. */
export const certificatesText = (certificates, coefficients) =>
  `certs_sig|${compact({ certs: certificates, coefexps: JSON.parse(coefficients).coefexps })}`;

/* The parts of all */

/** The text of threshold_parameters; without *keys* what is fixed before the trustees have opened their shares. */
export const composeParameters = (threshold, { certificates, coefficients, signatures, keys }) =>
  compact({
    threshold,
    certs: certificates,
    coefexps: coefficients,
    signatures,
    ...(keys && { verification_keys: keys }),
  });

const LARGEST = 100; // each trustee signs all certificates: the work grows with the square of their number
const FIXED_LISTS = ["certs", "coefexps", "signatures"];
const LISTS = [...FIXED_LISTS, "verification_keys"];

/**
 * {threshold, keys: key texts, publicKey} of threshold_parameters, everything in them checked. The first trustee is
 * named by the owner number *ownersFrom*. The older form, of Belenios 2.0, has no contexts, signatures and signed keys.
 *
 * With *isUnfinished* the shares may not be open yet: where `verification_keys` are missing, `keys` are what they will be.
 */
export function parseParameters(group, value, ownersFrom, { isUnfinished = false } = {}) {
  const named = (i) => `trustee ${ownersFrom + i}`;
  const fields = within("trustees", named(0), () => parseLists(value, isUnfinished));
  const { threshold, certs, coefexps, signatures, verification_keys: keys } = fields;
  const size = certs.length;
  if (threshold < 1 || threshold > size || size > LARGEST) throw new Refused("trustees_threshold", named(0));
  const place = (i) => (signatures ? placeOf({ group, size, threshold }, i + 1) : null);
  const certificates = certs.map((cert, i) => parseCertificate(group, cert, place(i), named(i)));
  refuseRepeated(group, certificates, named);
  const coefficients = coefexps.map((signed, i) =>
    parseCoefficients(group, signed, threshold, certificates[i], named(i)),
  );
  signatures?.forEach((signature, i) =>
    checkCertificatesSignature(group, signature, certs, coefexps[i], certificates[i], named(i)),
  );
  const publics = publicShares(group, coefficients);
  const keyTexts = publics.map((expected, i) =>
    keys ? parseShareKey(group, keys[i], expected, signatures ? certificates[i] : null, named(i)) : group.text(expected),
  );
  const publicKey = group.product(coefficients.map(([first]) => first));
  if (group.equal(publicKey, group.identity)) throw new Refused("trustee_key", named(0));
  return { threshold, keys: keyTexts, publicKey };
}

function parseLists(value, isUnfinished) {
  const isFixedOnly = isUnfinished && !("verification_keys" in Object(value));
  const fields = isFixedOnly
    ? fieldsOf(value, ["threshold", ...FIXED_LISTS])
    : fieldsOf(value, ["threshold", ...LISTS], ["signatures"]);
  if (!isWhole(fields.threshold)) throw new Refused("not_canonical");
  const size = listOf(fields.certs).length;
  for (const name of LISTS) if (name in fields) listOf(fields[name], size);
  return fields;
}

/** {verification, encryption} of a certificate for *place*, or where that is null of one of the older form. */
export function parseCertificate(group, value, place, object) {
  const names = [...(place ? ["context"] : []), "verification", "encryption"];
  const { signed, keys } = within("trustees", object, () => {
    const parsed = parseSigned(group, value);
    return { signed: parsed, keys: fieldsOf(parseCompact(parsed.message), names) };
  });
  if (place && !isSamePlace(keys.context, place, object)) throw new Refused("certificate_context", object);
  const [verification, encryption] = within(
    "certificate",
    object,
    () => [group.key(keys.verification), group.key(keys.encryption)],
    { outside_group: "certificate_key" },
  );
  if (!isSigned(group, verification, signed.message, signed.signature)) {
    throw new Refused("certificate_signature", object);
  }
  return { verification, encryption };
}

function isSamePlace(context, place, object) {
  within("trustees", object, () => fieldsOf(context, Object.keys(place)));
  return compact(context) === compact(place);
}

/** Whoever held two certificates with one key would hold two shares. */
export function refuseRepeated(group, certificates, named) {
  certificates.forEach((own, i) => {
    const isSame = (other) =>
      group.equal(own.verification, other.verification) || group.equal(own.encryption, other.encryption);
    if (certificates.slice(0, i).some(isSame)) throw new Refused("trustee_repeated", named(i));
  });
}

/** The elements A_0 … A_t that a trustee signed. */
export function parseCoefficients(group, value, threshold, { verification }, object) {
  const { signed, texts } = within("trustees", object, () => {
    const parsed = parseSigned(group, value);
    return { signed: parsed, texts: listOf(fieldsOf(parseCompact(parsed.message), ["coefexps"]).coefexps) };
  });
  if (texts.length !== threshold) throw new Refused("trustees_threshold", object);
  const elements = within("trustees", object, () => texts.map((text) => group.key(text)), {
    outside_group: "coefficient_element",
  });
  if (!isSigned(group, verification, signed.message, signed.signature)) {
    throw new Refused("coefficients_signature", object);
  }
  return elements;
}

/** Refuses a signature that is not of all certificates and the trustee's own coefficients. */
export function checkCertificatesSignature(group, signature, certificates, coefficients, { verification }, object) {
  within("trustees", object, () => parseProof(group, signature));
  const message = certificatesText(certificates, coefficients.message);
  if (!isSigned(group, verification, message, signature)) throw new Refused("certificates_signature", object);
}

/** X_j, the product of all A_ik^(j^k), for each trustee j. */
export function publicShares(group, coefficients) {
  const totals = coefficients[0].map((_first, k) => group.product(coefficients.map((own) => own[k])));
  return coefficients.map((_own, i) => publicValue(group, totals, i + 1));
}

/** g^f(j) from g^a_0 … g^a_t. */
export const publicValue = (group, coefficients, j) =>
  coefficients.reduceRight(
    (value, coefficient) => group.multiply(group.power(value, BigInt(j)), coefficient),
    group.identity,
  );

/** The text of a share's key, signed under its certificate unless that is null. */
export function parseShareKey(group, value, expected, certificate, object) {
  const { keyText, signature } = checkedKey(group, value, object, { signed: certificate !== null });
  if (keyText !== group.text(expected)) throw new Refused("share_key", object);
  if (certificate && !isSigned(group, certificate.verification, keyText, signature)) {
    throw new Refused("share_key_signature", object);
  }
  return keyText;
}

/* Opening the count */

/** alpha^f(0) from [j, alpha^f(j)] of enough places, by Lagrange's powers (section 4.19). */
export function combine(group, factors) {
  const places = factors.map(([j]) => BigInt(j));
  return group.product(
    factors.map(([, factor], i) => (places.length === 1 ? factor : group.power(factor, lagrange(group, places, places[i])))),
  );
}

function lagrange(group, places, d) {
  const others = places.filter((k) => k !== d);
  const product = (values) => values.reduce((a, b) => group.reduce(a * b), 1n);
  return group.reduce(product(others) * inverseModulo(group.q, product(others.map((k) => group.reduce(k - d)))));
}

/** 1 / a modulo the prime q. */
function inverseModulo(q, a) {
  let [r0, r1, t0, t1] = [q, a, 0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return t0 < 0n ? t0 + q : t0;
}
