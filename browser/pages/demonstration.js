/** Become somebody made up: their key takes the place of the one on this device. One that may be real is asked about. */

import { fromHex } from "../core/bytes.js";
import { ROOT_BYTES } from "../core/memberkeys.js";
import { openStore } from "../elements/device-store.js";
import { postJson } from "./_shared/http.js";
import { find, onPress, showStep, start, text } from "./_shared/page.js";

const MADE_UP = "made-up key";

start(async () => {
  showStep("wait");
  const store = await openStore();
  const owner = store.current();
  onPress("[data-replace]", () => become(store));
  if (!owner || (await store.get(MADE_UP))) return become(store);
  find("[data-owner]").textContent = text("owner", owner);
  showStep("ask");
});

async function become(store) {
  const { page, key } = await postJson(find("[data-persona]").dataset.address, {});
  if (key) {
    await store.saveRoot(key, fromHex(key.root, ROOT_BYTES));
    await store.put(MADE_UP, true);
  } else {
    await store.forget();
  }
  location.replace(page);
}
