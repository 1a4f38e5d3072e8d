/** A ballot paper's words: the receipt, and how the board lists it. */

import { toHex } from "../../core/bytes.js";
import { receiptWords } from "../../core/receipt.js";
import { wordsOf } from "../../core/words.js";
import { inPairs } from "../_shared/words.js";

const RECEIPT_WORDS = 6;

export const paperInWords = (paper) => inPairs(receiptWords(paper));

/** The same words from the paper's Belenios hash. */
export const trackerInWords = (tracker) => inPairs(wordsOf(toHex(bytesOf(tracker)), RECEIPT_WORDS));

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
