/** What this device holds of you: is the key here and whole, forget it, leave the committee. */

import { NoKey, openStore, StorageRefused } from "../elements/device-store.js";
import { postJson } from "./_shared/http.js";
import { signHere } from "./_shared/keys.js";
import { find, onPress, onSubmit, Sentence, start, text } from "./_shared/page.js";

const { number, committee } = find("[data-me]").dataset;

start(async () => {
  const state = find("[data-key-state]");
  const found = await keyState();
  state.textContent = text(found);
  state.className = found === "keyHere" ? "state kept" : "state broken";
});

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
