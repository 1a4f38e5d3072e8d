/** Paths in a tree over records, straight from the definitions of RFC 6962, for the tests of who checks them. */

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { toHex, utf8 } from "../core/bytes.js";

const NODE = Uint8Array.of(1);
const LEAF = Uint8Array.of(0);

const split = (size) => 2 ** Math.floor(Math.log2(size - 1));
const halves = (texts) => [texts.slice(0, split(texts.length)), texts.slice(split(texts.length))];

function hash(texts) {
  if (texts.length === 1) return sha256(concatBytes(LEAF, utf8(texts[0])));
  return sha256(concatBytes(NODE, ...halves(texts).map(hash)));
}

function path(texts, index) {
  if (texts.length === 1) return [];
  const [left, right] = halves(texts);
  return index < left.length ? [...path(left, index), hash(right)] : [...path(right, index - left.length), hash(left)];
}

function proof(texts, size, isWhole = true) {
  if (size === texts.length) return isWhole ? [] : [hash(texts)];
  const [left, right] = halves(texts);
  if (size <= left.length) return [...proof(left, size, isWhole), hash(right)];
  return [...proof(right, size - left.length, false), hash(left)];
}

export const rootOf = (texts) => toHex(hash(texts));

/** {position, text, path} of the record at *position* among *texts*. */
export const partOf = (texts, position) => ({ position, text: texts[position], path: path(texts, position).map(toHex) });

/** The proof that the first *size* of *texts* are their beginning. */
export const growthOf = (texts, size) => proof(texts, size).map(toHex);
