/**
 * What this device saw of boards: a later board that does not hold it was forked or shortened.
 * The trap: pages advance once a minute, so what was cast just now is not missing, only not shown yet.
 */

import { readArchive } from "../../core/archive.js";
import { sha256Hex } from "../../core/bytes.js";
import { Refused } from "../../core/refusal.js";
import { getJson, NoConnection, RefusedByServer } from "../_shared/http.js";

const MOST_KEPT = 20;
const MOST_BALLOTS = 2_000; // above this a phone does not download the board; `openballot watch` does
const SHOWN_WITHIN_MS = 180_000;

const key = (uuid) => `heads/${uuid}`;

/** Where the latest close that this device saw signed is kept. */
export const closesKey = (uuid) => `closes/${uuid}`;

/** Where the last receipt is kept: {receipt, signature, state, paper, at}. */
export const receiptKey = (uuid) => `receipt/${uuid}`;

/** [{height, head, at, payload?}]: heads this device saw or was promised, and the place of its own paper. */
export async function seenHeads(store, uuid) {
  const heads = (await store.get(key(uuid))) ?? [];
  const own = await store.get(receiptKey(uuid));
  return own ? [...heads, placeOf(own)] : heads;
}

/** A receipt may name any event of the board: it is kept only where that event carries the paper itself. */
const placeOf = ({ receipt, paper, at }) => ({
  height: receipt.height,
  head: receipt.event,
  payload: sha256Hex(paper),
  at,
});

/** Keep a head that this device saw on the board or was promised by a receipt. */
export async function keepHead(store, uuid, { height, head }) {
  const seen = (await store.get(key(uuid))) ?? [];
  if (seen.some((other) => other.head === head)) return;
  await store.put(key(uuid), [...seen, { height, head, at: Date.now() }].slice(-MOST_KEPT));
}

/** The bytes of a board's archive. Throws NoConnection, also where *signal* ends it. */
export async function fetchArchive(address, onProgress = () => {}, signal = undefined) {
  try {
    const response = await fetch(address, { credentials: "omit", cache: "no-store", signal });
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
  return seen.filter(({ height, head, payload, at }) => {
    const shown = archive.events[height];
    if (shown !== undefined) return shown.hash !== head || (payload !== undefined && shown.payload !== payload);
    return isOver || Date.now() - at > SHOWN_WITHIN_MS;
  });
}

/**
 * Whether the board "holds" what this device saw of it; else it is "gone", "lost" where the server says itself that the
 * ballot is void for it, or "unchecked" where nobody can tell.
 */
export async function compareWithBoard(store, { uuid, headAddress, archiveAddress }) {
  const seen = await seenHeads(store, uuid);
  if (seen.length === 0) return "holds";
  try {
    const now = await getJson(headAddress, { credentials: "omit" });
    if (now.ballots > MOST_BALLOTS) return "unchecked";
    const archive = readArchive(await fetchArchive(archiveAddress));
    if (missingHeads(archive, seen, { isOver: now.state !== "open" }).length === 0) return "holds";
    return now.state === "void" ? "lost" : "gone";
  } catch (error) {
    if (error instanceof Refused) return "gone"; // what was sent is no board at all
    if (error instanceof NoConnection || error instanceof RefusedByServer) return "unchecked";
    throw error;
  }
}
