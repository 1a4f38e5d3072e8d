/**
 * The heads of boards that this device saw: a later board that does not hold them was forked or shortened.
 * The trap: pages advance once a minute, so what was cast just now is not missing, only not shown yet.
 */

import { readArchive } from "../../core/archive.js";
import { NoConnection } from "../_shared/http.js";

const MOST_KEPT = 20;
const MOST_BALLOTS = 2_000; // above this a phone does not download the board; `openballot watch` does
const SHOWN_WITHIN_MS = 180_000;

const key = (uuid) => `heads/${uuid}`;

/** [{height, head, at}], oldest first. */
export const seenHeads = async (store, uuid) => (await store.get(key(uuid))) ?? [];

/** Keep a head that this device saw on the board or was promised by a receipt. */
export async function keepHead(store, uuid, { height, head }) {
  const seen = await seenHeads(store, uuid);
  if (seen.some((other) => other.head === head)) return;
  await store.put(key(uuid), [...seen, { height, head, at: Date.now() }].slice(-MOST_KEPT));
}

/** The bytes of a board's archive. Throws NoConnection. */
export async function fetchArchive(address, onProgress = () => {}) {
  try {
    const response = await fetch(address, { credentials: "omit", cache: "no-store" });
    if (!response.ok) throw new NoConnection();
    return await readAll(response, onProgress);
  } catch (error) {
    throw error instanceof NoConnection ? error : new NoConnection(error);
  }
}

async function readAll(response, onProgress) {
  const total = Number(response.headers.get("Content-Length")) || 0;
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const chunks = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
    onProgress(length, Math.max(total, length));
  }
  const bytes = new Uint8Array(length);
  chunks.reduce((at, chunk) => (bytes.set(chunk, at), at + chunk.length), 0);
  return bytes;
}

/** Those of the heads seen that the board should hold by now and does not. */
export function missingHeads(archive, seen, { isOver }) {
  return seen.filter(({ height, head, at }) => {
    const shown = archive.events[height]?.hash;
    if (shown !== undefined) return shown !== head;
    return isOver || Date.now() - at > SHOWN_WITHIN_MS;
  });
}

/** Whether the board still holds what this device saw; true as well where there is nothing to compare. */
export async function boardHolds(store, { uuid, headAddress, archiveAddress }) {
  const seen = await seenHeads(store, uuid);
  if (seen.length === 0) return true;
  const response = await fetch(headAddress, { credentials: "omit", cache: "no-store" });
  if (!response.ok) return true;
  const now = await response.json();
  if (now.ballots > MOST_BALLOTS) return true;
  const archive = readArchive(await fetchArchive(archiveAddress));
  return missingHeads(archive, seen, { isOver: now.state !== "open" }).length === 0;
}
