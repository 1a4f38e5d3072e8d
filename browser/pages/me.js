/** What this device holds of you: is the key here and whole, will it stay, passkeys, forget it, leave the committee. */

import { secureRandom } from "../core/bytes.js";
import { PRF_INPUT } from "../core/sealed-root.js";
import { askToPersist, isPersisted, NoKey, openStore, StorageRefused } from "../elements/device-store.js";
import { createPasskey, PasskeyCancelled, passkeysWork, prfOf } from "../elements/passkeys.js";
import { postJson } from "./_shared/http.js";
import { signHere } from "./_shared/keys.js";
import { find, onPress, onSubmit, Sentence, showStatus, start, text } from "./_shared/page.js";
import { inSentences, keepSealed } from "./_shared/passkeys.js";

const { number, committee } = find("[data-me]").dataset;

start(async () => {
  const state = find("[data-key-state]");
  const found = await keyState();
  state.textContent = text(found);
  state.className = found === "keyHere" ? "state kept" : "state broken";
  find("[data-bring]").hidden = ["keyHere", "keyNoStorage"].includes(found);
  if (found === "keyHere") await sayWhetherItStays();
});

async function sayWhetherItStays() {
  const stays = await isPersisted();
  find("[data-stays]").textContent = text(stays ? "stays" : "mayGo");
  find("[data-ask-to-stay]").hidden = stays;
}

onPress("[data-ask-to-stay] button", async () => {
  await askToPersist();
  await sayWhetherItStays();
  if (!(await isPersisted())) throw new Sentence("mayGoStill");
});

/** Browsers that can put the site on the home screen say so; in others the person does it from the menu. */
let installer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installer = event;
  find("[data-install]").hidden = false;
});

onPress("[data-install] button", async () => {
  await installer.prompt();
  find("[data-install]").hidden = true;
});

if (passkeysWork()) find("[data-add-passkey]").hidden = false;
else find("[data-no-passkeys]").hidden = false;

onSubmit("[data-add-passkey]", async ({ name }, form) => {
  if (name.trim() === "") throw new Sentence("nameIt");
  const options = await postJson(form.dataset.newAddress, {});
  const made = await inSentences(() => createPasskey(options, PRF_INPUT));
  const kept = await postJson(form.getAttribute("action"), { name, credential: made.answer });
  if (made.prf) await sealUnder(made, kept, options);
  location.reload();
});

/** Let the new passkey seal the key of this device; some have to be asked once more before they can. */
async function sealUnder(made, kept, options) {
  if ((await keyState()) !== "keyHere") return;
  const store = await openStore();
  const output = made.output ?? (await askOnceMore(kept.passkey, options));
  if (output === null) return;
  await keepSealed({ committee, number: Number(number), ...kept }, output, await store.root());
}

/** Is the key here, and does it open? */
async function keyState() {
  try {
    const store = await openStore();
    const owner = store.current();
    if (!owner) return "keyAbsent";
    if (owner.committee !== committee || owner.number !== Number(number)) return "keyOfAnother";
    await store.root();
    return "keyHere";
  } catch (error) {
    if (error instanceof StorageRefused) return "keyNoStorage";
    if (error instanceof NoKey) return "keyUnreadable";
    throw error;
  }
}

/** Null where the person does not confirm again: the passkey seals the key when it signs them in. */
async function askOnceMore(passkey, options) {
  showStatus(text("onceMore"));
  try {
    return await prfOf(passkey, options, PRF_INPUT, secureRandom);
  } catch (error) {
    if (error instanceof PasskeyCancelled) return null;
    throw error;
  }
}

onPress("[data-forget]", async () => {
  const store = await openStore();
  await store.forget();
  find("[data-sign-out]").submit();
});

onSubmit("[data-leave]", async ({ typed }, form) => {
  if (typed.trim() !== number) throw new Sentence("typeYourNumber", { number });
  const { day } = form.dataset;
  const signature = await signHere("resignation-from-roll", { day });
  await postJson(form.getAttribute("action"), { day, signature });
  await (await openStore()).forget(); // it opens nothing any more
  location.assign("/");
});
