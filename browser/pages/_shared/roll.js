/** The roll as this device checks it: what it checked before must still be there, and only new lines are computed. */

import { Refused } from "../../core/refusal.js";
import { rollLines, verifyRoll } from "../../core/roll.js";
import { getText } from "./http.js";

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
  if (store && roll.findings.length === 0) await store.put(CHECKED, roll);
  return { ...roll, before };
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
