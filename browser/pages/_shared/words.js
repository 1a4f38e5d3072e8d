/** Words of hashes, two by two, as people read them aloud and compare. */

import { sha256Hex } from "../../core/bytes.js";
import { canonical } from "../../core/canonical.js";
import { wordsOf } from "../../core/words.js";

const HEAD_WORDS = 8;
const KEYS_WORDS = 6;
const UNBROKEN = "\u00a0";

export const headInWords = (head) => inPairs(wordsOf(head, HEAD_WORDS));

/** The words under a candidate's code: of the hash whose base64url form the code carries. */
export const keysInWords = (keys) => inPairs(wordsOf(sha256Hex(canonical(keys)), KEYS_WORDS));

export function inPairs(words) {
  const pairs = [];
  for (let at = 0; at < words.length; at += 2) pairs.push(words.slice(at, at + 2).join(UNBROKEN));
  return pairs.join(`${UNBROKEN}· `);
}
