/** A threshold key for a ballot: the members behind its certificates, and the list that a trustee signs. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { secureRandom } from "../core/bytes.js";
import { ceremonyOf, certificateMessage, coefficientsMessage, keyMessage, participantOf, readCertificates } from "../core/ceremony.js";
import { groupNamed } from "../core/groups.js";
import {
  ceremonyName,
  faultsOfMakers,
  isSettledAs,
  placesOfWrongShares,
  trusteeKeyStatement,
  verificationIn,
} from "../core/keymaking.js";
import { newSeed } from "../core/pki.js";
import { verifyRoll } from "../core/roll.js";
import { withoutVerificationKeys } from "../core/trustees.js";
import { chain, goodRecords, signedBy } from "./committee.js";
import { vector } from "./support.js";

const UUID = "7pbdKANZCGj6dS";
const group = groupNamed("Ed25519");
const NUMBERS = [4, 2, 5]; // the members at places 1 to 3

const ceremony = ceremonyOf({ id: ceremonyName(UUID, 1), group, size: 3, threshold: 2 });
const roll = await verifyRoll(chain(goodRecords()));

/** A trustee's seed at a place, and what their member key signs of it. */
function maker(place, number = NUMBERS[place - 1], signer = number) {
  const own = participantOf(ceremony, place, newSeed(secureRandom));
  const verification = group.text(group.powerGenerator(own.sk));
  return { own, number, signature: signedBy(signer, trusteeKeyStatement(UUID, number, verification)) };
}

const faults = (makers, told = makers) =>
  faultsOfMakers(group, UUID, readCertificates(ceremony, makers.map(({ own }) => certificateMessage(own))), told, roll);

test("certificates are by the members whose places they have", () => {
  assert.deepEqual(faults([maker(1), maker(2), maker(3)]), []);
});

test("a certificate that the host made in a member's place is named", () => {
  const honest = [maker(1), maker(2), maker(3)];
  const bySomebodyElse = maker(2, 2, 1);
  const signedBefore = { ...maker(2), signature: honest[1].signature };
  const byNobody = maker(2, 77);

  for (const forged of [bySomebodyElse, signedBefore, byNobody])
    assert.deepEqual(
      faults([honest[0], forged, honest[2]]).map(({ check, object, data }) => ({ check, object, data })),
      [{ check: "certificate_maker", object: "trustee 2", data: { number: forged.number } }],
    );
});

test("a certificate names its own key, and refused shares the places of their senders", () => {
  const { own } = maker(2);
  const refused = (...checks) => checks.map((check, i) => ({ check, object: `trustee ${i + 1}` }));

  assert.equal(verificationIn(certificateMessage(own)), group.text(group.powerGenerator(own.sk)));
  assert.deepEqual(placesOfWrongShares(refused("ceremony_share", "ceremony_share_sealed")), [1, 2]);
  assert.equal(placesOfWrongShares(refused("ceremony_share", "ceremony_previous")), null);
});

test("a list of trustees is the one that a trustee took part in, to the last character", async () => {
  const makers = [maker(1), maker(2), maker(3)];
  const certificates = makers.map(({ own }) => certificateMessage(own));
  const coefficients = await Promise.all(makers.map(({ own }) => coefficientsMessage(own, certificates)));
  const { parameters } = await keyMessage(makers[0].own, certificates, coefficients);
  const other = `[["Pedersen",${vector("threshold").find(({ group: name }) => name === "Ed25519").parameters}]]`;

  assert.ok(isSettledAs(parameters, `[["Pedersen",${parameters}]]`));
  assert.ok(!isSettledAs(parameters, other));
  assert.ok(isSettledAs(withoutVerificationKeys(other).slice(13, -2), other));
});
