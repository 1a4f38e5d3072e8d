/** The tree over the roll as this device saw it last: every later roll, read whole or in parts, begins with it. */

import { leafHash, treeRoot } from "../../core/rolltree.js";

const TREE = "roll tree"; // {size, root}

export const seenTree = async (store) => (await store?.get(TREE)) ?? null;

/** Keep the longest. */
export async function keepTree(store, { size, root }) {
  const seen = await seenTree(store);
  if (store && (seen === null || seen.size < size)) await store.put(TREE, { size, root });
}

/** The root over the first *size* of *lines*, for any size. */
export function rootsOf(lines) {
  const leaves = lines.map(leafHash);
  return (size) => treeRoot(leaves.slice(0, size));
}
