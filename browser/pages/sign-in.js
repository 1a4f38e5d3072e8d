/** Signing in: one tap where the key lies on this device, twelve words elsewhere. The words themselves are never sent. */

import { signInSecret } from "../core/memberkeys.js";
import { NoKey, storeIfAny } from "../elements/device-store.js";
import { postJson, RefusedByServer } from "./_shared/http.js";
import { typedRoot } from "./_shared/keys.js";
import { clearError, find, onPress, onSubmit, Sentence, showStatus, showStep, start, text } from "./_shared/page.js";

const { address, next } = find("[data-sign-in]").dataset;

start(signIn);
onSubmit("[data-invited]", openInvitation);

async function signIn() {
  const store = await storeIfAny();
  onSubmit("[data-words]", ({ words }) => signInByWords(store, words));
  const owner = store?.current();
  if (owner) offerKey(store, owner);
  else showStep("words");
}

function offerKey(store, owner) {
  find("[data-go-on]").textContent = text("goOnAs", owner);
  find("[data-replaces]").textContent = text("replaces", owner);
  for (const hidden of document.querySelectorAll("[data-replaces], [data-back-to-key]")) hidden.hidden = false;
  onPress("[data-go-on]", () => signInByKey(store));
  onPress("[data-other-words]", () => showStep("words"));
  onPress("[data-back-to-key] button", () => showStep("here"));
  showStep("here");
}

async function signInByKey(store) {
  let root;
  try {
    root = await store.root();
  } catch (error) {
    if (!(error instanceof NoKey)) throw error;
    showStep("words");
    throw new Sentence("keyLost");
  }
  await handIn(root);
  goOn();
}

async function signInByWords(store, typed) {
  const root = typedRoot(typed);
  const owner = await handIn(root);
  if (!store) throw new Sentence("notKept");
  await store.saveRoot(owner, root);
  goOn();
}

/** Hand the sign-in secret in; where strangers' failures ask for a wait, wait and try again. */
async function handIn(root) {
  for (;;) {
    try {
      return await postJson(address, { secret: signInSecret(root) });
    } catch (error) {
      if (!(error instanceof RefusedByServer && error.code === "wait_first")) throw error;
      await countDown(error.values.seconds);
    }
  }
}

async function countDown(seconds) {
  for (let left = seconds; left > 0; left -= 1) {
    showStatus(text("wait", { seconds: left }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  showStatus("");
}

/** The code of a colleague survives the detour: it stands after the # of the address. */
function goOn() {
  location.assign(next + location.hash);
}

function openInvitation({ link }) {
  clearError();
  const target = invitationIn(link.trim());
  if (!target) throw new Sentence("notAnInvitation");
  location.assign(target);
}

function invitationIn(link) {
  try {
    const target = new URL(link);
    const known = ["/join/", "/found/"].includes(target.pathname) && target.hash.length > 1;
    return known && target.origin === location.origin ? target.href : null;
  } catch {
    return null;
  }
}
