/** Exports of a ledger in which one thing is wrong. */

import { createHash } from "node:crypto";
import { canonical } from "../core/canonical.js";
import { COMMITTEE } from "./committee.js";

const SALT = "5a".repeat(32);
export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

/** Lines of an export: each of [kind, payload, change of the line], chained. */
export function ledgerOf(...entries) {
  let parent = null;
  return entries.map(([kind, payload, change = {}], number) => {
    const entry = {
      type: "openfloor/ledger/1",
      committee: COMMITTEE,
      number,
      parent,
      at: `2026-09-0${number + 1}T07:00:00Z`,
      kind,
      payload_hash: sha256(Buffer.from(SALT, "hex"), canonical(payload)),
      ...change.entry,
    };
    parent = sha256(canonical(entry));
    return canonical({ entry, salt: SALT, payload, ...change.line });
  });
}

export const FOUNDED = ["committee_founded", { name: "Ward 5" }];
export const SAID = ["workplace_changed", { site: "North" }];
export const REMOVED = ["workplace_changed", { site: "a name" }, { line: { salt: null, payload: null } }];
export const REMOVAL = ["payload_removed", { number: 1, reason: "a person's name" }];
const good = () => ledgerOf(FOUNDED, REMOVED, SAID);

export const BROKEN_LEDGERS = {
  "a line with a space": [
    () =>
      good()
        .map((line, i) => (i === 2 ? line.replace(":", ": ") : line))
        .concat(),
    [
      ["removed_without_record", 1],
      ["canonical", 2],
    ],
  ],
  "a field too many": [() => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { line: { note: 1 } }]), [["canonical", 1]]],
  "another number": [() => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { entry: { number: 2 } }]), [["number", 1]]],
  "another committee": [
    () => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { entry: { committee: "another" } }]),
    [["committee", 1]],
  ],
  "an earlier time": [
    () => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { entry: { at: "2026-08-01T07:00:00Z" } }]),
    [["time", 1]],
  ],
  "no time at all": [() => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { entry: { at: "today" } }]), [["time", 1]]],
  "another parent": [
    () => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { entry: { parent: "0".repeat(64) } }]),
    [["chain", 1]],
  ],
  "an entry taken out": [
    () => ledgerOf(FOUNDED, SAID, SAID).filter((_line, i) => i !== 1),
    [
      ["number", 1],
      ["chain", 1],
    ],
  ],
  "another payload": [
    () => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { line: { payload: { site: "South" } } }]),
    [["payload", 1]],
  ],
  "a payload without its salt": [
    () => ledgerOf(FOUNDED, [...SAID.slice(0, 2), { line: { salt: null } }]),
    [["payload", 1]],
  ],
  "a payload gone without a record": [() => good(), [["removed_without_record", 1]]],
  "a payload still there after its removal": [() => ledgerOf(FOUNDED, SAID, REMOVAL), [["payload", 1]]],
  "a removal on record before its time": [
    () => ledgerOf(FOUNDED, ["payload_removed", { number: 2, reason: "" }], REMOVED),
    [["removed_without_record", 2]],
  ],
};
