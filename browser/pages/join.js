/** Joining: an invitation becomes a candidate, and the candidate's code brings their colleagues' word. */

import { keysFingerprint, publicKeys } from "../core/memberkeys.js";
import { NoKey } from "../elements/device-store.js";
import { qrSvg } from "../elements/qr-code.js";
import { exchangeSecret } from "./_shared/exchange.js";
import { enrol } from "./_shared/enrol.js";
import { getJson } from "./_shared/http.js";
import { storeWithKey } from "./_shared/keys.js";
import { breathe, find, onPress, showStatus, start, text } from "./_shared/page.js";
import { keysInWords } from "./_shared/words.js";

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

async function showCode({ number, vouchAddress }) {
  const { store, owner } = await storeWithKey();
  if (owner.number !== Number(number)) throw new NoKey();
  await breathe();
  const keys = publicKeys(await store.root());
  const link = `${location.origin}${vouchAddress}#${number}.${keysFingerprint(keys)}`;
  find("[data-code]").replaceChildren(qrSvg(link, text("codeLabel")));
  find("[data-code]").hidden = false;
  find("[data-drawing]").remove();
  find("[data-link]").value = link;
  find("[data-fingerprint-words]").textContent = keysInWords(keys);
  onPress("[data-copy]", async (button) => {
    await navigator.clipboard.writeText(link);
    button.textContent = text("copied");
  });
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
