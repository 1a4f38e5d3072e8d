/** Passkeys on a page: sign in with one, and let it bring the key back where it can. */

import { secureRandom } from "../../core/bytes.js";
import { memberKey } from "../../core/memberkeys.js";
import { Refused } from "../../core/refusal.js";
import { openRoot, PRF_INPUT, sealRoot } from "../../core/sealed-root.js";
import { askToPersist, NoKey } from "../../elements/device-store.js";
import { NoPasskeys, PasskeyCancelled, PasskeyHereAlready, passkeysWork, usePasskey } from "../../elements/passkeys.js";
import { postJson } from "./http.js";
import { find, onPress, Sentence } from "./page.js";

/**
 * Offer it where the browser can: `goOn` is called with the key on the device, `withoutKey` where a session is all
 * that came of it.
 */
export function offerPasskey(store, { goOn, withoutKey }) {
  if (!passkeysWork()) return;
  const offer = find("[data-passkey]");
  offer.hidden = false;
  const { challengeAddress, signInAddress } = offer.dataset;
  onPress("[data-passkey] button", async () => {
    const hasKey = await signInByPasskey(store, challengeAddress, signInAddress);
    return hasKey ? goOn() : withoutKey();
  });
}

async function signInByPasskey(store, challengeAddress, signInAddress) {
  const options = await postJson(challengeAddress, {});
  const { answer, output } = await inSentences(() => usePasskey(options, PRF_INPUT));
  const owner = await postJson(signInAddress, { credential: answer });
  if (!store) return false;
  return (await keepForLater(store, owner, output)) || bringBack(store, owner, output);
}

/** Where the key lies here already, a passkey that has not sealed it yet does so now. */
async function keepForLater(store, owner, output) {
  const root = await ownRoot(store, owner);
  if (root === null) return false;
  if (output !== null && owner.sealed_root === "") await keepSealed(owner, output, root);
  return true;
}

async function ownRoot(store, { member_key: key }) {
  try {
    const root = await store.root();
    return memberKey(root) === key ? root : null;
  } catch (error) {
    if (error instanceof NoKey) return null;
    throw error;
  }
}

/** Hand the sealed root to the server, which cannot open it. */
export async function keepSealed(owner, output, root) {
  const sealed = await sealRoot(output, sealedFor(owner), root, secureRandom);
  await postJson(owner.keep_root_at, { sealed_root: sealed });
}

async function bringBack(store, owner, output) {
  if (output === null || owner.sealed_root === "") return false;
  const root = await opened(owner, output);
  if (root === null) return false;
  await store.saveRoot(owner, root);
  await askToPersist();
  return true;
}

/** Null where the seal is not of this passkey, or of a key that the member has no more. */
async function opened(owner, output) {
  try {
    const root = await openRoot(output, sealedFor(owner), owner.sealed_root);
    return memberKey(root) === owner.member_key ? root : null;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

const sealedFor = ({ committee, number, passkey }) => ({ committee, number, passkey });

/** Do *deed*; what a browser refuses about passkeys is said in words. */
export async function inSentences(deed) {
  try {
    return await deed();
  } catch (error) {
    if (error instanceof PasskeyCancelled) throw new Sentence("passkeyCancelled");
    if (error instanceof PasskeyHereAlready) throw new Sentence("passkeyHereAlready");
    if (error instanceof NoPasskeys) throw new Sentence("passkeyImpossible");
    throw error;
  }
}
