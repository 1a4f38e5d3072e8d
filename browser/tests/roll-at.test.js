/** What a device keeps of the roll it checked for one ballot, and what it must not take from there. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { rollAt } from "../pages/_ballots/roll.js";
import { chain, goodRecords } from "./committee.js";
import { checksOf } from "./support.js";

const { fetch } = globalThis;
const records = goodRecords();
const { "Ed25519": proof, ...others } = records[2].proofs;
records[2] = { ...records[2], proofs: { ...others, Ed25519: { ...proof, response: "1" } } };
const lines = chain(records);

before(() => {
  globalThis.fetch = async () => new Response(lines.map((line) => `${line}\n`).join(""));
});

after(() => {
  globalThis.fetch = fetch;
});

function storeInMemory() {
  const values = new Map();
  return { get: async (key) => values.get(key), put: async (key, value) => void values.set(key, value) };
}

test("a roll that was checked for one group is checked again for another", async () => {
  const store = storeInMemory();
  const at = (group) => rollAt(store, { address: "/roll.jsonl", uuid: "7pbdKANZCGj6dS", position: lines.length - 1, group });

  assert.deepEqual(checksOf((await at("BELENIOS-2048")).findings), []);
  assert.deepEqual(checksOf((await at("Ed25519")).findings), ["possession"]);
});
