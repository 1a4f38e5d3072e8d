/** The committee's ledger: an export checked line by line (docs/specs/ledger.md). Every finding is {check, line}. */

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { fromHex, isHex, sha256Hex, toHex, utf8 } from "./bytes.js";
import { canonical, hasExactly, isObject, isWhole, parseCanonical } from "./canonical.js";
import { isMoment } from "./days.js";
import { Refused } from "./refusal.js";

const ENTRY_FIELDS = ["type", "committee", "number", "parent", "at", "kind", "payload_hash"];

/**
 * {head, entries, findings}; an entry also has its `hash` and `payload`, null where it was removed.
 * *seen* are heads this device saw before: each must still be there.
 */
export function verifyLedger(lines, { seen = [] } = {}) {
  const read = lines.map(parseLine);
  const findings = read.flatMap((line, i) => checksOfLine(read, i).map((check) => ({ check, line: i })));
  const entries = read.filter((line) => line !== null).map(({ entry, hash, payload }) => ({ ...entry, hash, payload }));
  const gone = seen.filter((head) => !entries.some(({ hash }) => hash === head));
  findings.push(...gone.map(() => ({ check: "seen_head_missing", line: null })));
  return { head: entries.length > 0 ? entries[entries.length - 1].hash : null, entries, findings };
}

/** {entry, salt, payload, hash} of a line in its one canonical form, or null. */
function parseLine(text) {
  try {
    const { entry, salt, payload } = refuseOtherShapes(parseCanonical(text));
    return { entry, salt, payload, hash: sha256Hex(canonical(entry)) };
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

function refuseOtherShapes(line) {
  const { entry, salt, payload } = hasExactly(line, ["entry", "salt", "payload"]) ? line : {};
  const isSound =
    hasExactly(entry, ENTRY_FIELDS) &&
    entry.type === "openfloor/ledger/1" &&
    isWhole(entry.number) &&
    [entry.committee, entry.at, entry.kind].every((text) => typeof text === "string") &&
    isHex(entry.payload_hash, 32) &&
    (entry.parent === null || isHex(entry.parent, 32)) &&
    (salt === null || isHex(salt, 32)) &&
    (payload === null || isObject(payload));
  if (!isSound) throw new Refused("not_canonical");
  return line;
}

/** What is wrong with one line, beside the one before it; what follows an unreadable line is not blamed. */
function checksOfLine(read, i) {
  const line = read[i];
  if (line === null) return ["canonical"];
  const before = read[i - 1] ?? null;
  const parent = i === 0 ? null : (before?.hash ?? line.entry.parent);
  const committee = (read.find((other) => other !== null) ?? line).entry.committee;
  return [
    ...(line.entry.number === i ? [] : ["number"]),
    ...(line.entry.committee === committee ? [] : ["committee"]),
    ...(isMoment(line.entry.at) && (before === null || line.entry.at >= before.entry.at) ? [] : ["time"]),
    ...(line.entry.parent === parent ? [] : ["chain"]),
    ...checksOfPayload(read, line),
  ];
}

/** A payload is absent exactly when a later entry removes it; otherwise it must hash to what the entry says. */
function checksOfPayload(read, line) {
  const isRemoved = read.some((other) => removes(other, line.entry.number));
  if (line.salt === null && line.payload === null) return isRemoved ? [] : ["removed_without_record"];
  return payloadHolds(line) && !isRemoved ? [] : ["payload"];
}

const removes = (line, number) =>
  line !== null &&
  line.entry.kind === "payload_removed" &&
  line.entry.number > number &&
  payloadHolds(line) &&
  line.payload.number === number;

const payloadHolds = ({ entry, salt, payload }) =>
  salt !== null && payload !== null && payloadHash(salt, payload) === entry.payload_hash;

const payloadHash = (salt, payload) => toHex(sha256(concatBytes(fromHex(salt, 32), utf8(canonical(payload)))));
