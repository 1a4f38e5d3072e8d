/** Every rule of the roll, broken one at a time in a roll that is otherwise signed and chained. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical } from "../core/canonical.js";
import { entitled, entryOf, keysOn, renewalWaitingOn, rollLines, rollOn, verifyRoll } from "../core/roll.js";
import {
  chain,
  COMMITTEE,
  entryRecord,
  goodRecords,
  keysOf,
  renewalRecord,
  renewalVouchOf,
  RULES,
  rulesRecord,
  signedBy,
  signedRecord,
  vouchOf,
} from "./committee.js";
import { BROKEN_ROLLS, newcomer, renewal, RENEWALS, withChange } from "./broken-rolls.js";
import { refusedAs } from "./support.js";

const findingsOf = async (records) => (await verifyRoll(chain(records))).findings;

test("a good roll has no findings, and says who may vote when", async () => {
  const roll = await verifyRoll(chain(goodRecords()));

  assert.deepEqual(roll.findings, []);
  assert.equal(roll.size, 6);
  assert.deepEqual(
    entitled(roll, "2026-09-20").map(({ number }) => number),
    [1, 2, 3, 5],
  );
  assert.deepEqual(
    entitled(roll, "2026-09-23").map(({ number }) => number),
    [1, 2, 3, 4, 5],
  );
});

test("an objection keeps a member from voting until it is taken back, and an end for good", async () => {
  const objected = [...goodRecords(), signedRecord("objection", 4, 1, "2026-09-21")];
  const withdrawn = [...objected, signedRecord("withdrawal", 4, 1, "2026-09-22")];
  const ended = [...withdrawn, signedRecord("end", 2, 2, "2026-09-23")];

  const rolls = await Promise.all([objected, withdrawn, ended].map((records) => verifyRoll(chain(records))));

  assert.deepEqual(
    rolls.map(({ findings }) => findings),
    [[], [], []],
  );
  assert.deepEqual(
    rolls.map((roll) => entitled(roll, "2026-09-30").map(({ number }) => number)),
    [
      [1, 2, 3, 5],
      [1, 2, 3, 4, 5],
      [1, 3, 4, 5],
    ],
  );
});

test("an objection ends when the member who made it leaves, those of others stay", async () => {
  const objected = [
    ...goodRecords(),
    signedRecord("objection", 4, 1, "2026-09-21"),
    signedRecord("objection", 4, 3, "2026-09-21"),
    signedRecord("end", 3, 3, "2026-09-22"),
  ];
  const ended = [...objected, signedRecord("end", 1, 1, "2026-09-22")];

  const rolls = await Promise.all([objected, ended].map((records) => verifyRoll(chain(records))));

  assert.deepEqual(
    rolls.map(({ findings }) => findings),
    [[], []],
  );
  assert.deepEqual(
    rolls.map((roll) => entryOf(roll, 4).objections),
    [[1], []],
  );
  assert.deepEqual(
    rolls.map((roll) => entitled(roll, "2026-09-30").map(({ number }) => number)),
    [
      [1, 2, 5],
      [2, 4, 5],
    ],
  );
});

test("a founder may be objected to for as long as others, and is entitled at once", async () => {
  const founded = goodRecords().slice(0, 4);
  const objected = [...founded, signedRecord("objection", 3, 1, "2026-09-04")];

  const rolls = await Promise.all([founded, objected].map((records) => verifyRoll(chain(records))));

  assert.deepEqual(
    rolls.map(({ findings }) => findings),
    [[], []],
  );
  assert.deepEqual(
    rolls.map((roll) => entitled(roll, "2026-09-02").map(({ number }) => number)),
    [
      [1, 2, 3],
      [1, 2],
    ],
  );
});

test("rules at the edge of what is allowed hold, and only those of the first record", async () => {
  const most = 1000;
  const edges = [
    { founding_members: 1, vouches: 1, vouch_from_day: 0, vouches_a_month: 1, objection_days: 0 },
    { founding_members: 10, vouches: most, vouch_from_day: most, vouches_a_month: most, objection_days: most },
  ];

  const rolls = await Promise.all(edges.map((rules) => verifyRoll(chain([rulesRecord("2026-09-01", rules)]))));
  const changed = await verifyRoll(chain([...goodRecords(), rulesRecord("2026-09-28", edges[0])]));

  assert.deepEqual(
    rolls.map(({ findings, rules }) => [findings, rules]),
    edges.map((rules) => [[], rules]),
  );
  assert.deepEqual(changed.rules, RULES);
  assert.deepEqual(changed.findings, [{ check: "rules", position: 6, number: null }]);
});

test("where objections last for years, nobody but founders is entitled before", async () => {
  const rules = { ...RULES, objection_days: 1000 };

  const roll = await verifyRoll(chain([rulesRecord("2026-09-01", rules), ...goodRecords().slice(1)]));

  assert.deepEqual(
    entitled(roll, "2029-01-01").map(({ number }) => number),
    [1, 2, 3],
  );
});

test("what a device checked before is not checked again, and must still be there", async () => {
  const lines = chain(goodRecords());
  const before = await verifyRoll(lines.slice(0, 5));
  const other = chain(withChange(4, (record) => ({ ...record, day: "2026-09-06" })));

  const grown = await verifyRoll(lines, { from: JSON.parse(JSON.stringify(before)) });
  const whole = await verifyRoll(lines);

  assert.deepEqual(grown, whole);
  assert.deepEqual((await verifyRoll(lines.slice(0, 4), { from: before })).findings, [
    { check: "shrunk", position: 4, number: null },
  ]);
  assert.deepEqual((await verifyRoll(other, { from: before })).findings, [
    { check: "forked", position: 4, number: null },
  ]);
  assert.deepEqual((await verifyRoll(other, { seen: { position: 4, head: before.head } })).findings[0], {
    check: "forked",
    position: 4,
    number: null,
  });
});

test("progress is told to the end", async () => {
  const told = [];

  await verifyRoll(chain(goodRecords()), { onProgress: (done, total) => told.push([done, total]) });

  assert.deepEqual(told.at(-1), [6, 6]);
});

for (const [what, { records, lines = () => chain(records()), checks }] of Object.entries(BROKEN_ROLLS)) {
  test(`a roll with ${what} is refused by name`, async () => {
    const { findings } = await verifyRoll(lines());

    assert.deepEqual(
      findings.map(({ check }) => check),
      checks,
    );
  });
}

test("a sixth vouch in a month is one too many, in the next month it is not", async () => {
  const days = ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-04", "2026-10-05", "2026-10-06"];
  const joining = (number, day) =>
    entryRecord(number, day, false, [vouchOf(1, number, day), vouchOf(number % 2 ? 2 : 3, number, day)]);
  const five = days.slice(0, 5).map((day, i) => joining(10 + i, day));

  const sixth = await findingsOf([...goodRecords(), ...five, joining(15, days[5])]);
  const next = await findingsOf([...goodRecords(), ...five, joining(15, "2026-11-01")]);

  assert.deepEqual(sixth, [{ check: "voucher_over_quota", position: 11, number: 15 }]);
  assert.deepEqual(next, []);
});

test("new keys count from the second day, and until then they can be stopped", async () => {
  const roll = await verifyRoll(chain([...goodRecords(), renewal()]));
  const entry = entryOf(roll, 3);

  assert.deepEqual(roll.findings, []);
  assert.equal(renewalWaitingOn(entry, "2026-09-29").keys.member, keysOf(23).member);
  assert.equal(renewalWaitingOn(entry, "2026-09-30"), null);
  assert.deepEqual(
    ["2026-09-29", "2026-09-30"].map((day) => keysOn(entry, day)),
    [keysOf(3), keysOf(23)],
  );
  assert.deepEqual(entryOf(rollOn(roll, "2026-09-30"), 3).keys, keysOf(23));
  assert.deepEqual(entitled(roll, "2026-09-30")[2].keys, keysOf(23));
});

test("new keys, stops and vouches that a device checked before are not checked again", async () => {
  const lines = chain([...goodRecords(), ...RENEWALS]);

  for (let at = 7; at < lines.length; at += 1) {
    const before = await verifyRoll(lines.slice(0, at));
    assert.deepEqual(await verifyRoll(lines, { from: JSON.parse(JSON.stringify(before)) }), await verifyRoll(lines));
  }
});

test("a vouch for new keys is one of the five of its month, also for who joins then", async () => {
  const renewed = [2, 3, 4, 5].map((number) =>
    renewalRecord(number, "2026-09-28", [1, number === 2 ? 3 : 2].map((by) => renewalVouchOf(by, number, "2026-09-28"))),
  );
  const fifth = newcomer({ vouches: [vouchOf(1, 6, "2026-09-28"), vouchOf(3, 6, "2026-09-28")] });
  const sixth = entryRecord(7, "2026-09-28", false, [vouchOf(1, 7, "2026-09-28"), vouchOf(3, 7, "2026-09-28")]);

  // Member 1 has vouched for entry 5 in that month already, so the newcomer is the sixth.
  assert.deepEqual(await findingsOf([...goodRecords(), ...renewed]), []);
  assert.deepEqual(
    (await findingsOf([...goodRecords(), ...renewed, fifth, sixth])).map(({ check, number }) => [check, number]),
    [
      ["voucher_over_quota", 6],
      ["voucher_over_quota", 7],
    ],
  );
});

test("founding entries ask for exactly one vouch, the first for none", async () => {
  const records = goodRecords().slice(0, 3);

  const unvouched = await findingsOf([...records.slice(0, 2), entryRecord(2, "2026-09-01", true, [])]);
  const vouchedFirst = await findingsOf([
    records[0],
    entryRecord(1, "2026-09-01", true, [vouchOf(2, 1, "2026-09-01")]),
  ]);

  assert.deepEqual(
    unvouched.map(({ check }) => check),
    ["vouch_count"],
  );
  assert.deepEqual(
    vouchedFirst.map(({ check }) => check),
    ["vouch_count", "voucher_unknown"],
  );
});

test("an entry is found by its number, and a file's last line ends too", async () => {
  const roll = await verifyRoll(chain(goodRecords().slice(0, 2)));

  assert.equal(entryOf(roll, 1).keys.member, keysOf(1).member);
  assert.equal(entryOf(roll, 2), null);
  assert.deepEqual(rollLines("a\nb\n"), ["a", "b"]);
  assert.throws(() => rollLines("a\nb"), refusedAs("not_canonical"));
});

test("a vouch signed over the canonical text is what the specification prints", () => {
  const text = canonical({
    type: "openfloor/vouch/1",
    committee: COMMITTEE,
    number: 2,
    day: "2026-09-01",
    keys: keysOf(2),
  });

  assert.equal(vouchOf(1, 2, "2026-09-01").signature, signedBy(1, JSON.parse(text)));
});
