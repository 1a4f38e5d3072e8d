/** Signing in: one tap where the key lies on this device, twelve words elsewhere. The words themselves are never sent. */

import { signInSecret } from "../core/memberkeys.js";
import { askToPersist, NoKey, storeIfAny } from "../elements/device-store.js";
import { typedRoot } from "./_shared/keys.js";
import { find, onPress, onSubmit, Sentence, showStep, start, text } from "./_shared/page.js";
import { offerPasskey } from "./_shared/passkeys.js";
import { postWhenLetIn } from "./_shared/patience.js";

const { address, next } = find("[data-sign-in]").dataset;

start(signIn);
onSubmit("[data-invited]", openInvitation);

async function signIn() {
  const store = await storeIfAny();
  onPress("[data-go-on-unkept]", goOn);
  onSubmit("[data-words]", ({ words }) => signInByWords(store, words));
  offerPasskey(store, { goOn, withoutKey: () => showStep(store ? "without-key" : "unkept") });
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
  if (!store) return showStep("unkept");
  await store.saveRoot(owner, root);
  await askToPersist();
  goOn();
}

const handIn = (root) => postWhenLetIn(address, { secret: signInSecret(root) });

/** The code of a colleague survives the detour: it stands after the # of the address. */
function goOn() {
  location.assign(next + location.hash);
}

function openInvitation({ link }) {
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
