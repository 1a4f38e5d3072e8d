/** Joining: an invitation becomes a candidate, and the candidate's code brings their colleagues' word. */

import { showCode } from "./_shared/code.js";
import { exchangeSecret } from "./_shared/exchange.js";
import { enrol } from "./_shared/enrol.js";
import { getJson } from "./_shared/http.js";
import { showStatus, start } from "./_shared/page.js";

const ASK_AGAIN_MS = 4000;

start(exchangeSecret);
start(enrol);
start(waitForVouches);

async function waitForVouches() {
  const place = document.querySelector("[data-waiting]");
  if (!place) return;
  watchProgress(place.dataset);
  await showCode(place.dataset);
}

/** Ask until the roll has the entry; a lost connection is asked again without a word. */
async function watchProgress({ stateAddress, home }) {
  for (;;) {
    const { state, sentence } = await getJson(stateAddress).catch(() => ({}));
    if (state === "member") return location.replace(home);
    if (sentence) showStatus(sentence);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
