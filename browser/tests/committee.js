/** Members made from fixed roots, and rolls with real signatures, for the tests that read them. */

import { hkdfSync } from "node:crypto";
import { sha256Hex } from "../core/bytes.js";
import { canonical } from "../core/canonical.js";
import { memberSeed, possessionProofs, publicKeys } from "../core/memberkeys.js";
import { hashOfKeys } from "../core/roll.js";
import { signStatement, statement } from "../core/statements.js";

export const COMMITTEE = "6f1d2a30-53a1-4c2f-9f0e-1f2a3b4c5d6e";
export const RULES = { founding_members: 3, vouches: 2, vouch_from_day: 7, vouches_a_month: 5, objection_days: 3 };

export const rootOf = (number) => new Uint8Array(16).fill(number);

const keysMade = new Map();
const proofsMade = new Map();

/** RFC-3526-2048 is slow: each member's keys and proofs are made once. */
export function keysOf(number) {
  if (!keysMade.has(number)) keysMade.set(number, publicKeys(rootOf(number)));
  return keysMade.get(number);
}

function proofsOf(number, root = number) {
  const name = `${number} ${root}`;
  if (!proofsMade.has(name)) proofsMade.set(name, possessionProofs(rootOf(root), COMMITTEE, number, fixedBytes(root)));
  return proofsMade.get(name);
}

/** The same roll comes out each time: its texts stand in vectors/. */
const fixedBytes = (number) => (length) =>
  new Uint8Array(hkdfSync("sha512", rootOf(number), "", "a test's nonce", length));

export const signedBy = (number, said) => signStatement(said, memberSeed(rootOf(number)));

export const vouchOf = (by, number, day, keys = keysOf(number)) => ({
  by,
  day,
  signature: signedBy(by, statement("vouch", { committee: COMMITTEE, number, day, keys })),
});

export const rulesRecord = (day, rules = RULES) => ({ type: "openfloor/roll/rules/1", day, rules });

export const entryRecord = (number, day, founding, vouches, more = {}) => ({
  type: "openfloor/roll/entry/1",
  day,
  number,
  founding,
  keys: keysOf(number),
  proofs: proofsOf(number),
  vouches,
  ...more,
});

/** A vouch for the keys of *root* in place of those of *old*, for entry *number*. */
export const renewalVouchOf = (by, number, day, { root = number + 20, old = number, signer = by } = {}) => ({
  by,
  day,
  signature: signedBy(
    signer,
    statement("renewal", { committee: COMMITTEE, number, day, keys: keysOf(root), replaces: hashOfKeys(keysOf(old)) }),
  ),
});

export const renewalRecord = (number, day, vouches, { root = number + 20, ...more } = {}) => ({
  type: "openfloor/roll/renewal/1",
  day,
  number,
  keys: keysOf(root),
  proofs: proofsOf(number, root),
  vouches,
  ...more,
});

/** The new keys of *root* stopped by member *by*. */
export function stoppedRecord(number, by, day, { root = number + 20, signer = by } = {}) {
  const said = statement("renewal-stopped", { committee: COMMITTEE, number, by, day, stops: hashOfKeys(keysOf(root)) });
  return { type: "openfloor/roll/renewal-stopped/1", day, number, by, signature: signedBy(signer, said) };
}

const KINDS = { objection: "objection", withdrawal: "withdrawal", end: "resignation-from-roll" };

export function signedRecord(kind, number, by, day, signer = by) {
  const said = statement(KINDS[kind], { committee: COMMITTEE, number, day });
  const who = kind === "end" ? {} : { by };
  return { type: `openfloor/roll/${kind}/1`, day, number, ...who, signature: signedBy(signer, said) };
}

/** The lines of a roll: each record gets its committee, position and the hash of the line before it. */
export function chain(records) {
  const lines = [];
  let parent = null;
  for (const record of records) {
    lines.push(canonical({ committee: COMMITTEE, position: lines.length, parent, ...record }));
    parent = sha256Hex(lines[lines.length - 1]);
  }
  return lines;
}

/** Three founders, a fourth and a fifth with two vouches each: nothing is wrong with it. */
export const goodRecords = () => [
  rulesRecord("2026-09-01"),
  entryRecord(1, "2026-09-01", true, []),
  entryRecord(2, "2026-09-01", true, [vouchOf(1, 2, "2026-09-01")]),
  entryRecord(3, "2026-09-02", true, [vouchOf(2, 3, "2026-09-02")]),
  entryRecord(5, "2026-09-05", false, [vouchOf(1, 5, "2026-09-04"), vouchOf(3, 5, "2026-09-05")]),
  entryRecord(4, "2026-09-20", false, [vouchOf(5, 4, "2026-09-12"), vouchOf(2, 4, "2026-09-20")]),
];
