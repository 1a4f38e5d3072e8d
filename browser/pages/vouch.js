/** Vouching: the colleague's code carries a fingerprint that the keys sent by the server must have. Only then a signature. */

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
  const candidate = await candidateNumbered(code.number);
  if (!candidate) return;
  if (keysFingerprint(candidate.keys) !== code.fingerprint) return showStep("swapped");
  ask({ ...candidate, number: code.number });
}

async function candidateNumbered(number) {
  try {
    return await getJson(`${address}${number}.json`);
  } catch (error) {
    showStep("scan");
    throw error;
  }
}

function ask(candidate) {
  const { number, keys, day } = candidate;
  find("[data-ask-heading]").textContent = text("ask", { number });
  find("[data-fingerprint-words]").textContent = keysInWords(keys);
  onSubmit("[data-sign]", async (answers) => {
    if (!(answers.met && answers.works && answers.not_management)) throw new Sentence("tickAll");
    const signature = await signHere("vouch", { number, day, keys });
    thank(number, await postJson(address, { number, day, signature }));
  });
  showStep("ask");
}

function thank(number, { on_roll: onRoll, founding, entitled_from: day }) {
  const name = onRoll ? "onTheRoll" : "oneMore";
  find("[data-done-heading]").textContent = text(name, { number });
  const next = onRoll ? (founding ? "onTheRollNow" : "onTheRollNext") : "oneMoreNext";
  find("[data-done-next]").textContent = text(next, { day });
  showStep("done");
}
