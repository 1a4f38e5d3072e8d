/** What a teller's device remembers of the slips that it made: their lists, never a code. */

import { finding } from "../../core/refusal.js";

const key = (uuid) => `slips/${uuid}`;

/** [{list, count}] of this device. */
const made = async (store, uuid) => (await store.get(key(uuid))) ?? [];

export const rememberSlips = async (store, uuid, { list, count }) =>
  store.put(key(uuid), [...(await made(store, uuid)), { list, count }]);

export const forgetSlips = async (store, uuid, list) =>
  store.put(
    key(uuid),
    (await made(store, uuid)).filter((one) => one.list !== list),
  );

/** Slips of this device that the ballot leaves out. */
export async function missingSlips(store, uuid, { slips: promised = [] }) {
  const own = await made(store, uuid);
  return own.filter(({ list }) => !promised.some((slips) => slips.list === list)).map(({ count }) => finding("own_slips", "slips", { count }));
}
