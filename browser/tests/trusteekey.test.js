/** A trustee's key: the file, the paper copy, and the proof that they work. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { secureRandom } from "../core/bytes.js";
import { canonical } from "../core/canonical.js";
import { groupNamed } from "../core/groups.js";
import { ceremonyOf, participantOf } from "../core/ceremony.js";
import {
  generateTrusteeKey,
  keyFromPaper,
  keyFromPaperSeed,
  openKeyFile,
  sealKeyFile,
  sealSeedFile,
  testDecryption,
  withShare,
} from "../core/trusteekey.js";
import { newSeed } from "../core/pki.js";
import { checkPublicKey } from "../core/trustees.js";
import { refusedAs } from "./support.js";

const group = groupNamed("BELENIOS-2048");
const { x, publicKeyText } = generateTrusteeKey(group, secureRandom);
const publicKey = JSON.parse(publicKeyText).public_key;
const PASSPHRASE = "four nurses, één kwartier";
const file = await sealKeyFile({ ballot: "7pbdKANZCGj6dS", number: 2, group, x }, PASSPHRASE, secureRandom);

test("a key file opens with its passphrase and holds the key", async () => {
  const opened = await openKeyFile(file, PASSPHRASE);

  assert.deepEqual(opened, { ballot: "7pbdKANZCGj6dS", number: 2, group, publicKey, x });
  assert.equal(checkPublicKey(group, publicKeyText), publicKey);
  assert.ok(!file.includes(String(x)));
});

test("a passphrase typed in another Unicode form is the same passphrase", async () => {
  const opened = await openKeyFile(file, PASSPHRASE.normalize("NFD"));

  assert.equal(opened.x, x);
});

test("a wrong passphrase and a changed file are refused", async () => {
  const changed = (more) => canonical({ ...JSON.parse(file), ...more });

  await assert.rejects(openKeyFile(file, "another"), refusedAs("wrong_passphrase"));
  await assert.rejects(openKeyFile(changed({ number: 3 }), PASSPHRASE), refusedAs("wrong_passphrase"));
  await assert.rejects(openKeyFile(changed({ iterations: 1 }), PASSPHRASE), refusedAs("not_a_key_file"));
  await assert.rejects(openKeyFile(changed({ type: "openfloor/other/1" }), PASSPHRASE), refusedAs("not_a_key_file"));
  await assert.rejects(openKeyFile(changed({ sealed: "zz" }), PASSPHRASE), refusedAs("not_a_key_file"));
  await assert.rejects(openKeyFile(`${file}\n`, PASSPHRASE), refusedAs("not_a_key_file"));
  await assert.rejects(openKeyFile("a photograph", PASSPHRASE), refusedAs("not_a_key_file"));
});

test("the number on the paper copy is the key, in whatever groups it was typed", () => {
  const about = { ballot: "7pbdKANZCGj6dS", number: 2, group: group.name, public_key: publicKey };
  const typed = String(x).replace(/(.{5})/g, "$1 \n");

  assert.equal(keyFromPaper(about, typed).x, x);
  assert.throws(() => keyFromPaper(about, String(x + 1n)), refusedAs("other_key"));
  assert.throws(() => keyFromPaper(about, "seven"), refusedAs("scalar"));
});

test("the reloaded key opens a test ciphertext made under its public key", async () => {
  const r = group.randomScalar(secureRandom);
  const M = group.powerGenerator(group.randomScalar(secureRandom));
  const alpha = group.text(group.powerGenerator(r));
  const beta = group.text(group.multiply(group.power(group.element(publicKey), r), M));

  assert.equal(testDecryption(await openKeyFile(file, PASSPHRASE), { alpha, beta }), group.text(M));
  assert.throws(() => testDecryption({ group, x }, { alpha: "2", beta }), refusedAs("outside_group"));
});

/* The file of a threshold's trustee */

const own = participantOf(ceremonyOf({ id: "7pbdKANZCGj6dS.1", group, size: 3, threshold: 2 }), 2, newSeed(secureRandom));
const seedFile = await sealSeedFile({ ballot: "7pbdKANZCGj6dS", number: 5, own }, PASSPHRASE, secureRandom);

test("a threshold trustee's file opens between the rounds with the seed, and no share yet", async () => {
  const opened = await openKeyFile(seedFile, PASSPHRASE);

  assert.deepEqual(opened, { ballot: "7pbdKANZCGj6dS", number: 5, group, own, publicKey: null, x: null });
  assert.ok(!seedFile.includes(own.seed));
  await assert.rejects(openKeyFile(seedFile, "another"), refusedAs("wrong_passphrase"));
});

test("after the ceremony the file holds the share, and opens like any trustee's", async () => {
  const about = { ballot: "7pbdKANZCGj6dS", number: 5, own, share: x };

  const opened = await openKeyFile(await sealSeedFile(about, PASSPHRASE, secureRandom), PASSPHRASE);

  assert.deepEqual(opened, { ballot: "7pbdKANZCGj6dS", number: 5, group, own, publicKey, x });
  assert.deepEqual(opened, withShare(await openKeyFile(seedFile, PASSPHRASE), x));
});

test("a changed file of a threshold trustee is refused", async () => {
  const value = JSON.parse(seedFile);
  const changed = (more) => canonical({ ...value, ...more });
  const otherPlace = { ...value.ceremony, index: 1 };

  await assert.rejects(openKeyFile(changed({ ceremony: otherPlace }), PASSPHRASE), refusedAs("wrong_passphrase"));
  await assert.rejects(openKeyFile(changed({ verification: publicKey }), PASSPHRASE), refusedAs("wrong_passphrase"));
  await assert.rejects(openKeyFile(changed({ ceremony: null }), PASSPHRASE), refusedAs("not_a_key_file"));
  await assert.rejects(openKeyFile(changed({ type: "openfloor/trustee-key-file/3" }), PASSPHRASE), refusedAs("not_a_key_file"));
  await assert.rejects(openKeyFile(changed({ type: "constructor" }), PASSPHRASE), refusedAs("not_a_key_file"));
});

test("the seed on the paper copy is the trustee's, in whatever groups it was typed", () => {
  const about = JSON.parse(seedFile);
  const typed = own.seed.replace(/(.{5})/g, "$1 ");

  assert.deepEqual(keyFromPaperSeed(about, typed).own, own);
  assert.throws(() => keyFromPaperSeed(about, newSeed(secureRandom)), refusedAs("other_key"));
  assert.throws(() => keyFromPaperSeed(about, "seven"), refusedAs("seed"));
});
