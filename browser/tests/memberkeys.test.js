/** What a member's device derives, signs and proves. */

import assert from "node:assert/strict";
import { hkdfSync, sign as nodeSign, createPrivateKey } from "node:crypto";
import { test } from "node:test";
import { blindedKey, blindedScalar, blindingFactor, nonce } from "../core/blinding.js";
import { fromHex, secureRandom, toHex, utf8 } from "../core/bytes.js";
import { canonical } from "../core/canonical.js";
import {
  composeCredentials,
  examineCredentials,
  firstOutside,
  parseCredentials,
  recomputeCredentials,
} from "../core/credentials.js";
import { GROUP_NAMES, groupNamed } from "../core/groups.js";
import {
  checkPossession,
  credentialKey,
  credentialScalar,
  keysFingerprint,
  memberKey,
  memberSeed,
  possessionProofs,
  provePossession,
  publicKeys,
  signInSecret,
} from "../core/memberkeys.js";
import { finding } from "../core/refusal.js";
import { isSigningKey, signStatement, statement, statementHolds } from "../core/statements.js";
import { COMMITTEE, rootOf } from "./committee.js";
import { refusedAs } from "./support.js";

const ROOT = rootOf(7);
const UUID = "7pbdKANZCGj6dS";
const group = groupNamed("BELENIOS-2048");

test("everything is derived by HKDF-SHA512 with an empty salt and its label", () => {
  const derived = (label, length) =>
    Buffer.from(hkdfSync("sha512", ROOT, "", `openfloor/1/${label}`, length)).toString("hex");

  assert.equal(signInSecret(ROOT), derived("sign-in", 32));
  assert.equal(toHex(memberSeed(ROOT)), derived("member-key", 32));
  for (const name of GROUP_NAMES) {
    const { q, scalarBytes } = groupNamed(name);
    assert.equal(
      credentialScalar(ROOT, groupNamed(name)),
      BigInt(`0x${derived(`credential/${name}`, scalarBytes)}`) % q,
    );
  }
});

test("a root of another length is refused", () => {
  assert.throws(() => signInSecret(new Uint8Array(32)), refusedAs("root_length"));
});

test("the public keys of an entry are those of its secrets, and their fingerprint changes with any", () => {
  const keys = publicKeys(ROOT);

  assert.equal(keys.member, memberKey(ROOT));
  assert.deepEqual(Object.keys(keys.credentials), GROUP_NAMES);
  assert.equal(keys.credentials.Ed25519, credentialKey(ROOT, groupNamed("Ed25519")));
  assert.match(keysFingerprint(keys), /^[\w-]{43}$/);
  assert.notEqual(keysFingerprint({ ...keys, member: memberKey(rootOf(8)) }), keysFingerprint(keys));
});

test("a proof of possession holds for its committee, number and key only", () => {
  const proofs = possessionProofs(ROOT, COMMITTEE, 5, secureRandom);

  for (const name of GROUP_NAMES) {
    const of = groupNamed(name);
    const key = credentialKey(ROOT, of);
    assert.ok(checkPossession(of, COMMITTEE, 5, key, proofs[name]));
    assert.ok(!checkPossession(of, COMMITTEE, 6, key, proofs[name]));
    assert.ok(!checkPossession(of, COMMITTEE.replace("6", "7"), 5, key, proofs[name]));
    assert.ok(!checkPossession(of, COMMITTEE, 5, credentialKey(rootOf(8), of), proofs[name]));
  }
});

test("nobody can prove or claim possession of the identity", () => {
  const proof = provePossession(group, COMMITTEE, 5, 3n, secureRandom);

  assert.throws(() => provePossession(group, COMMITTEE, 5, 0n, secureRandom), refusedAs("outside_group"));
  assert.throws(() => checkPossession(group, COMMITTEE, 5, "1", proof), refusedAs("outside_group"));
});

test("a statement's signature holds for that statement and key only", () => {
  const said = statement("objection", { committee: COMMITTEE, number: 3, day: "2026-09-01" });
  const signature = signStatement(said, memberSeed(ROOT));

  assert.ok(statementHolds(said, signature, memberKey(ROOT)));
  assert.ok(!statementHolds({ ...said, number: 4 }, signature, memberKey(ROOT)));
  assert.ok(!statementHolds(said, signature, memberKey(rootOf(8))));
  assert.ok(
    !statementHolds(
      said,
      signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
      memberKey(ROOT),
    ),
  );
  for (const wrong of [signature.toUpperCase(), signature.slice(2), "", null, undefined]) {
    assert.ok(!statementHolds(said, wrong, memberKey(ROOT)));
    assert.ok(!statementHolds(said, signature, wrong));
  }
});

test("signatures are those of RFC 8032, as another program makes them", () => {
  const said = statement("objection", { committee: COMMITTEE, number: 3, day: "2026-09-01" });
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), memberSeed(ROOT)]);
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });

  assert.equal(signStatement(said, memberSeed(ROOT)), nodeSign(null, utf8(canonical(said)), key).toString("hex"));
});

test("a signature with s beyond the group's order, or by a key of small order, does not hold", () => {
  const said = statement("objection", { committee: COMMITTEE, number: 3, day: "2026-09-01" });
  const signature = fromHex(signStatement(said, memberSeed(ROOT)), 64);
  const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + groupNamed("Ed25519").q;
  const malleable = toHex(signature.slice(0, 32)) + toHex(fromHex(s.toString(16).padStart(64, "0"), 32).reverse());
  const identity = `01${"00".repeat(31)}`;

  assert.ok(!statementHolds(said, malleable, memberKey(ROOT)));
  assert.ok(!statementHolds(said, identity + "00".repeat(32), identity));
  assert.ok(!isSigningKey(identity));
  assert.ok(isSigningKey(memberKey(ROOT)));
});

test("a statement has exactly the fields of its kind", () => {
  assert.throws(() => statement("objection", { committee: COMMITTEE, number: 3 }), refusedAs("not_canonical"));
  assert.throws(
    () => statement("objection", { committee: COMMITTEE, number: 3, day: "2026-09-01", more: 1 }),
    refusedAs("not_canonical"),
  );
});

test("the blinded scalar is the secret of the blinded key", () => {
  for (const name of ["BELENIOS-2048", "Ed25519"]) {
    const of = groupNamed(name);
    const s = credentialScalar(ROOT, of);
    const key = credentialKey(ROOT, of);
    const n = nonce(new Uint8Array(32).fill(1), key);

    assert.equal(of.text(of.powerGenerator(blindedScalar(of, UUID, key, n, s))), blindedKey(of, UUID, key, n));
    assert.notEqual(blindingFactor(of, UUID, key, n), blindingFactor(of, UUID.replace("7", "8"), key, n));
  }
});

test("a teller's list is the sorted list of every blinded key", async () => {
  const k = new Uint8Array(32).fill(9);
  const keys = [1, 2, 3].map((number) => credentialKey(rootOf(number), group));

  const text = await recomputeCredentials(group, UUID, k, keys);

  const blinded = keys.map((key) => blindedKey(group, UUID, key, nonce(k, key)));
  assert.deepEqual(new Set(JSON.parse(text)), new Set(blinded));
  assert.deepEqual(
    [...parseCredentials(text)].map(([, weight]) => weight),
    [1n, 1n, 1n],
  );
  const { keyTexts, fault } = examineCredentials(group, text);
  assert.equal(fault, null);
  assert.equal(firstOutside(group, keyTexts), -1);
});

test("credential lists out of order, outside the group or misshapen are refused by name", () => {
  const keys = [1, 2].map((number) => credentialKey(rootOf(number), group));
  const sorted = JSON.parse(composeCredentials(group, keys));
  const examined = (list) => examineCredentials(group, JSON.stringify(list));

  assert.deepEqual(examined([...sorted].reverse()).fault, finding("credential_order", "credential 2"));
  assert.deepEqual(examined([sorted[0], `${sorted[1]},01`]).fault, finding("credentials_text", "credential 2"));
  assert.equal(firstOutside(group, examined(["1", "2"]).keyTexts), 0);
  assert.throws(() => parseCredentials(JSON.stringify([keys[0], keys[0]])), refusedAs("credential_repeated"));
  assert.throws(() => parseCredentials(JSON.stringify([`${keys[0]},01`])), refusedAs("credentials_text"));
  assert.throws(() => parseCredentials("[1]"), refusedAs("credentials_text"));
  assert.deepEqual([...parseCredentials('["5,3","7,,4","9"]').values()], [3n, 1n, 1n]);
});
