/** What a teller's device remembers of the slips that it made: their lists, never a code. */

import { finding } from "../../core/refusal.js";

const key = (uuid) => `slips/${uuid}`;

/** [{list, count}] of this device; one that it cancelled is {list, cancelled: true}. */
const made = async (store, uuid) => (await store.get(key(uuid))) ?? [];

export const rememberSlips = async (store, uuid, { list, count }) =>
  store.put(key(uuid), [...(await made(store, uuid)), { list, count }]);

/**
 * Before a cancellation is sent; returns what takes it back.
 * Trap: the server keeps the teller's first signature, with which it could count the slips all the same.
 */
export async function rememberCancelled(store, uuid, list) {
  const before = await made(store, uuid);
  await store.put(key(uuid), [...before.filter((one) => one.list !== list), { list, cancelled: true }]);
  return () => store.put(key(uuid), before);
}

/** Slips of this device that the ballot leaves out, and those it cancelled that are in it. */
export async function faultsOfOwnSlips(store, uuid, { slips: promised = [] }) {
  const own = await made(store, uuid);
  const isIn = ({ list }) => promised.some((slips) => slips.list === list);
  return own
    .filter((one) => isIn(one) === (one.cancelled === true))
    .map(({ count, cancelled }) => (cancelled ? finding("slips_cancelled", "slips") : finding("own_slips", "slips", { count })));
}
