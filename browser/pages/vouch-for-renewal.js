/** Vouching for a new key: only for the keys whose fingerprint the code carries, and for the entry that was typed here. */

import { keysFingerprint } from "../core/memberkeys.js";
import { hashOfLink, readCode } from "./_shared/code.js";
import { getJson, postJson } from "./_shared/http.js";
import { signHere } from "./_shared/keys.js";
import { find, onSubmit, Sentence, showStep, start, text } from "./_shared/page.js";
import { keysInWords } from "./_shared/words.js";

const { address } = find("[data-vouch]").dataset;

addEventListener("hashchange", () => location.reload());
onSubmit("[data-pasted]", ({ link }) => {
  const hash = hashOfLink(link);
  if (!readCode(hash)) throw new Sentence("badLink");
  location.hash = hash;
});
start(vouch);

async function vouch() {
  if (!location.hash) return showStep("scan");
  const code = readCode(location.hash);
  showStep(code ? "looking" : "scan");
  if (!code) throw new Sentence("badLink");
  const asked = await keysNamedBy(code);
  if (keysFingerprint(asked.keys) !== code.fingerprint) return showStep("swapped");
  ask(code, asked);
}

async function keysNamedBy({ number, fingerprint }) {
  try {
    return await getJson(`${address}${number}/${fingerprint}.json`);
  } catch (error) {
    showStep("scan");
    throw error;
  }
}

function ask({ number, fingerprint }, { keys, replaces, day, handle }) {
  find("[data-ask-heading]").textContent = text("ask", { number });
  find("[data-fingerprint-words]").textContent = keysInWords(keys);
  find("[data-known]").hidden = handle === null;
  find("[data-known]").textContent = text("known", { number, handle });
  onSubmit("[data-sign]", async ({ typed, met, theirs, lost }) => {
    if (typed.trim() !== String(number)) throw new Sentence("otherEntry", { number });
    if (!(met && theirs && lost)) throw new Sentence("tickAll");
    const signature = await signHere("renewal", { number, day, keys, replaces });
    thank(number, await postJson(address, { number, fingerprint, day, signature }));
  });
  showStep("ask");
}

function thank(number, { on_roll: onRoll, counts_from: day }) {
  const name = onRoll ? "onTheRoll" : "oneMore";
  find("[data-done-heading]").textContent = text(name, { number });
  find("[data-done-next]").textContent = text(`${name}Next`, { day });
  showStep("done");
}
