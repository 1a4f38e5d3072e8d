/** The lies a server could tell a phone about a roll that it does not read whole, each noticed by name. */

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { sha256Hex } from "../core/bytes.js";
import { memberKeyOn } from "../core/roll.js";
import { checkParts, isLong } from "../core/rollparts.js";
import { checkRollOf } from "../core/setup.js";
import {
  chain,
  COMMITTEE,
  entryRecord,
  goodRecords,
  keysOf,
  renewalRecord,
  renewalVouchOf,
  signedRecord,
  stoppedRecord,
  vouchOf,
} from "./committee.js";
import { checksOf } from "./support.js";
import { growthOf, partOf, rootOf } from "./treeproofs.js";

const OWN = 4;
const DAY = "2026-10-05";
const LAST_DAY = "9999-12-31";

// 0 rules · 1 2 3 founders · 4 entry 5 · 5 entry 4 · 6 new keys of entry 5 · 7 entry 6 · 8 an objection · then later ones
const records = () => [
  ...goodRecords(),
  renewalRecord(5, "2026-09-25", [renewalVouchOf(1, 5, "2026-09-24"), renewalVouchOf(2, 5, "2026-09-25")]),
  entryRecord(6, "2026-09-28", false, [vouchOf(1, 6, "2026-09-27"), vouchOf(2, 6, "2026-09-28")]),
  signedRecord("objection", 6, 2, "2026-09-29"),
];
const laterRecords = () => [
  entryRecord(7, "2026-10-06", false, [vouchOf(1, 7, "2026-10-05"), vouchOf(2, 7, "2026-10-06")]),
  renewalRecord(OWN, "2026-10-07", [renewalVouchOf(1, OWN, "2026-10-06"), renewalVouchOf(2, OWN, "2026-10-07")]),
];
const SIZE = 9;
const OF_OFFICERS = [0, 1, 2, 3, 4, 6]; // trustees and tellers are 1, 2, 3 and 5

let lines;
before(() => {
  lines = chain([...records(), ...laterRecords()]);
});

const charterOf = (texts = lines, change = {}) => ({
  committee: { id: COMMITTEE },
  roll: { head: headOf(texts), position: SIZE - 1, tree: rootOf(texts.slice(0, SIZE)), entitled: 5, day: DAY, ...change },
});
const headOf = (texts) => sha256Hex(texts[SIZE - 1]);

const partsOf = ({ texts = lines, positions = OF_OFFICERS, own = [5], later = [9, 10], since = 0, ...change } = {}) => ({
  size: texts.length,
  root: rootOf(texts),
  grown: growthOf(texts, SIZE),
  head: partOf(texts.slice(0, SIZE), SIZE - 1),
  seen: since > 0 ? growthOf(texts, since) : null,
  records: [...positions, ...own].sort((a, b) => a - b).map((position) => partOf(texts.slice(0, SIZE), position)),
  later: later.map((position) => partOf(texts, position)),
  ...change,
});

const seenAt = (size, texts = lines) => ({ size, root: rootOf(texts.slice(0, size)) });

const check = (parts, { charter = charterOf(), seen = null } = {}) => checkParts(parts, { charter, seen, own: OWN });

async function findingsOf(parts, more = {}) {
  const charter = more.charter ?? charterOf();
  const roll = await check(parts, more);
  return [...checksOf(checkRollOf(charter, roll)), ...(roll.isForked ? ["forked"] : [])];
}

test("honest parts give the keys that count, and the tree to be kept", async () => {
  const roll = await check(partsOf({ since: 4 }), { seen: seenAt(4) });

  assert.deepEqual(checkRollOf(charterOf(), roll), []);
  assert.equal(roll.isForked, false);
  assert.deepEqual(roll.now, { size: 11, root: rootOf(lines) });
  assert.equal(memberKeyOn(roll, 1, DAY), keysOf(1).member);
  assert.equal(memberKeyOn(roll, 5, DAY), keysOf(25).member);
  assert.equal(memberKeyOn(roll, OWN, DAY), keysOf(OWN).member);
  assert.equal(memberKeyOn(roll.grown, OWN, LAST_DAY), keysOf(24).member);
  assert.equal(memberKeyOn(roll, 6, DAY), null);
});

test("parts of a roll that has not grown since are honest too", async () => {
  const texts = lines.slice(0, SIZE);

  assert.deepEqual(await findingsOf(partsOf({ texts, later: [], since: SIZE }), { seen: seenAt(SIZE) }), []);
});

test("a member who votes is checked without those who vouched, unless they vouched for an officer", async () => {
  const positions = OF_OFFICERS.filter((position) => position !== 4 && position !== 6); // entry 5, a voucher of entry 4
  const roll = await check(partsOf({ positions }));

  assert.deepEqual(checkRollOf(charterOf(), roll), []);
  assert.equal(memberKeyOn(roll, OWN, DAY), keysOf(OWN).member);
});

/** The roll as it would be with another record at *position*, chained and hashed as the server pleases. */
const withRecord = (position, record) => chain([...records(), ...laterRecords()].map((one, i) => (i === position ? record : one)));

const LIES = {
  "a record that does not stand in the tree": () => {
    const parts = partsOf();
    parts.records[4] = { ...parts.records[4], text: partOf(withRecord(4, { ...records()[4], keys: keysOf(9) }), 4).text };
    return [parts];
  },
  "a record at another's place": () => {
    const parts = partsOf();
    parts.records[4] = { ...parts.records[4], position: 5 };
    return [parts];
  },
  "another tree than the charter's": () => [partsOf({ texts: withRecord(4, entryRecord(8, "2026-09-05", false, [])) })],
  "a charter whose tree and head are of two rolls": () => {
    const texts = withRecord(4, { ...records()[4], day: "2026-09-06" });
    return [partsOf({ texts }), { charter: charterOf(texts, { head: headOf(lines) }) }];
  },
  "a roll without its rules": () => [partsOf({ positions: OF_OFFICERS.slice(1) })],
  "another record than the last": () => [partsOf({ head: partOf(lines.slice(0, SIZE), SIZE - 2) })],
  "a shortened roll": () => [partsOf({ texts: lines.slice(0, SIZE), later: [], size: SIZE - 1 })],
  "a later roll that the charter's is no part of": () => {
    const other = [...withRecord(4, { ...records()[4], day: "2026-09-06" }).slice(0, SIZE), ...lines.slice(SIZE)];
    return [{ ...partsOf(), size: 11, root: rootOf(other), grown: growthOf(other, SIZE), later: partsOf({ texts: other }).later }];
  },
  "a next record that is kept back": () => [partsOf({ later: [10] })],
  "a later record that is none": () => [partsOf({ later: [9], texts: [...lines.slice(0, SIZE), "null"] })],
  "nothing at all": () => [{}],
};

for (const [lie, tell] of Object.entries(LIES)) {
  test(`parts with ${lie} are noticed`, async () => {
    const [parts, more] = tell();

    assert.deepEqual(await findingsOf(parts, more), ["roll_tree"]);
  });
}

const forged = {
  "an officer's entry whose vouches nobody signed": () =>
    withRecord(4, entryRecord(5, "2026-09-05", false, [vouchOf(1, 9, "2026-09-04"), vouchOf(3, 9, "2026-09-05")])),
  "an officer's new keys whose vouches nobody signed": () =>
    withRecord(6, renewalRecord(5, "2026-09-25", [renewalVouchOf(1, 5, "2026-09-24", { signer: 9 }), renewalVouchOf(2, 5, "2026-09-25")])),
  "new keys that somebody stops who is not on the roll": () => withRecord(7, stoppedRecord(5, 9, "2026-09-26")),
};

for (const [lie, tell] of Object.entries(forged)) {
  test(`a tree that holds ${lie} is noticed`, async () => {
    const texts = tell();
    const positions = [0, 1, 2, 3, 4, 6, 7];

    assert.deepEqual(await findingsOf(partsOf({ texts, positions }), { charter: charterOf(texts) }), ["roll_findings"]);
  });
}

test("what was checked before is not computed again, unless the roll is another", async () => {
  const texts = forged["an officer's entry whose vouches nobody signed"]();
  const parts = partsOf({ texts, positions: [...OF_OFFICERS, 7], since: 6 });
  const again = (seen, checked) => checkParts(parts, { charter: charterOf(texts), seen, checked, own: OWN });
  const honest = await check(partsOf());

  assert.deepEqual(honest.checked, OF_OFFICERS);
  assert.deepEqual(checksOf((await again(seenAt(6, texts), [4])).findings), []);
  assert.deepEqual(checksOf((await again(seenAt(6, texts), [3])).findings), ["vouch_signature"]);
  assert.deepEqual(checksOf((await again(seenAt(6), [4])).findings), ["vouch_signature"]);
  assert.deepEqual(checksOf((await again(null, [4])).findings), ["vouch_signature"]);
});

test("an officer's voucher who is left out is noticed", async () => {
  const withoutTheThird = OF_OFFICERS.filter((position) => position !== 3); // vouched for entry 5

  assert.deepEqual(await findingsOf(partsOf({ positions: withoutTheThird })), ["roll_findings"]);
});

test("new keys that are left out leave the old key, by which what was signed does not hold", async () => {
  const roll = await check(partsOf({ positions: OF_OFFICERS.filter((position) => position !== 6) }));

  assert.equal(memberKeyOn(roll, 5, DAY), keysOf(5).member);
  assert.notEqual(memberKeyOn(roll, 5, DAY), keysOf(25).member);
});

test("a roll that is not the one this device saw is a fork: changed, shortened, or without a proof", async () => {
  const other = withRecord(4, { ...records()[4], day: "2026-09-06" });

  assert.deepEqual(await findingsOf(partsOf({ since: 6 }), { seen: seenAt(6, other) }), ["forked"]);
  assert.deepEqual(await findingsOf(partsOf({ since: 0 }), { seen: seenAt(6) }), ["forked"]);
  assert.deepEqual(await findingsOf(partsOf({ since: 5 }), { seen: seenAt(6) }), ["forked"]);
  assert.deepEqual(await findingsOf(partsOf({ texts: lines.slice(0, SIZE + 1), later: [9] }), { seen: seenAt(11) }), ["forked"]);
});

test("a ballot that leaves out who was on the roll before its day is noticed", async () => {
  const charter = charterOf(lines, { day: "2026-10-07" });

  assert.deepEqual(await findingsOf(partsOf(), { charter }), ["roll_outdated"]);
});

test("only a charter with a tree over more than 300 records is checked in parts", () => {
  const long = { roll: { ...charterOf().roll, position: 300 } };
  const { tree: _tree, ...without } = long.roll;

  assert.ok(isLong(long));
  for (const other of [{ roll: { ...long.roll, position: 299 } }, { roll: without }, { roll: { ...long.roll, tree: "x" } }, null, {}])
    assert.ok(!isLong(other));
});
