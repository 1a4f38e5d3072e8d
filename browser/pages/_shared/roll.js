/** The roll as this device checks it: what it checked before must still be there, and only new lines are computed. */

import { Refused } from "../../core/refusal.js";
import { rollLines, verifyRoll } from "../../core/roll.js";
import { getText } from "./http.js";
import { keepTree, rootsOf, seenTree } from "./rolltree.js";

/** Where the device keeps the roll as it last checked it. */
export const CHECKED = "roll";

/**
 * Fetch and check the whole roll: what verifyRoll returns, with `before`, the result this device kept, or null.
 * A roll without findings is kept. *store* may be null: then nothing is remembered.
 */
export async function checkRoll(store, { address = "/roll.jsonl", onProgress } = {}) {
  const before = (await store?.get(CHECKED)) ?? null;
  const lines = linesOf(await getText(address));
  const roll = await verifyRoll(lines, { from: before ?? undefined, onProgress });
  const [seen, rootAt] = [await seenTree(store), rootsOf(lines)];
  if (roll.findings.length === 0) roll.findings.push(...changesSince(seen, lines.length, rootAt));
  if (store && roll.findings.length === 0) {
    await store.put(CHECKED, roll);
    await keepTree(store, { size: lines.length, root: rootAt(lines.length) });
  }
  return { ...roll, before };
}

/** What this device saw in parts must be the beginning of the whole. */
function changesSince(seen, size, rootAt) {
  if (seen === null) return [];
  const position = seen.size - 1;
  if (seen.size > size) return [{ check: "shrunk", position, number: null }];
  return rootAt(seen.size) === seen.root ? [] : [{ check: "forked", position, number: null }];
}

/** A file that does not end where a line ends is read as it is: the last line then fails its check. */
export function linesOf(file) {
  try {
    return rollLines(file);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [...file.split("\n"), ""];
  }
}
