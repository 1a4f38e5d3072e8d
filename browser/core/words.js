/** Twelve words for a root secret, and words for a hash that two people compare aloud (BIP 39, English list). */

import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { isHex } from "./bytes.js";
import { Refused } from "./refusal.js";

export const wordsFromRoot = (root) => entropyToMnemonic(root, wordlist).split(" ");

/** The root secret of twelve typed words, in any case and spacing; refuses by naming the first word not on the list. */
export function rootFromWords(text) {
  const words = text.normalize("NFKD").toLowerCase().trim().split(/\s+/);
  const unknown = words.find((word) => !wordlist.includes(word));
  if (unknown) throw new Refused("unknown_word", null, { word: unknown, place: words.indexOf(unknown) + 1 });
  if (words.length !== 12) throw new Refused("word_count", null, { count: unknown === "" ? 0 : words.length });
  try {
    return mnemonicToEntropy(words.join(" "), wordlist);
  } catch {
    throw new Refused("word_checksum");
  }
}

/** The words of the leading 11-bit groups of a hash. */
export function wordsOf(hashHex, count) {
  if (!isHex(hashHex, 32)) throw new Refused("not_hex");
  const bits = BigInt(`0x${hashHex}`).toString(2).padStart(256, "0");
  return Array.from({ length: count }, (_, i) => wordlist[parseInt(bits.slice(11 * i, 11 * i + 11), 2)]);
}
