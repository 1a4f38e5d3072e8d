/** Rolls in which one rule is broken, signed and chained so that nothing else is. */

import { groupNamed } from "../core/groups.js";
import {
  chain,
  COMMITTEE,
  entryRecord,
  goodRecords,
  keysOf,
  RULES,
  rulesRecord,
  signedRecord,
  vouchOf,
} from "./committee.js";

/** The good roll with the record at a position changed. */
export const withChange = (position, change) =>
  goodRecords().map((record, i) => (i === position ? change(record) : record));

export const newcomer = (change = {}) =>
  entryRecord(6, "2026-09-28", false, [vouchOf(1, 6, "2026-09-27"), vouchOf(2, 6, "2026-09-28")], change);
const add = (...records) => [...goodRecords(), ...records];
const rulesThen = (rules) => [rulesRecord("2026-09-01", rules), ...goodRecords().slice(1)];
const withVouches = (...vouches) => add(newcomer({ vouches }));

const group = groupNamed("BELENIOS-2048");
const withCredential = (text) => ({ ...keysOf(6), credentials: { ...keysOf(6).credentials, "BELENIOS-2048": text } });
const vouchedKeys = (keys) =>
  add(newcomer({ keys, vouches: [vouchOf(1, 6, "2026-09-27", keys), vouchOf(2, 6, "2026-09-28", keys)] }));

export const BROKEN_ROLLS = {
  "a line with a space": {
    lines: () => chain(goodRecords()).map((line, i) => (i === 5 ? line.replace(":", ": ") : line)),
    checks: ["canonical"],
  },
  "a line that is a list": { lines: () => [...chain(goodRecords()), "[]"], checks: ["canonical"] },
  "another parent": {
    records: () => withChange(5, (record) => ({ ...record, parent: "0".repeat(64) })),
    checks: ["chain"],
  },
  "another position": { records: () => withChange(5, (record) => ({ ...record, position: 4 })), checks: ["chain"] },
  "an earlier day": { records: () => add(signedRecord("objection", 4, 1, "2026-09-19")), checks: ["day"] },
  "a day that does not exist": { records: () => add(signedRecord("objection", 4, 1, "2026-09-31")), checks: ["day"] },
  "another committee": {
    records: () => withChange(5, (record) => ({ ...record, committee: COMMITTEE.replace("6", "7") })),
    checks: ["committee", "possession", "vouch_signature"],
  },
  "an unknown type": { records: () => add({ type: "openfloor/roll/pardon/1", day: "2026-09-28" }), checks: ["type"] },
  "a field too many": { records: () => add(newcomer({ note: "kind" })), checks: ["type"] },
  "no rules at the start": { lines: () => chain(goodRecords().slice(1)), checks: ["rules"] },
  "an empty roll": { lines: () => [], checks: ["rules"] },
  "no founding member": { records: () => rulesThen({ ...RULES, founding_members: 0 }), checks: ["rules"] },
  "eleven founding members": { records: () => rulesThen({ ...RULES, founding_members: 11 }), checks: ["rules"] },
  "no vouch to ask for": { records: () => rulesThen({ ...RULES, vouches: 0 }), checks: ["rules"] },
  "no vouch a month": { records: () => rulesThen({ ...RULES, vouches_a_month: 0 }), checks: ["rules"] },
  "vouches from a day before joining": { records: () => rulesThen({ ...RULES, vouch_from_day: -1 }), checks: ["rules"] },
  "objections for less than no day": { records: () => rulesThen({ ...RULES, objection_days: -1 }), checks: ["rules"] },
  "too many vouches": { records: () => rulesThen({ ...RULES, vouches: 1001 }), checks: ["rules"] },
  "too many vouches a month": { records: () => rulesThen({ ...RULES, vouches_a_month: 1001 }), checks: ["rules"] },
  "vouches from too late a day": { records: () => rulesThen({ ...RULES, vouch_from_day: 1001 }), checks: ["rules"] },
  "objections for too many days": { records: () => rulesThen({ ...RULES, objection_days: 1001 }), checks: ["rules"] },
  "a rule that is no number": { records: () => rulesThen({ ...RULES, objection_days: "3" }), checks: ["rules"] },
  "a rule too many": { records: () => rulesThen({ ...RULES, votes: 1 }), checks: ["rules"] },
  "a rule missing": { records: () => rulesThen({ vouches: 2 }), checks: ["rules"] },
  "rules that are said again": { records: () => add(rulesRecord("2026-09-28")), checks: ["rules"] },
  "other rules later, which do not hold": {
    records: () =>
      add(
        rulesRecord("2026-09-28", { ...RULES, vouches: 1, objection_days: 30 }),
        newcomer({ vouches: [vouchOf(1, 6, "2026-09-28")] }),
        signedRecord("objection", 4, 1, "2026-09-28"),
      ),
    checks: ["rules", "vouch_count", "objection"],
  },
  "rules after the first entry": {
    lines: () => chain([...goodRecords().slice(1, 2), rulesRecord("2026-09-01", { ...RULES, vouches: 1 })]),
    checks: ["rules", "rules"],
  },
  "a voucher who may vouch only after years": {
    records: () => rulesThen({ ...RULES, vouch_from_day: 1000 }),
    checks: ["voucher_too_new"],
  },
  "a number twice": {
    records: () => add(newcomer({ number: 4 })),
    checks: ["number", "possession", "vouch_signature"],
  },
  "number zero": { records: () => add(newcomer({ number: 0 })), checks: ["number", "possession", "vouch_signature"] },
  "a key twice": {
    records: () => vouchedKeys({ ...keysOf(6), member: keysOf(5).member }),
    checks: ["key_reused"],
  },
  "a credential outside its group": { records: () => vouchedKeys(withCredential("2")), checks: ["key_outside_group"] },
  "a credential that is the identity": {
    records: () => vouchedKeys(withCredential("1")),
    checks: ["key_outside_group"],
  },
  "a signing key of small order": {
    records: () => vouchedKeys({ ...keysOf(6), member: `01${"00".repeat(31)}` }),
    checks: ["key_outside_group"],
  },
  "a credential of somebody else": {
    records: () => vouchedKeys(withCredential(group.text(group.powerGenerator(5n)))),
    checks: ["possession"],
  },
  "proofs of another entry": {
    records: () => add(newcomer({ proofs: entryRecord(5, "", false, []).proofs })),
    checks: ["possession"],
  },
  "a founder too many": { records: () => add(newcomer({ founding: true })), checks: ["founding"] },
  "one vouch": { records: () => withVouches(vouchOf(1, 6, "2026-09-27")), checks: ["vouch_count"] },
  "three vouches": {
    records: () => withVouches(...[1, 2, 3].map((by) => vouchOf(by, 6, "2026-09-27"))),
    checks: ["vouch_count"],
  },
  "a voucher nobody knows": {
    records: () => withVouches(vouchOf(1, 6, "2026-09-27"), vouchOf(9, 6, "2026-09-27")),
    checks: ["voucher_unknown"],
  },
  "a voucher who left": {
    records: () => [...goodRecords(), signedRecord("end", 2, 2, "2026-09-28"), newcomer()],
    checks: ["voucher_unknown"],
  },
  "a voucher under objection": {
    records: () => [
      ...goodRecords(),
      signedRecord("objection", 4, 3, "2026-09-22"),
      newcomer({ vouches: [vouchOf(1, 6, "2026-09-28"), vouchOf(4, 6, "2026-09-28")] }),
    ],
    checks: ["voucher_unknown"],
  },
  "one voucher twice": {
    records: () => withVouches(vouchOf(1, 6, "2026-09-27"), vouchOf(1, 6, "2026-09-28")),
    checks: ["voucher_twice"],
  },
  "a voucher of five days": {
    records: () => withVouches(vouchOf(1, 6, "2026-09-25"), vouchOf(4, 6, "2026-09-26")),
    checks: ["voucher_too_new"],
  },
  "a vouch later than the entry": {
    records: () => withVouches(vouchOf(1, 6, "2026-09-27"), vouchOf(2, 6, "2026-09-29")),
    checks: ["vouch_day"],
  },
  "a vouch earlier than the voucher": {
    records: () => withVouches(vouchOf(3, 6, "2026-09-01"), vouchOf(2, 6, "2026-09-28")),
    checks: ["vouch_day"],
  },
  "vouches out of order": {
    records: () => withVouches(vouchOf(2, 6, "2026-09-28"), vouchOf(1, 6, "2026-09-27")),
    checks: ["vouch_day"],
  },
  "a vouch for other keys": {
    records: () => withVouches(vouchOf(1, 6, "2026-09-27"), vouchOf(2, 6, "2026-09-28", keysOf(7))),
    checks: ["vouch_signature"],
  },
  "a vouch for oneself": {
    records: () => withVouches(vouchOf(1, 6, "2026-09-27"), vouchOf(6, 6, "2026-09-28")),
    checks: ["vouch_self"],
  },
  "an objection signed by another": {
    records: () => add({ ...signedRecord("objection", 4, 1, "2026-09-21"), by: 2 }),
    checks: ["objection"],
  },
  "an objection made twice": {
    records: () => add(signedRecord("objection", 4, 1, "2026-09-21"), signedRecord("objection", 4, 1, "2026-09-22")),
    checks: ["objection"],
  },
  "an objection to nobody": {
    records: () => add(signedRecord("objection", 9, 1, "2026-09-28")),
    checks: ["objection"],
  },
  "an objection of another taken back": {
    records: () => add(signedRecord("objection", 4, 1, "2026-09-21"), signedRecord("withdrawal", 4, 2, "2026-09-28")),
    checks: ["objection"],
  },
  "an objection on the fourth day": {
    records: () => add(signedRecord("objection", 4, 1, "2026-09-23")),
    checks: ["objection"],
  },
  "an objection to a founder on the fourth day": {
    records: () => [...goodRecords().slice(0, 4), signedRecord("objection", 3, 1, "2026-09-05")],
    checks: ["objection"],
  },
  "an objection where the rules leave no day for one": {
    records: () => [...rulesThen({ ...RULES, objection_days: 0 }), signedRecord("objection", 4, 1, "2026-09-20")],
    checks: ["objection"],
  },
  "an objection by one who left": {
    records: () => add(signedRecord("end", 3, 3, "2026-09-21"), signedRecord("objection", 4, 3, "2026-09-21")),
    checks: ["objection"],
  },
  "an objection to one who left": {
    records: () => add(signedRecord("end", 4, 4, "2026-09-21"), signedRecord("objection", 4, 3, "2026-09-21")),
    checks: ["objection"],
  },
  "an objection taken back after it ended with its member": {
    records: () =>
      add(
        signedRecord("objection", 4, 3, "2026-09-21"),
        signedRecord("end", 3, 3, "2026-09-22"),
        signedRecord("withdrawal", 4, 3, "2026-09-22"),
      ),
    checks: ["objection"],
  },
  "an end signed by another": { records: () => add({ ...signedRecord("end", 3, 2, "2026-09-28") }), checks: ["end"] },
  "an end said twice": {
    records: () => add(signedRecord("end", 3, 3, "2026-09-28"), signedRecord("end", 3, 3, "2026-09-28")),
    checks: ["end"],
  },
};
