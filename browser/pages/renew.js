/** A new key on a new device: a colleague's link, new words, the code that colleagues scan, and the wait of two days. */

import { enrol } from "./_shared/enrol.js";
import { exchangeSecret } from "./_shared/exchange.js";
import { getJson } from "./_shared/http.js";
import { showCode } from "./_shared/code.js";
import { showStatus, start } from "./_shared/page.js";

const ASK_AGAIN_MS = 4000;

addEventListener("hashchange", () => location.reload()); // a link opened where this page is open already
start(exchangeSecret);
start(enrol);
start(wait);

async function wait() {
  const place = document.querySelector("[data-waiting]");
  if (!place || ["stopped", "done"].includes(place.dataset.state)) return;
  watch(place.dataset);
  if (place.dataset.state === "asked") await showCode(place.dataset);
}

/** Ask until the state is another; a lost connection is asked again without a word. */
async function watch({ state: shown, stateAddress }) {
  for (;;) {
    const { state, sentence } = await getJson(stateAddress).catch(() => ({}));
    if (state && state !== shown) return location.reload();
    if (sentence && shown === "asked") showStatus(sentence);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
