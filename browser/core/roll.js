/**
 * The roll: who may vote, as a chain of records that any member checks (docs/specs/keys-and-roll.md).
 *
 * Trap: an entry that breaks a rule still counts as an entry here, so that every finding after it is told too.
 * A roll with any finding must not be used.
 */

import { sha256Hex } from "./bytes.js";
import { hasExactly, isObject, parseCanonical } from "./canonical.js";
import { isDay } from "./days.js";
import { GROUP_NAMES, groupNamed } from "./groups.js";
import { pacer } from "./pace.js";
import { checkPossession } from "./possession.js";
import { Refused } from "./refusal.js";
import { isSigningKey, statement, statementHolds } from "./statements.js";

const COMMON = ["type", "committee", "position", "parent", "day"];
const RULES = "openfloor/roll/rules/1";
const ENTRY = "openfloor/roll/entry/1";
const FIELDS = {
  [RULES]: ["rules"],
  [ENTRY]: ["number", "founding", "keys", "proofs", "vouches"],
  "openfloor/roll/objection/1": ["number", "by", "signature"],
  "openfloor/roll/withdrawal/1": ["number", "by", "signature"],
  "openfloor/roll/end/1": ["number", "signature"],
};
const MOST_FOUNDING_MEMBERS = 10;
const MOST = 1000;
const LEAST = { founding_members: 1, vouches: 1, vouch_from_day: 0, vouches_a_month: 1, objection_days: 0 };
const DEFAULT_RULES = { founding_members: 3, vouches: 2, vouch_from_day: 7, vouches_a_month: 5, objection_days: 3 };

const DAY_MS = 86_400_000;

const EMPTY = { committee: null, size: 0, head: null, day: "", rules: DEFAULT_RULES, entries: [] };

/**
 * Checks the lines of a roll: {committee, size, head, day, rules, entries, findings}, plain data that may be stored.
 * A finding is {check, position, number}; an entry {number, position, day, founding, keys, vouches, ended, objections}.
 *
 * *from* is a result without findings of this device: only what came after it is checked, the rest must be unchanged.
 * *seen* is {position, head} of a record that this roll had before. *groups* are those whose proofs are computed.
 */
export async function verifyRoll(lines, { from = EMPTY, seen = seenIn(from), groups = GROUP_NAMES, onProgress } = {}) {
  const roll = { ...JSON.parse(JSON.stringify(from)), findings: changesSince(lines, seen) };
  if (roll.size > 0 && roll.findings.length > 0) return roll;
  const reader = { roll, groups, ...indexOf(roll.entries) };
  const pace = pacer(lines.length - roll.size, onProgress);
  for (const line of lines.slice(from.size)) {
    readLine(reader, line);
    await pace(roll.size - from.size);
  }
  if (roll.size === 0) roll.findings.push({ check: "rules", position: null, number: null });
  return roll;
}

/** The lines of a roll's file, each of which ends with a line feed. */
export function rollLines(text) {
  if (!text.endsWith("\n")) throw new Refused("not_canonical");
  return text.slice(0, -1).split("\n");
}

/** Who may vote in a ballot announced on *day* with the roll as far as it was read, in the order of their numbers. */
export const entitled = (roll, day) =>
  roll.entries
    .filter((entry) => isStanding(entry) && (entry.founding || !mayStillObject(entry, roll.rules, day)))
    .sort((a, b) => a.number - b.number);

/** On the roll, not ended and under no open objection. */
const isStanding = (entry) => !entry.ended && entry.objections.length === 0;

/** Founding entries may be objected to for as long as others, though they are entitled at once. */
const mayStillObject = (entry, rules, day) => daysBetween(entry.day, day) < rules.objection_days;

const daysBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / DAY_MS;

export const entryOf = (roll, number) => roll.entries.find((entry) => entry.number === number) ?? null;

const seenIn = (from) => (from.size > 0 ? { position: from.size - 1, head: from.head } : null);

function changesSince(lines, seen) {
  if (seen === null) return [];
  const { position, head } = seen;
  if (position >= lines.length) return [{ check: "shrunk", position, number: null }];
  return sha256Hex(lines[position]) === head ? [] : [{ check: "forked", position, number: null }];
}

/** What the checks look up: entries by number, every key text, and vouches given by "voucher month". */
function indexOf(entries) {
  const index = { byNumber: new Map(), keyTexts: new Set(), given: new Map() };
  for (const entry of entries) enterIndex(index, entry);
  return index;
}

function enterIndex({ byNumber, keyTexts, given }, entry) {
  byNumber.set(entry.number, entry);
  for (const text of textsOfKeys(entry.keys)) keyTexts.add(text);
  if (entry.founding) return;
  for (const { by, day } of entry.vouches) given.set(monthOf(by, day), (given.get(monthOf(by, day)) ?? 0) + 1);
}

const monthOf = (by, day) => `${by} ${day.slice(0, 7)}`;

const textsOfKeys = (keys) => [keys.member, ...Object.values(keys.credentials)];

function readLine(reader, line) {
  const { roll } = reader;
  const record = parseRecord(line);
  const number = Number.isSafeInteger(record?.number) ? record.number : null;
  const checks = record === null ? ["canonical"] : readRecord(reader, record);
  roll.findings.push(...[...new Set(checks)].map((check) => ({ check, position: roll.size, number })));
  roll.head = sha256Hex(line);
  roll.size += 1;
}

function parseRecord(line) {
  try {
    const value = parseCanonical(line);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** Takes over a record and returns every check that it fails. */
function readRecord(reader, record) {
  const { roll } = reader;
  const failed = [];
  const report = (check) => failed.push(check);
  const isSound = isWellFormed(record);
  if (!isSound) report("type");
  if (roll.size === 0 && record.type !== RULES) report("rules");
  if (record.position !== roll.size || record.parent !== roll.head) report("chain");
  if (!isCommittee(record.committee, roll.committee)) report("committee");
  if (!isDay(record.day) || record.day < roll.day) report("day");
  if (!isSound || !isDay(record.day)) return failed;
  READ[record.type](reader, record, report);
  roll.committee ??= record.committee;
  if (record.day > roll.day) roll.day = record.day;
  return failed;
}

const isCommittee = (value, expected) =>
  expected === null ? typeof value === "string" && UUID.test(value) : value === expected;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A known type with exactly its fields, of the kinds that the checks can work with. */
function isWellFormed(record) {
  const isKnown = Object.keys(FIELDS).includes(record.type) && hasExactly(record, [...COMMON, ...FIELDS[record.type]]);
  const numbers = isKnown ? ["number", "by"].filter((name) => name in record).map((name) => record[name]) : [];
  if (!isKnown || !numbers.every(Number.isSafeInteger)) return false;
  return record.type !== ENTRY || (areKeys(record.keys) && areVouches(record.vouches));
}

const areKeys = (keys) =>
  hasExactly(keys, ["member", "credentials"]) &&
  hasExactly(keys.credentials, GROUP_NAMES) &&
  textsOfKeys(keys).every((text) => typeof text === "string");

const areVouches = (vouches) =>
  Array.isArray(vouches) &&
  vouches.every(
    (vouch) =>
      hasExactly(vouch, ["by", "day", "signature"]) &&
      Number.isSafeInteger(vouch.by) &&
      typeof vouch.day === "string" &&
      typeof vouch.signature === "string",
  );

const READ = {
  [RULES]: readRules,
  [ENTRY]: readEntry,
  "openfloor/roll/objection/1": readObjection,
  "openfloor/roll/withdrawal/1": readWithdrawal,
  "openfloor/roll/end/1": readEnd,
};

/** Nobody signs rules, so those of the first record hold to the end. */
function readRules({ roll }, { rules }, report) {
  if (roll.size === 0 && canWork(rules)) roll.rules = rules;
  else report("rules");
}

const canWork = (rules) =>
  hasExactly(rules, Object.keys(LEAST)) &&
  Object.entries(rules).every(isWithin) &&
  rules.founding_members <= MOST_FOUNDING_MEMBERS;

const isWithin = ([name, value]) => Number.isSafeInteger(value) && value >= LEAST[name] && value <= MOST;

function readEntry(reader, record, report) {
  const { roll, byNumber } = reader;
  const { number, day, keys } = record;
  const founding = roll.entries.length < roll.rules.founding_members;
  const vouches = record.vouches.filter((vouch) => isDay(vouch.day));
  if (number < 1 || byNumber.has(number)) report("number");
  checkKeys(reader, record, report);
  if (record.founding !== founding) report("founding");
  checkVouches(reader, record, vouches, report);
  if (byNumber.has(number)) return;
  const given = vouches.map((vouch) => ({ by: vouch.by, day: vouch.day }));
  const entry = { number, position: roll.size, day, founding, keys, vouches: given, ended: false, objections: [] };
  roll.entries.push(entry);
  enterIndex(reader, entry);
}

function checkKeys({ keyTexts, groups }, { committee, number, keys, proofs }, report) {
  if (textsOfKeys(keys).some((text) => keyTexts.has(text))) report("key_reused");
  if (!isSigningKey(keys.member)) report("key_outside_group");
  if (!hasExactly(proofs, GROUP_NAMES)) {
    report("possession");
    return;
  }
  for (const name of groups) {
    const fault = faultOfKey(groupNamed(name), committee, number, keys.credentials[name], proofs[name]);
    if (fault !== null) report(fault);
  }
}

function faultOfKey(group, committee, number, keyText, proof) {
  try {
    return checkPossession(group, committee, number, keyText, proof) ? null : "possession";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.check === "outside_group" ? "key_outside_group" : "possession";
  }
}

function checkVouches(reader, record, vouches, report) {
  const vouchers = new Set(vouches.map(({ by }) => by));
  const isInOrder = vouches.every(({ day }, i) => i === 0 || day >= vouches[i - 1].day);
  if (vouches.length < record.vouches.length || !isInOrder) report("vouch_day");
  if (record.vouches.length !== vouchesNeeded(reader.roll)) report("vouch_count");
  if (vouchers.size < vouches.length) report("voucher_twice");
  for (const vouch of vouches) checkVouch(reader, record, vouch, report);
}

function vouchesNeeded({ entries, rules }) {
  if (entries.length === 0) return 0;
  return entries.length < rules.founding_members ? 1 : rules.vouches;
}

function checkVouch({ roll, byNumber, given }, { committee, number, keys, day: on }, { by, day, signature }, report) {
  const voucher = byNumber.get(by);
  if (by === number) report("vouch_self");
  else if (voucher === undefined) report("voucher_unknown");
  if (by === number || voucher === undefined) return;
  const { rules } = roll;
  const isFounding = roll.entries.length < rules.founding_members;
  if (!isStanding(voucher)) report("voucher_unknown");
  if (day < voucher.day || day > on) report("vouch_day");
  if (!voucher.founding && daysBetween(voucher.day, day) < rules.vouch_from_day) report("voucher_too_new");
  if (!isFounding && (given.get(monthOf(by, day)) ?? 0) >= rules.vouches_a_month) report("voucher_over_quota");
  const said = statement("vouch", { committee, number, day, keys });
  if (!statementHolds(said, signature, voucher.keys.member)) report("vouch_signature");
}

function readObjection({ roll, byNumber }, record, report) {
  const [entry, by] = [byNumber.get(record.number), byNumber.get(record.by)];
  const isOpen = entry?.objections.includes(record.by);
  const mayObject = entry && by && !entry.ended && !by.ended && !isOpen && mayStillObject(entry, roll.rules, record.day);
  if (!mayObject || !isSignedBy(by, "objection", record)) report("objection");
  if (entry && !isOpen) entry.objections.push(record.by);
}

function readWithdrawal({ byNumber }, record, report) {
  const [entry, by] = [byNumber.get(record.number), byNumber.get(record.by)];
  if (!entry?.objections.includes(record.by) || !by || !isSignedBy(by, "withdrawal", record)) report("objection");
  if (entry) withdrawObjection(entry, record.by);
}

function readEnd({ roll, byNumber }, record, report) {
  const entry = byNumber.get(record.number);
  if (!entry || entry.ended || !isSignedBy(entry, "resignation-from-roll", record)) report("end");
  if (entry) entry.ended = true;
  for (const other of roll.entries) withdrawObjection(other, record.number);
}

function withdrawObjection(entry, by) {
  entry.objections = entry.objections.filter((other) => other !== by);
}

const isSignedBy = (member, kind, { committee, number, day, signature }) =>
  statementHolds(statement(kind, { committee, number, day }), signature, member.keys.member);
