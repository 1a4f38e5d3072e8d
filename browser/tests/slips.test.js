/** Paper slips: codes as people type them, and the credentials that both languages derive from them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { secureRandom } from "../core/bytes.js";
import { groupNamed } from "../core/groups.js";
import { newSlipCode, parseSlipCode, slipCredential, slipScalar } from "../core/slips.js";
import { memory } from "../pages/_ballots/memory.js";
import { faultsOfOwnSlips, rememberCancelled, rememberSlips } from "../pages/_ballots/slips.js";
import { refusedAs, vector } from "./support.js";

const CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const VECTORS = vector("slips");

test("codes and credentials are those of the vectors", () => {
  for (const { drawn, code } of VECTORS.codes) {
    assert.equal(
      newSlipCode(() => Uint8Array.from(drawn)),
      code,
    );
    assert.equal(parseSlipCode(code), code);
  }
  for (const { group: name, uuid, code, x, credential } of VECTORS.credentials) {
    const group = groupNamed(name);
    assert.equal(String(slipScalar(group, uuid, code)), x);
    assert.equal(slipCredential(group, uuid, code), credential);
  }
});

test("typed codes are read or refused as the vectors say", () => {
  for (const { typed, code } of VECTORS.typed) assert.equal(parseSlipCode(typed), code, typed);
  for (const { typed, why } of VECTORS.refused) assert.throws(() => parseSlipCode(typed), refusedAs(why), typed);
});

test("every wrong character, and any two that changed places, are noticed", () => {
  const code = newSlipCode(secureRandom);
  const characters = [...code.replaceAll("-", "")];
  const put = (changes) => characters.map((character, i) => changes[i] ?? character).join("");

  for (const [i, character] of characters.entries()) {
    for (const other of CHARACTERS.replace(character, "")) assert.throws(() => parseSlipCode(put({ [i]: other })), refusedAs("slip_check"));
    for (let j = i + 1; j < characters.length; j += 1) {
      if (characters[j] === character) continue;
      assert.throws(() => parseSlipCode(put({ [i]: characters[j], [j]: character })), refusedAs("slip_check"));
    }
  }
});

test("codes are all different and never look like anything else", () => {
  const codes = Array.from({ length: 200 }, () => newSlipCode(secureRandom));

  assert.equal(new Set(codes).size, 200);
  for (const code of codes) assert.match(code, /^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{6}-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{6}$/);
});

test("a teller's device misses the slips that it made, and finds those that it cancelled", async () => {
  const store = memory();
  const made = ["a", "b", "c"].map((list, i) => ({ number: 3, count: i + 1, list }));
  for (const slips of made) await rememberSlips(store, "AbCdEfGhJkMnPq", slips);
  await rememberCancelled(store, "AbCdEfGhJkMnPq", "b");
  const faults = (slips) => faultsOfOwnSlips(store, "AbCdEfGhJkMnPq", slips === undefined ? {} : { slips });

  assert.deepEqual(await faults([made[0], made[2]]), []);
  assert.deepEqual(await faults([made[0]]), [{ check: "own_slips", object: "slips", data: { count: 3 } }]);
  assert.deepEqual(await faults(made), [{ check: "slips_cancelled", object: "slips", data: {} }]);
  assert.equal((await faults()).length, 2);
  assert.deepEqual(await faultsOfOwnSlips(store, "7pbdKANZCGj6dS", {}), []);
});

test("slips whose cancellation was refused are the device's own again", async () => {
  const store = memory();
  const slips = [{ count: 2, list: "a" }];
  await rememberSlips(store, "AbCdEfGhJkMnPq", slips[0]);
  const takeBack = await rememberCancelled(store, "AbCdEfGhJkMnPq", "a");
  assert.equal((await faultsOfOwnSlips(store, "AbCdEfGhJkMnPq", { slips })).length, 1);

  await takeBack();

  assert.deepEqual(await faultsOfOwnSlips(store, "AbCdEfGhJkMnPq", { slips }), []);
});
