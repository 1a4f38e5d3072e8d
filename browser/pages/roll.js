/** The roll, checked on this device; what it remembers of the roll must still be there. Objections are signed here. */

import { sha256Hex } from "../core/bytes.js";
import { memberKey } from "../core/memberkeys.js";
import { entryOf, hashOfKeys, memberKeyOn, renewalWaitingOn } from "../core/roll.js";
import { NoKey, storeIfAny } from "../elements/device-store.js";
import { getText, postJson } from "./_shared/http.js";
import { signHere } from "./_shared/keys.js";
import { find, once, Sentence, start, text } from "./_shared/page.js";
import { checkRoll } from "./_shared/roll.js";
import { judge, listFaults } from "./_shared/verdict.js";
import { headInWords } from "./_shared/words.js";

const { address, today, number: own } = find("[data-roll]").dataset;

/** The roll as this device found it; what is stopped is read here and not from the server's word. */
let checked = null;

start(check);

async function check() {
  const bar = find("[data-progress]");
  const onProgress = (done, total) => {
    find("progress", bar).max = total;
    find("progress", bar).value = done;
    find("[data-progress-text]").textContent = text("checking", { done, total });
  };
  bar.hidden = false;
  const roll = await checkRoll(await storeIfAny(), { address, onProgress });
  bar.hidden = true;
  const change = roll.findings.find(({ check: found }) => found === "forked" || found === "shrunk");
  if (change) return alarm(change, roll.before);
  if (roll.findings.length > 0) return showFindings(roll.findings);
  checked = roll;
  judge(true, text(roll.before ? "holdsSince" : "holds", { total: roll.size, entries: roll.entries.length }));
  find("[data-head-words]").textContent = headInWords(roll.head);
  find("[data-head]").hidden = false;
  await compareWithOwn(roll);
}

/** The site tells of new keys for one's own entry; where it does not, the roll does. */
async function compareWithOwn(roll) {
  const store = await storeIfAny();
  const entry = entryOf(roll, Number(own));
  if (store?.current()?.number !== Number(own) || entry === null) return;
  const isTold = document.querySelector("[data-renewal-asked]") !== null;
  find("[data-own-renewal]").hidden = isTold || renewalWaitingOn(entry, today) === null;
  try {
    find("[data-own-key]").hidden = memberKeyOn(roll, entry.number, today) === memberKey(await store.root());
  } catch (error) {
    if (!(error instanceof NoKey)) throw error;
  }
}

async function alarm({ check: change }, before) {
  judge(false, text(change));
  const lines = (await getText(address)).split("\n").filter(Boolean);
  find("[data-seen-words]").textContent = headInWords(before.head);
  find("[data-now-words]").textContent = headInWords(sha256Hex(lines[lines.length - 1] ?? ""));
  find("[data-alarm]").hidden = false;
}

function showFindings(findings) {
  judge(false, text("broken", { count: findings.length }));
  listFaults(findings.map(({ check: code, position, number }) => ({ check: code, line: (position ?? 0) + 1, number })));
}

for (const form of document.querySelectorAll("form[data-about]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(find("button", form), () => signAndSend(form));
  });
}

for (const form of document.querySelectorAll("form[data-stop-renewal-of]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(find("button", form), () => stopRenewal(form.dataset));
  });
}

async function stopRenewal({ stopRenewalOf, day, address: stopAddress }) {
  const number = Number(stopRenewalOf);
  const entry = checked && entryOf(checked, number);
  const waiting = entry && renewalWaitingOn(entry, day);
  if (!waiting) throw new Sentence("nothingToStop");
  const stops = hashOfKeys(waiting.keys);
  const signature = await signHere("renewal-stopped", { number, by: Number(own), day, stops });
  await postJson(stopAddress, { number, day, stops, signature });
  const roll = await checkRoll(await storeIfAny(), { address });
  const isGone = roll.findings.length === 0 && renewalWaitingOn(entryOf(roll, number), day) === null;
  if (!isGone) throw new Sentence("stopHidden");
  location.reload();
}

async function signAndSend(form) {
  const { about, day } = form.dataset;
  const number = Number(form.dataset.number ?? form.elements.number.value);
  const signature = await signHere(about, { number, day });
  await postJson(form.dataset.address, { number, day, signature });
  location.reload();
}
