/**
 * The old device is told that somebody asks for a new key, and stops it with one tap.
 * Trap: a server may take the stop and not record it, so the roll is read again and checked here.
 */

import { hashOfKeys, entryOf } from "../core/roll.js";
import { NoKey, storeIfAny } from "../elements/device-store.js";
import { getJson, postJson, RefusedByServer } from "./_shared/http.js";
import { signHere, storeWithKey } from "./_shared/keys.js";
import { checkRoll } from "./_shared/roll.js";

const notice = document.querySelector("[data-renewal-asked]");
const { askedAddress, stopAddress, rollAddress } = notice.dataset;
const { dataset: texts } = notice.querySelector("[data-stop-texts]");
const button = notice.querySelector("[data-stop-renewal]");
const say = (sentence) => {
  notice.querySelector("[data-stop-state]").textContent = sentence;
};

button.addEventListener("click", async () => {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  say(texts.stopping);
  try {
    await stop();
  } catch (error) {
    say(sentenceFor(error));
    button.removeAttribute("aria-disabled");
  }
});

async function stop() {
  const { keys, day, on_roll: onRoll } = await getJson(askedAddress);
  const { owner } = await storeWithKey();
  const about = { number: owner.number, day, stops: hashOfKeys(keys) };
  const signature = await signHere("renewal-stopped", { ...about, by: owner.number });
  await postJson(stopAddress, { ...about, signature });
  const holds = !onRoll || (await isStoppedOnRoll(owner.number, about.stops));
  say(holds ? texts.stopped : texts.hidden);
  button.hidden = holds;
}

async function isStoppedOnRoll(number, stops) {
  const roll = await checkRoll(await storeIfAny(), { address: rollAddress });
  const renewal = entryOf(roll, number)?.renewals?.find(({ keys }) => hashOfKeys(keys) === stops);
  return roll.findings.length === 0 && renewal?.stoppedBy === number;
}

function sentenceFor(error) {
  if (error instanceof NoKey) return texts.noKey;
  return error instanceof RefusedByServer ? error.message : texts.failed;
}
