/**
 * A roll that is too long for a phone: single records of it, held against the tree that the charter promises
 * (docs/specs/keys-and-roll.md, "The tree").
 *
 * They are the rules, the founders, this member's entry, those of the ballot's trustees and tellers with everybody's
 * vouchers up to the founders, and all new keys of these. The trap: a record that is there is proven, one that was left
 * out is not; that the rest of the roll is sound is what two tellers sign.
 */

import { isHex, sha256Hex } from "./bytes.js";
import { isObject, isWhole } from "./canonical.js";
import { readRecords } from "./roll.js";
import { isGrownFrom, isIncluded, leafHash } from "./rolltree.js";

const MOST_READ_WHOLE = 300; // records that any phone verifies in seconds
const MOST_RECOMPUTED = 2_000; // voters whose keys a browser works out in minutes

/** Whether the roll of this charter, which may be no charter at all, is too long to be read whole. */
export const isLong = (charter) => hasTreeOver(charter, MOST_READ_WHOLE);

/** Whether a teller needs a program for it. */
export const isTooLongForBrowsers = (charter) => hasTreeOver(charter, MOST_RECOMPUTED);

const hasTreeOver = (charter, records) =>
  isObject(charter?.roll) && isWhole(charter.roll.position) && charter.roll.position >= records && isHex(charter.roll.tree, 32);

/**
 * What *parts* of the roll of *charter* say: a roll as verifyRoll returns it, with the few entries that were sent, and
 *   isPart    true
 *   tree      the charter's
 *   isForked  whether the tree {size, root} that this device saw last is no beginning of today's
 *   nextDay   the day of the record after the charter's, or undefined
 *   now       the tree {size, root} of today, to be seen next time
 *   grown     the roll with what came later for entry *own*
 *   checked   the positions at which vouches held, for next time
 * Of entry *own*, whose keys the device knows by itself, the vouches are not checked; nor those *checked* before, as
 * long as the roll has only grown.
 */
export async function checkParts(parts, { charter, seen = null, checked = [], own, onProgress }) {
  const { committee, roll: fixed } = charter;
  const whole = { size: fixed.position + 1, root: fixed.tree };
  const now = { size: parts.size, root: parts.root };
  const holds = stand(parts.records, whole) && isFramed(parts, fixed, whole) && isFollowed(parts, whole, now);
  const isForked = seen !== null && !isGrown(seen, now, parts.seen);
  const about = { isPart: true, tree: fixed.tree, isForked, now };
  if (!holds) return { ...NOTHING, ...about, committee: committee.id, grown: NOTHING };
  const known = new Set(seen !== null && !isForked ? checked.filter((position) => position < seen.size) : []);
  const roll = await readRecords(parts.records, { checked: known, onProgress });
  roll.findings = roll.findings.filter(({ check, number }) => number !== own || !check.startsWith("vouch"));
  const later = parts.later.map((record) => ({ ...record, value: JSON.parse(record.text) }));
  const grown = await readRecords(
    later.filter(({ value }) => value.number === own),
    { from: roll },
  );
  const { size } = whole;
  const held = parts.records.filter(({ text }) => JSON.parse(text).number !== own).map(({ position }) => position);
  return { ...roll, ...about, size, head: fixed.head, checked: [...new Set([...checked, ...held])], nextDay: later.find(({ position }) => position === size)?.value.day, grown };
}

const NOTHING = { entries: [], findings: [{ check: "tree", position: null, number: null }] };

/** Whether all of them stand in the *tree*, in their order, each once. */
const stand = (records, { size, root }) =>
  Array.isArray(records) &&
  records.every(
    (record, i) =>
      isObject(record) &&
      typeof record.text === "string" &&
      (i === 0 || record.position > records[i - 1].position) &&
      isIncluded({ leaf: leafHash(record.text), index: record.position, size, path: record.path, root }),
  );

/** It begins with the rules, and the record at its end is the charter's head: tree and chain are of one roll. */
const isFramed = ({ records, head }, fixed, whole) =>
  records[0]?.position === 0 && stand([head], whole) && head.position === fixed.position && sha256Hex(head.text) === fixed.head;

/** Today's roll begins with the charter's; where it is longer, the next record is among those that came later. */
function isFollowed({ grown, later }, whole, now) {
  const isNext = now.size === whole.size ? later?.length === 0 : later?.[0]?.position === whole.size;
  return isGrown(whole, now, grown) && isNext && stand(later, now) && later.every(isRecord);
}

const isGrown = (old, now, path) =>
  isGrownFrom({ oldSize: old.size, oldRoot: old.root, size: now.size, root: now.root, path });

function isRecord({ text }) {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
