/** The roll, checked on this device; what it remembers of the roll must still be there. Objections are signed here. */

import { sha256Hex } from "../core/bytes.js";
import { storeIfAny } from "../elements/device-store.js";
import { getText, postJson } from "./_shared/http.js";
import { signHere } from "./_shared/keys.js";
import { find, once, start, text } from "./_shared/page.js";
import { checkRoll } from "./_shared/roll.js";
import { judge, listFaults } from "./_shared/verdict.js";
import { headInWords } from "./_shared/words.js";

const { address } = find("[data-roll]").dataset;

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
  judge(true, text(roll.before ? "holdsSince" : "holds", { total: roll.size, entries: roll.entries.length }));
  find("[data-head-words]").textContent = headInWords(roll.head);
  find("[data-head]").hidden = false;
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

async function signAndSend(form) {
  const { about, day } = form.dataset;
  const number = Number(form.dataset.number ?? form.elements.number.value);
  const signature = await signHere(about, { number, day });
  await postJson(form.dataset.address, { number, day, signature });
  location.reload();
}
