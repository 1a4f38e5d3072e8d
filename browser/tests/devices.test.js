/** A key on its way between devices: what arrives is what was sent, and nothing else opens. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, secureRandom, toHex } from "../core/bytes.js";
import { beginHandOver, handOverWords, onceKey, openHandOver, readCode, sealHandOver } from "../core/hand-over.js";
import { openRoot, sealRoot } from "../core/sealed-root.js";
import { COMMITTEE, rootOf } from "./committee.js";
import { devices } from "./handed-over.js";
import { refusedAs, vector } from "./support.js";

const ROOT = rootOf(3);
const OWNER = { number: 3, handle: "Ann" };
const LONGEST_HANDLE = "\u{1F989}".repeat(30);

function exchangeBetween(fresh, old) {
  return { committee: COMMITTEE, id: fresh.id, new_key: fresh.key, old_key: old.key };
}

test("hand-overs and sealed roots are those of the vectors", async () => {
  assert.deepEqual(vector("devices"), await devices());
});

test("no case of the vectors that must be refused is opened", () => {
  const { hand_over: handOver, sealed_root: sealedRoot } = vector("devices");
  for (const { why, check } of [...handOver.refused, ...sealedRoot.refused]) assert.notEqual(check, "opened", why);
  for (const { code, check } of handOver.refused_codes) assert.notEqual(check, "opened", code);
});

test("the new device opens what the old one sealed for its code", async () => {
  const fresh = beginHandOver(secureRandom);
  const old = onceKey(secureRandom);
  const exchange = { ...exchangeBetween(fresh, old), new_key: readCode(fresh.code).key };

  const envelope = await sealHandOver(exchange, old.secret, OWNER, ROOT, secureRandom);

  assert.deepEqual(await openHandOver(exchange, fresh.secret, envelope), { ...OWNER, root: ROOT });
});

test("the envelope of the longest handle is under a kilobyte", async () => {
  const fresh = beginHandOver(secureRandom);
  const old = onceKey(secureRandom);
  const owner = { number: Number.MAX_SAFE_INTEGER, handle: LONGEST_HANDLE };

  const envelope = await sealHandOver(exchangeBetween(fresh, old), old.secret, owner, ROOT, secureRandom);

  assert.ok(envelope.length < 1024);
});

test("two devices that wait at once open only their own envelope", async () => {
  const [one, other] = [beginHandOver(secureRandom), beginHandOver(secureRandom)];
  const old = onceKey(secureRandom);
  const envelope = await sealHandOver(exchangeBetween(one, old), old.secret, OWNER, ROOT, secureRandom);

  await assert.rejects(openHandOver(exchangeBetween(one, old), other.secret, envelope), refusedAs("hand_over_sealed"));
  await assert.rejects(openHandOver(exchangeBetween(other, old), other.secret, envelope), refusedAs("hand_over_sealed"));
});

test("the words change with every part of the exchange", () => {
  const exchange = exchangeBetween(beginHandOver(secureRandom), onceKey(secureRandom));
  const words = handOverWords(exchange);

  assert.equal(words.length, 3);
  for (const part of Object.keys(exchange)) {
    assert.notDeepEqual(handOverWords({ ...exchange, [part]: onceKey(secureRandom).key }), words, part);
  }
});

test("a root sealed under a passkey's output opens under that output alone", async () => {
  const output = secureRandom(32);
  const owner = { committee: COMMITTEE, number: 3, passkey: "aWQ" };

  const sealed = await sealRoot(output, owner, ROOT, secureRandom);

  assert.equal(sealed.length, 88);
  assert.equal(toHex(await openRoot(output, owner, sealed)), toHex(ROOT));
  await assert.rejects(openRoot(fromHex("00".repeat(32), 32), owner, sealed), refusedAs("sealed_root"));
});
