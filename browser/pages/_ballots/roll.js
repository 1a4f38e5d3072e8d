/** The roll of a ballot: read up to where the charter froze it, checked by this device, and remembered as checked. */

import { rollLines, verifyRoll } from "../../core/roll.js";
import { getText } from "../_shared/http.js";

/** The verified roll as it stood at *position*; its findings say what is wrong with it. */
export async function rollAt(store, { address, uuid, position }, onProgress) {
  const lines = rollLines(await getText(address)).slice(0, position + 1);
  const kept = await store.get(`roll-of-ballot/${uuid}`);
  const roll = await verifyRoll(lines, { from: kept, onProgress });
  if (roll.findings.length === 0) await store.put(`roll-of-ballot/${uuid}`, roll);
  return roll;
}
