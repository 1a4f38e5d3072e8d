/** Who mixed the votes: a trustee's browser opens nothing that others than the trustees have put into order. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { shufflesNeeded } from "../core/charter.js";
import { checkMixed, checkShuffles, eventToOpen, shufflesOn, shuffleStatement } from "../core/mixing.js";
import { readBoard } from "../core/verify.js";
import { keysOf, signedBy } from "./committee.js";
import { checksOf } from "./support.js";

const bytes = readFileSync(new URL("../../tests/openballot/data/ed-ranking-shuffles.bel", import.meta.url));
const board = readBoard(new Uint8Array(bytes));
const { election } = board.setup;
const CHARTER = { trustees: [{ number: 3 }, { number: 1 }] };
const keysOfMember = (number) => [keysOf(number).member];

const signedAs = ({ number, text, parent }, { by = number, ...change } = {}) => ({
  number,
  signature: signedBy(by, { ...shuffleStatement({ election, parent, text, number }), ...change }),
});
const shuffles = shufflesOn(board, CHARTER);
const honest = shuffles.map((shuffle) => signedAs(shuffle));
const checked = (signed, { keys = keysOfMember, charter = CHARTER } = {}) =>
  checksOf(checkShuffles(board, signed, charter, keys));

/** The same board cut off before an event of *type*. */
const before = (type) => {
  const end = board.archive.events.findIndex((event) => event.type === type);
  return { ...board, archive: { ...board.archive, events: board.archive.events.slice(0, end) } };
};

test("shuffles that their trustees signed have no findings", () => {
  assert.deepEqual(
    shuffles.map(({ number }) => number),
    [3, 1],
  );
  assert.deepEqual(checked(honest), []);
  assert.deepEqual(checkMixed(board, CHARTER), []);
});

test("a new key of a trustee counts where the roll has it", () => {
  const renewed = [honest[0], signedAs(shuffles[1], { by: 5 })];

  assert.deepEqual(checked(renewed), ["shuffle_signature"]);
  assert.deepEqual(checked(renewed, { keys: (number) => [keysOf(number).member, keysOf(5).member] }), []);
});

const LIES = {
  "a shuffle that nobody signed": [honest.slice(1), ["shuffle_missing"]],
  "no signature at all": [[], ["shuffle_missing", "shuffle_missing"]],
  "a signature by another": [[honest[0], signedAs(shuffles[1], { by: 4 })], ["shuffle_signature"]],
  "a signature under another shuffle": [
    [honest[0], { ...honest[1], signature: signedBy(1, shuffleStatement({ election, ...shuffles[0], number: 1 })) }],
    ["shuffle_signature"],
  ],
  "a signature from another place on the board": [
    [honest[0], signedAs(shuffles[1], { parent: shuffles[0].parent })],
    ["shuffle_signature"],
  ],
  "a signature of another ballot": [[honest[0], signedAs(shuffles[1], { ballot: "8pbdKANZCGj6dS" })], ["shuffle_signature"]],
  "one trustee's word for both": [
    [honest[0], { ...honest[0], number: 1 }],
    ["shuffle_signature"],
  ],
};

for (const [lie, [signed, checks]] of Object.entries(LIES)) {
  test(`${lie} is noticed`, () => {
    assert.deepEqual(checked(signed), checks);
  });
}

test("a shuffle by nobody whom the charter names is noticed", () => {
  assert.deepEqual(checked(honest, { charter: { trustees: [{ number: 3 }] } }), ["shuffle_missing"]);
});

test("as many trustees mix as open the count, and nobody opens before", () => {
  const three = { trustees: [{ number: 3 }, { number: 1 }, { number: 2 }] };

  assert.equal(shufflesNeeded(three), 3);
  assert.equal(shufflesNeeded({ ...three, threshold: 2 }), 2);
  assert.deepEqual(checksOf(checkMixed(board, three)), ["shuffles_few"]);
  assert.deepEqual(checkMixed(board, { ...three, threshold: 2 }), []);
  assert.deepEqual(checksOf(checkMixed(before("EndShuffles"), CHARTER)), ["not_mixed"]);
  assert.deepEqual(checksOf(checkMixed(before("Shuffle"), CHARTER)), ["not_mixed", "shuffles_few"]);
});

test("one trustee who shuffles twice is one", () => {
  const [first] = board.archive.events.filter(({ type }) => type === "Shuffle");
  const events = board.archive.events.map((event) => (event.type === "Shuffle" ? { ...event, data: first.data } : event));

  assert.deepEqual(checksOf(checkMixed({ ...board, archive: { ...board.archive, events } }, CHARTER)), ["shuffles_few"]);
});

test("the event before the opening is the tally, or the end of the shuffles", () => {
  const added = { ...board, setup: { election: { questions: [{ answers: ["Yes"], min: 0, max: 1 }] } } };

  assert.equal(eventToOpen(board).type, "EndShuffles");
  assert.equal(eventToOpen(added).type, "EncryptedTally");
  assert.equal(eventToOpen(before("EndShuffles")), null);
});
