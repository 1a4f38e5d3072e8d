/**
 * The roll: who may vote, as a chain of records that any member checks (docs/specs/keys-and-roll.md).
 *
 * Trap: an entry that breaks a rule still counts as an entry here, so that every finding after it is told too.
 * A roll with any finding must not be used.
 */

import { sha256Hex } from "./bytes.js";
import { canonical, hasExactly, isObject, parseCanonical } from "./canonical.js";
import { isDay } from "./days.js";
import { GROUP_NAMES, groupNamed } from "./groups.js";
import { pacer } from "./pace.js";
import { checkPossession } from "./possession.js";
import { Refused } from "./refusal.js";
import { isSigningKey, statement, statementHolds } from "./statements.js";

const COMMON = ["type", "committee", "position", "parent", "day"];
const RULES = "openfloor/roll/rules/1";
const ENTRY = "openfloor/roll/entry/1";
const RENEWAL = "openfloor/roll/renewal/1";
const FIELDS = {
  [RULES]: ["rules"],
  [ENTRY]: ["number", "founding", "keys", "proofs", "vouches"],
  "openfloor/roll/objection/1": ["number", "by", "signature"],
  "openfloor/roll/withdrawal/1": ["number", "by", "signature"],
  "openfloor/roll/end/1": ["number", "signature"],
  [RENEWAL]: ["number", "keys", "proofs", "vouches"],
  "openfloor/roll/renewal-stopped/1": ["number", "by", "signature"],
};
const MOST_FOUNDING_MEMBERS = 10;
const MOST = 1000;
const LEAST = { founding_members: 1, vouches: 1, vouch_from_day: 0, vouches_a_month: 1, objection_days: 0 };
const DEFAULT_RULES = { founding_members: 3, vouches: 2, vouch_from_day: 7, vouches_a_month: 5, objection_days: 3 };

const RENEWAL_DAYS = 2; // from the record to the day on which a new key counts
const RENEWAL_VOUCHES = 2; // at the least, whatever the rules ask of a new entry
const RENEWAL_VOUCH_DAYS = 7; // a vouch for a new key is no older than this

const DAY_MS = 86_400_000;

const EMPTY = { committee: null, size: 0, head: null, day: "", rules: DEFAULT_RULES, entries: [] };

/**
 * Checks the lines of a roll: {committee, size, head, day, rules, entries, findings}, plain data that may be stored.
 * A finding is {check, position, number}; an entry {number, position, day, founding, keys, vouches, ended, objections},
 * and where its member asked for new keys `renewals`, each {day, keys, vouches, stoppedBy}. `keysOn` says which count.
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

/**
 * The same of single *records*, {position, text} in the order of their positions: is each vouched for by others of them?
 * Vouches of those at the positions *checked* held when this device read them before.
 * Trap: what was left out is not noticed here, so whoever asks must know where each stands. See rollparts.js.
 */
export async function readRecords(records, { from = EMPTY, checked = new Set(), onProgress } = {}) {
  const roll = { ...JSON.parse(JSON.stringify(from)), findings: [] };
  const reader = { roll, groups: [], ...indexOf(roll.entries) };
  const pace = pacer(records.length, onProgress);
  for (const [i, { position, text }] of records.entries()) {
    [roll.size, roll.head] = [position, parseRecord(text)?.parent ?? null];
    reader.wasChecked = checked.has(position);
    readLine(reader, text);
    await pace(i + 1);
  }
  return roll;
}

/** The lines of a roll's file, each of which ends with a line feed. */
export function rollLines(text) {
  if (!text.endsWith("\n")) throw new Refused("not_canonical");
  return text.slice(0, -1).split("\n");
}

/**
 * Who may vote in a ballot announced on *day* with the roll as far as it was read, in the order of their numbers:
 * entries with the keys that count on that day.
 */
export const entitled = (roll, day) =>
  roll.entries
    .filter((entry) => isStanding(entry) && (entry.founding || !mayStillObject(entry, roll.rules, day)))
    .sort((a, b) => a.number - b.number)
    .map((entry) => (entry.renewals ? { ...entry, keys: keysOn(entry, day) } : entry));

/** On the roll, not ended and under no open objection. */
const isStanding = (entry) => !entry.ended && entry.objections.length === 0;

/** Founding entries may be objected to for as long as others, though they are entitled at once. */
const mayStillObject = (entry, rules, day) => daysBetween(entry.day, day) < rules.objection_days;

const daysBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / DAY_MS;

export const entryOf = (roll, number) => roll.entries.find((entry) => entry.number === number) ?? null;

/** The signing key of entry *number* that counts on *day*, or null. */
export function memberKeyOn(roll, number, day) {
  const entry = entryOf(roll, number);
  return entry && keysOn(entry, day).member;
}

/** The keys of an entry that count on *day*, which is not before the last record of its roll. */
export function keysOn(entry, day) {
  const counting = renewalsOf(entry).filter((renewal) => renewal.stoppedBy === null && isDue(renewal, day));
  return (counting[counting.length - 1] ?? entry).keys;
}

/** The roll with the keys of each entry that count on *day*: what statements of a ballot announced then are held to. */
export const rollOn = (roll, day) => ({
  ...roll,
  entries: roll.entries.map((entry) => (entry.renewals ? { ...entry, keys: keysOn(entry, day), renewals: undefined } : entry)),
});

/** The new keys of an entry that its member, or another, can still stop: one at a time, or null. */
export function renewalWaitingOn(entry, day) {
  const last = renewalsOf(entry).slice(-1)[0];
  return last && !entry.ended && last.stoppedBy === null && !isDue(last, day) ? last : null;
}

/** What a vouch for new keys says is replaced, and what stops them names. */
export const hashOfKeys = (keys) => sha256Hex(canonical(keys));

const isDue = (renewal, day) => daysBetween(renewal.day, day) >= RENEWAL_DAYS;

const renewalsOf = (entry) => entry.renewals ?? [];

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

function enterIndex(index, entry) {
  index.byNumber.set(entry.number, entry);
  addKeys(index, entry.keys);
  if (!entry.founding) count(index, entry.vouches);
  for (const { keys, vouches } of renewalsOf(entry)) {
    addKeys(index, keys);
    count(index, vouches);
  }
}

function addKeys({ keyTexts }, keys) {
  for (const text of textsOfKeys(keys)) keyTexts.add(text);
}

function count({ given }, vouches) {
  for (const { by, day } of vouches) given.set(monthOf(by, day), (given.get(monthOf(by, day)) ?? 0) + 1);
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
  return !("vouches" in record) || (areKeys(record.keys) && areVouches(record.vouches));
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
  [RENEWAL]: readRenewal,
  "openfloor/roll/renewal-stopped/1": readRenewalStopped,
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
  checkSetOfVouches(record, vouches, vouchesNeeded(roll), report);
  for (const vouch of vouches) {
    const said = statement("vouch", { committee: record.committee, number, day: vouch.day, keys });
    checkVouch(reader, said, vouch, { on: day, isCounted: !founding }, report);
  }
  if (byNumber.has(number)) return;
  const given = withoutSignatures(vouches);
  const entry = { number, position: roll.size, day, founding, keys, vouches: given, ended: false, objections: [] };
  roll.entries.push(entry);
  enterIndex(reader, entry);
}

const withoutSignatures = (vouches) => vouches.map(({ by, day }) => ({ by, day }));

function checkKeys({ keyTexts, groups, wasChecked }, { committee, number, keys, proofs }, report) {
  const texts = textsOfKeys(keys);
  if (texts.some((text) => keyTexts.has(text)) || new Set(texts).size < texts.length) report("key_reused");
  if (!wasChecked && !isSigningKey(keys.member)) report("key_outside_group");
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

function checkSetOfVouches(record, vouches, needed, report) {
  const vouchers = new Set(vouches.map(({ by }) => by));
  const isInOrder = vouches.every(({ day }, i) => i === 0 || day >= vouches[i - 1].day);
  if (vouches.length < record.vouches.length || !isInOrder) report("vouch_day");
  if (record.vouches.length !== needed) report("vouch_count");
  if (vouchers.size < vouches.length) report("voucher_twice");
}

function vouchesNeeded({ entries, rules }) {
  if (entries.length === 0) return 0;
  return entries.length < rules.founding_members ? 1 : rules.vouches;
}

/** *said* is the statement, which names the entry; *on* is the day of the record. */
function checkVouch({ roll, byNumber, given, wasChecked }, said, { by, day, signature }, { on, isCounted }, report) {
  const voucher = byNumber.get(by);
  if (by === said.number) report("vouch_self");
  else if (voucher === undefined) report("voucher_unknown");
  if (by === said.number || voucher === undefined) return;
  const { rules } = roll;
  if (!isStanding(voucher)) report("voucher_unknown");
  if (day < voucher.day || day > on) report("vouch_day");
  if (!voucher.founding && daysBetween(voucher.day, day) < rules.vouch_from_day) report("voucher_too_new");
  if (isCounted && (given.get(monthOf(by, day)) ?? 0) >= rules.vouches_a_month) report("voucher_over_quota");
  // By the key of the record's day: with a lost key and an earlier date, nobody vouches any more.
  if (!wasChecked && !statementHolds(said, signature, keysOn(voucher, on).member)) report("vouch_signature");
}

/** Two vouches bring new keys for an entry; they count two days later unless somebody stops them. */
function readRenewal(reader, record, report) {
  const { roll, byNumber } = reader;
  const { committee, number, day, keys } = record;
  const entry = byNumber.get(number);
  const vouches = record.vouches.filter((vouch) => isDay(vouch.day));
  if (!entry || entry.ended || renewalWaitingOn(entry, day)) report("renewal");
  checkKeys(reader, record, report);
  checkSetOfVouches(record, vouches, Math.max(roll.rules.vouches, RENEWAL_VOUCHES), report);
  if (entry) {
    const replaces = hashOfKeys(keysOn(entry, day));
    for (const vouch of vouches) {
      if (daysBetween(vouch.day, day) > RENEWAL_VOUCH_DAYS) report("vouch_day");
      const said = statement("renewal", { committee, number, day: vouch.day, keys, replaces });
      checkVouch(reader, said, vouch, { on: day, isCounted: true }, report);
    }
    entry.renewals = [...renewalsOf(entry), { day, keys, vouches: withoutSignatures(vouches), stoppedBy: null }];
  }
  addKeys(reader, keys);
  count(reader, vouches);
}

function readRenewalStopped({ byNumber }, { committee, number, by, day, signature }, report) {
  const [entry, who] = [byNumber.get(number), byNumber.get(by)];
  const waiting = entry ? renewalWaitingOn(entry, day) : null;
  if (!waiting || !who || who.ended) report("renewal_stopped");
  else {
    const said = statement("renewal-stopped", { committee, number, by, day, stops: hashOfKeys(waiting.keys) });
    if (!statementHolds(said, signature, keysOn(who, day).member)) report("renewal_stopped");
  }
  if (waiting) waiting.stoppedBy = by;
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
  statementHolds(statement(kind, { committee, number, day }), signature, keysOn(member, day).member);
