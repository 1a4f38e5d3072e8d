/** The member's key on this device, put to use. Secrets live in a local variable for as long as one deed takes. */

import { Refused } from "../../core/refusal.js";
import { memberSeed } from "../../core/memberkeys.js";
import { signStatement, statement } from "../../core/statements.js";
import { rootFromWords } from "../../core/words.js";
import { NoKey, openStore } from "../../elements/device-store.js";
import { Sentence } from "./page.js";

/** The store of this browser and whose key lies in it. Throws NoKey. */
export async function storeWithKey() {
  const store = await openStore();
  const owner = store.current();
  if (!owner) throw new NoKey();
  return { store, owner };
}

/** The signature of the member of this device under a statement; `number` is theirs unless *fields* names another. */
export async function signHere(kind, fields) {
  const { store, owner } = await storeWithKey();
  const said = statement(kind, { committee: owner.committee, number: owner.number, ...fields });
  return signStatement(said, memberSeed(await store.root()));
}

/** The root secret of twelve typed words; a mistake is named in words. */
export function typedRoot(typed) {
  try {
    return rootFromWords(typed);
  } catch (error) {
    throw error instanceof Refused ? mistake(error) : error;
  }
}

function mistake({ check, data }) {
  if (check === "unknown_word" && data.word) return new Sentence("unknownWord", data);
  if (check === "unknown_word" || check === "word_count") return new Sentence("wordCount", { count: data.count ?? 0 });
  return new Sentence("wrongWords");
}
