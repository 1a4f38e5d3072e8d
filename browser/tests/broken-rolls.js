/** Rolls in which one rule is broken, signed and chained so that nothing else is. */

import { groupNamed } from "../core/groups.js";
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
  signedRecord,
  stoppedRecord,
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

/** Entry 3 gets new keys, recorded on the 28th: they count from the 30th. */
export const renewal = (more = {}) =>
  renewalRecord(3, "2026-09-28", [renewalVouchOf(1, 3, "2026-09-27"), renewalVouchOf(2, 3, "2026-09-28")], more);
const renew = (...vouches) => add(renewal({ vouches }));
const again = (day, { root = 43, old = 3 } = {}) =>
  renewalRecord(3, day, [1, 2].map((by) => renewalVouchOf(by, 3, day, { root, old })), { root });

/** New keys that the old ones stopped, others that counted two days later, and what their member then signed. */
export const RENEWALS = [
  renewal(),
  stoppedRecord(3, 3, "2026-09-28"),
  again("2026-09-28"),
  renewalRecord(5, "2026-09-29", [renewalVouchOf(1, 5, "2026-09-22"), renewalVouchOf(3, 5, "2026-09-29")]),
  stoppedRecord(5, 3, "2026-09-30", { signer: 43 }),
  renewalRecord(3, "2026-10-02", [1, 5].map((by) => renewalVouchOf(by, 3, "2026-10-02", { root: 63, old: 43 })), { root: 63 }),
];

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
  "one key for two purposes": {
    records: () => vouchedKeys({ ...keysOf(6), member: keysOf(6).credentials.Ed25519 }),
    checks: ["key_reused", "key_outside_group"],
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
  "new keys by one vouch": { records: () => renew(renewalVouchOf(1, 3, "2026-09-28")), checks: ["vouch_count"] },
  "new keys by no vouch": { records: () => renew(), checks: ["vouch_count"] },
  "new keys by one vouch where one is enough to join": {
    records: () => [
      rulesRecord("2026-09-01", { ...RULES, vouches: 1 }),
      ...goodRecords().slice(1, 4),
      renewal({ vouches: [renewalVouchOf(1, 3, "2026-09-28")] }),
    ],
    checks: ["vouch_count"],
  },
  "new keys by one voucher twice": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-27"), renewalVouchOf(1, 3, "2026-09-28")),
    checks: ["voucher_twice"],
  },
  "new keys vouched for by their own member": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-28"), renewalVouchOf(3, 3, "2026-09-28")),
    checks: ["vouch_self"],
  },
  "new keys by a voucher nobody knows": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-28"), renewalVouchOf(9, 3, "2026-09-28")),
    checks: ["voucher_unknown"],
  },
  "new keys by a voucher who left": {
    records: () => add(signedRecord("end", 2, 2, "2026-09-28"), renewal()),
    checks: ["voucher_unknown"],
  },
  "new keys by a voucher under objection": {
    records: () => [
      ...goodRecords(),
      signedRecord("objection", 4, 1, "2026-09-22"),
      renewal({ vouches: [renewalVouchOf(1, 3, "2026-09-28"), renewalVouchOf(4, 3, "2026-09-28")] }),
    ],
    checks: ["voucher_unknown"],
  },
  "new keys by a voucher of six days": {
    records: () => renew(renewalVouchOf(4, 3, "2026-09-26"), renewalVouchOf(1, 3, "2026-09-28")),
    checks: ["voucher_too_new"],
  },
  "new keys by a vouch of a later day": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-28"), renewalVouchOf(2, 3, "2026-09-29")),
    checks: ["vouch_day"],
  },
  "new keys by a vouch of eight days": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-20"), renewalVouchOf(2, 3, "2026-09-28")),
    checks: ["vouch_day"],
  },
  "new keys by vouches out of order": {
    records: () => renew(renewalVouchOf(2, 3, "2026-09-28"), renewalVouchOf(1, 3, "2026-09-27")),
    checks: ["vouch_day"],
  },
  "new keys by a vouch for others": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-27", { root: 43 }), renewalVouchOf(2, 3, "2026-09-28")),
    checks: ["vouch_signature"],
  },
  "new keys by a vouch to replace others": {
    records: () => renew(renewalVouchOf(1, 3, "2026-09-27", { old: 2 }), renewalVouchOf(2, 3, "2026-09-28")),
    checks: ["vouch_signature"],
  },
  "new keys by a vouch to join": {
    records: () => renew(vouchOf(1, 3, "2026-09-27", keysOf(23)), renewalVouchOf(2, 3, "2026-09-28")),
    checks: ["vouch_signature"],
  },
  "new keys that are another's": {
    records: () => add(again("2026-09-28", { root: 5 })),
    checks: ["key_reused"],
  },
  "new keys that are the old ones": { records: () => add(again("2026-09-28", { root: 3 })), checks: ["key_reused"] },
  "new keys that were stopped before": {
    records: () => add(renewal(), stoppedRecord(3, 3, "2026-09-28"), renewal()),
    checks: ["key_reused"],
  },
  "new keys that nobody holds": {
    records: () => add(renewal({ proofs: entryRecord(3, "", false, []).proofs })),
    checks: ["possession"],
  },
  "new keys for nobody": {
    records: () => add(renewalRecord(9, "2026-09-28", [1, 2].map((by) => renewalVouchOf(by, 9, "2026-09-28")))),
    checks: ["renewal"],
  },
  "new keys for one who left": {
    records: () => add(signedRecord("end", 3, 3, "2026-09-28"), renewal()),
    checks: ["renewal"],
  },
  "new keys while others wait": {
    records: () => add(renewal(), again("2026-09-29")),
    checks: ["renewal"],
  },
  "new keys with a field too many": { records: () => add(renewal({ note: "kind" })), checks: ["type"] },
  "old keys back by their first vouches": {
    records: () => add(renewal(), { ...renewal(), day: "2026-10-01" }),
    checks: ["key_reused", "vouch_signature"],
  },
  "a stop of nothing": { records: () => add(stoppedRecord(3, 3, "2026-09-28")), checks: ["renewal_stopped"] },
  "a stop of nobody's keys": { records: () => add(stoppedRecord(9, 3, "2026-09-28")), checks: ["renewal_stopped"] },
  "a stop on the third day": {
    records: () => add(renewal(), stoppedRecord(3, 1, "2026-09-30")),
    checks: ["renewal_stopped"],
  },
  "a stop said twice": {
    records: () => add(renewal(), stoppedRecord(3, 3, "2026-09-28"), stoppedRecord(3, 1, "2026-09-28")),
    checks: ["renewal_stopped"],
  },
  "a stop by nobody": { records: () => add(renewal(), stoppedRecord(3, 9, "2026-09-28")), checks: ["renewal_stopped"] },
  "a stop by one who left": {
    records: () => add(renewal(), signedRecord("end", 5, 5, "2026-09-28"), stoppedRecord(3, 5, "2026-09-28")),
    checks: ["renewal_stopped"],
  },
  "a stop signed by another": {
    records: () => add(renewal(), stoppedRecord(3, 3, "2026-09-28", { signer: 1 })),
    checks: ["renewal_stopped"],
  },
  "a stop signed with the new key": {
    records: () => add(renewal(), stoppedRecord(3, 3, "2026-09-28", { signer: 23 })),
    checks: ["renewal_stopped"],
  },
  "a stop of other keys": {
    records: () => add(renewal(), stoppedRecord(3, 3, "2026-09-28", { root: 43 })),
    checks: ["renewal_stopped"],
  },
  "a stop for one who left": {
    records: () => add(renewal(), signedRecord("end", 3, 3, "2026-09-28"), stoppedRecord(3, 1, "2026-09-28")),
    checks: ["renewal_stopped"],
  },
  "an end signed with a key that does not count yet": {
    records: () => add(renewal(), signedRecord("end", 3, 3, "2026-09-29", 23)),
    checks: ["end"],
  },
  "an end signed with a key that counts no more": {
    records: () => add(renewal(), signedRecord("end", 3, 3, "2026-09-30")),
    checks: ["end"],
  },
  "an end signed with a key that was stopped": {
    records: () => add(renewal(), stoppedRecord(3, 1, "2026-09-29"), signedRecord("end", 3, 3, "2026-10-02", 23)),
    checks: ["end"],
  },
  "an objection signed with a key that counts no more": {
    records: () => add(renewal(), { ...newcomer(), day: "2026-09-29" }, signedRecord("objection", 6, 3, "2026-09-30")),
    checks: ["objection"],
  },
  "a vouch dated back to a key that counts no more": {
    records: () => add(renewal(), { ...newcomer({ vouches: [vouchOf(3, 6, "2026-09-29"), vouchOf(1, 6, "2026-10-01")] }), day: "2026-10-01" }),
    checks: ["vouch_signature"],
  },
};
