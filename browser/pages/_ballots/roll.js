/**
 * The roll of a ballot: read up to where the charter froze it and checked by this device, for the ballot's group.
 * What an earlier page checked is not computed again, and must still be there.
 */

import { sha256Hex } from "../../core/bytes.js";
import { verifyRoll } from "../../core/roll.js";
import { getText } from "../_shared/http.js";
import { CHECKED, linesOf } from "../_shared/roll.js";

const LONGEST = "longest roll"; // {size, head}, of whatever ballot

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
  const isForked = [...kept, longest].some((seen) => seen && !continues(lines, seen));
  if (roll.findings.length === 0 && !isForked) await remember(store, own, roll, longest);
  return { ...roll, isForked, nextDay: dayOf(lines[position + 1]) };
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
