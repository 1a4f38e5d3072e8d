/**
 * The roll of a ballot: read up to where the charter froze it and checked by this device, for the ballot's group.
 * What an earlier page checked is not computed again, and must still be there. A long one is checked in parts.
 */

import { sha256Hex } from "../../core/bytes.js";
import { verifyRoll } from "../../core/roll.js";
import { checkParts, isLong } from "../../core/rollparts.js";
import { getJson, getText } from "../_shared/http.js";
import { CHECKED, linesOf } from "../_shared/roll.js";
import { keepTree, rootsOf, seenTree } from "../_shared/rolltree.js";

const CHECKED_PARTS = "roll parts"; // positions
const LONGEST = "longest roll"; // {size, head}, of whatever ballot

/**
 * What a booth or a trustee needs of the roll of *charter*, which may be no charter at all: the whole roll where it is
 * short, parts of it (see checkParts) where it is long. *number* is this member's entry.
 */
export async function rollFor(store, { address, parts, uuid, charter, group, number }, onProgress) {
  const position = charter?.roll?.position ?? 0;
  const isKept = (await store.get(LONGEST)) !== undefined || (await store.get(CHECKED)) !== undefined;
  const seen = await seenTree(store);
  // A device that read the roll before there were trees reads it once more: it could not tell a fork otherwise.
  if (!isLong(charter) || (isKept && seen === null)) return rollAt(store, { address, uuid, position, group }, onProgress);
  const answer = await getJson(`${parts}?since=${seen?.size ?? 0}`);
  const checked = await store.get(CHECKED_PARTS);
  const roll = await checkParts(answer, { charter, seen, checked, own: number, onProgress });
  if (roll.findings.length === 0 && !roll.isForked) {
    await keepTree(store, roll.now);
    await store.put(CHECKED_PARTS, roll.checked);
  }
  return roll;
}

/**
 * The verified roll as it stood at *position*; `isForked` when it is not the one that this device saw before, and
 * `nextDay`, the day of the record after it: see checkRollOf.
 */
export async function rollAt(store, { address, uuid, position, group }, onProgress) {
  const lines = linesOf(await getText(address));
  const own = ofBallot(uuid, group);
  const kept = [await store.get(CHECKED), await store.get(own)].filter(Boolean);
  const longest = await store.get(LONGEST);
  const from = kept.filter(({ size }) => size <= position + 1).sort((one, other) => other.size - one.size)[0];
  const roll = await verifyRoll(lines.slice(0, position + 1), { from, groups: [group], onProgress });
  const [tree, rootAt] = [await seenTree(store), rootsOf(lines)];
  const isForked =
    [...kept, longest].some((seen) => seen && !continues(lines, seen)) ||
    (tree !== null && !(tree.size <= lines.length && rootAt(tree.size) === tree.root));
  if (roll.findings.length === 0 && !isForked) {
    await remember(store, own, roll, longest);
    await keepTree(store, { size: roll.size, root: rootAt(roll.size) });
  }
  return { ...roll, isForked, tree: rootAt(position + 1), nextDay: dayOf(lines[position + 1]) };
}

/** Proofs were checked for this group only: a roll kept for one group says nothing of another. */
const ofBallot = (uuid, group) => `roll of ${uuid} for ${group}`;

const continues = (lines, { size, head }) => lines.length >= size && sha256Hex(lines[size - 1]) === head;

async function remember(store, own, roll, longest) {
  await store.put(own, roll);
  const { size, head } = roll;
  if (!longest || longest.size < size) await store.put(LONGEST, { size, head });
}

/** Of a record that is not checked here: whoever changes it has to change what others have seen. */
function dayOf(line) {
  try {
    return JSON.parse(line).day;
  } catch {
    return null;
  }
}
