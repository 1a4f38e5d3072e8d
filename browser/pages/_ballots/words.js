/** Words of hashes, two by two, as people read them aloud and compare. */

import { toHex } from "../../core/bytes.js";
import { headWords, receiptWords } from "../../core/receipt.js";
import { wordsOf } from "../../core/words.js";

const RECEIPT_WORDS = 6;

export const paperInWords = (paper) => inPairs(receiptWords(paper));
export const headInWords = (head) => inPairs(headWords(head));

/** The words of a ballot paper from its Belenios hash, as the board lists it. */
export const trackerInWords = (tracker) => inPairs(wordsOf(toHex(bytesOf(tracker)), RECEIPT_WORDS));

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function inPairs(words) {
  const pairs = [];
  for (let at = 0; at < words.length; at += 2) pairs.push(words.slice(at, at + 2).join(" "));
  return pairs.join(" · ");
}
