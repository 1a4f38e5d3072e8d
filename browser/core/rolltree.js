/**
 * The tree of hashes over the roll (RFC 6962, section 2.1), as a device checks it: that a record stands in it, and that
 * an older tree is its beginning. The trap: a path of the wrong length must never pass.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { fromHex, isHex, toHex, utf8 } from "./bytes.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of one record's exact text. */
export const leafHash = (text) => toHex(sha256(concatBytes(LEAF, utf8(text))));

/** The root over these leaves; of none, the hash of nothing. */
export function treeRoot(leaves) {
  const whole = []; // subtrees of 2^height leaves, the highest first
  for (const leaf of leaves) {
    let [height, hash] = [0, leaf];
    for (; whole[whole.length - 1]?.height === height; height += 1) hash = node(whole.pop().hash, hash);
    whole.push({ height, hash });
  }
  const rest = whole.map(({ hash }) => hash);
  return rest.length === 0 ? toHex(sha256(new Uint8Array())) : rest.reduceRight((right, left) => node(left, right));
}

/** Whether the record with this leaf stands at *index* in the tree of *size* records with this root. */
export function isIncluded({ leaf, index, size, path, root }) {
  if (!isPlace(index, size) || !isPath(path)) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = node(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = node(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash === root;
}

/** Whether the tree of *oldSize* records with *oldRoot* is the beginning of the tree of *size* with *root*. */
export function isGrownFrom({ oldSize, oldRoot, size, root, path }) {
  if (!Number.isSafeInteger(oldSize) || !isPlace(oldSize - 1, size) || !isPath(path)) return false;
  if (oldSize === size) return path.length === 0 && oldRoot === root;
  let [at, last] = [oldSize - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  const hashes = at === 0 ? [oldRoot, ...path] : [...path];
  if (hashes.length === 0) return false;
  let [oldHash, hash] = [hashes[0], hashes[0]];
  for (const sibling of hashes.slice(1)) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [oldHash, hash] = [node(sibling, oldHash), node(sibling, hash)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = node(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && oldHash === oldRoot && hash === root;
}

const half = (number) => Math.floor(number / 2);

const isPlace = (index, size) => Number.isSafeInteger(index) && Number.isSafeInteger(size) && 0 <= index && index < size;

const isPath = (path) => Array.isArray(path) && path.every((hash) => isHex(hash, 32));

const node = (left, right) => toHex(sha256(concatBytes(NODE, fromHex(left, 32), fromHex(right, 32))));
