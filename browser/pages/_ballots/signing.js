/** Signatures by the member of this device under what is said of a ballot. */

import { memberSeed } from "../../core/memberkeys.js";
import { signStatement, statement } from "../../core/statements.js";
import { storeWithKey } from "../_shared/keys.js";

/** By the key in this browser's store; throws NoKey. */
export async function signDecision(kind, fields) {
  const { store } = await storeWithKey();
  return signStatement(statement(kind, fields), memberSeed(await store.root()));
}

/** By a root secret that the page has already. */
export const signWith = (root, said) => signStatement(said, memberSeed(root));
