/**
 * The ceremony of a ballot's trustees (docs/specs/ballot.md, "A threshold key"): which one it is, who takes part in it,
 * and that the frozen election rests on what this trustee took part in.
 */

import { compact } from "./canonical.js";
import { finding } from "./refusal.js";
import { entryOf } from "./roll.js";
import { statement, statementHolds } from "./statements.js";
import { withoutVerificationKeys } from "./trustees.js";

/** Each attempt has a name of its own: seeds and messages of another are worth nothing in it. */
export const ceremonyName = (uuid, attempt) => `${uuid}.${attempt}`;

/** What a member signs who hands a key in: *publicKey* is the element, of a threshold's trustee that of the certificate. */
export const trusteeKeyStatement = (uuid, number, publicKey) =>
  statement("trustee-key", { ballot: uuid, number, public_key: publicKey });

/**
 * Certificates that are not signed by the members whose places they have. *makers* are {number, signature} in the order
 * of the places, *roll* is the roll as it stood on the day of the announcement.
 *
 * The trap: shares are sealed to whoever made a certificate. A device that took the server's word for them would tell it
 * the whole key.
 */
export const faultsOfMakers = (group, uuid, certificates, makers, roll) =>
  certificates.flatMap(({ held }, i) => {
    const { number, signature } = makers[i];
    const said = trusteeKeyStatement(uuid, number, group.text(held.verification));
    const isTheirs = statementHolds(said, signature, entryOf(roll, number)?.keys.member);
    return isTheirs ? [] : [finding("certificate_maker", `trustee ${i + 1}`, { number })];
  });

/** The places of those whose shares a trustee's browser refused; null where something else was wrong. */
export function placesOfWrongShares(findings) {
  const areShares = findings.every(({ check }) => check.startsWith("ceremony_share"));
  return areShares ? findings.map(({ object }) => Number(object.replace("trustee ", ""))) : null;
}

/** The key that a certificate's message is signed by; it was checked when it came. */
export function verificationIn(certificateMessage) {
  const { certificate } = JSON.parse(JSON.parse(certificateMessage).message);
  return JSON.parse(certificate.message).verification;
}

/** Whether the list of trustees of the frozen election is exactly what the ceremony settled. */
export const isSettledAs = (parameters, trusteesText) =>
  withoutVerificationKeys(trusteesText) === compact([["Pedersen", JSON.parse(parameters)]]);
