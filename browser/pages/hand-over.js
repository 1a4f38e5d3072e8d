/** The device that has the key: it scanned a code, both show the same words, and it seals the key for the other. */

import { secureRandom } from "../core/bytes.js";
import { handOverWords, onceKey, readCode, sealHandOver } from "../core/hand-over.js";
import { NoKey } from "../elements/device-store.js";
import { postJson } from "./_shared/http.js";
import { storeWithKey } from "./_shared/keys.js";
import { find, onPress, onSubmit, Sentence, showError, showStep, start, takeFragment } from "./_shared/page.js";

const { address, sealAddress, stopAddress, committee, number } = find("[data-hand-over]").dataset;

/** Seals the key for the device whose code was scanned last. */
let seal = null;

start(() => arrive(takeFragment()));
addEventListener("hashchange", () => location.hash && start(() => arrive(takeFragment())));

async function arrive(scanned) {
  if (!scanned) return showStep("how");
  await begin(scanned).catch(explain);
}

onSubmit("[data-pasted]", ({ link }) => begin(link.trim().split("#").at(-1)));

onSubmit("[data-confirm]", async (answers) => {
  if (!(answers.before_me && answers.same_words)) throw new Sentence("tickBoth");
  await seal();
  showStep("done");
});

function explain(error) {
  showStep("how");
  showError(error);
}

async function begin(scanned) {
  const { id, key: newKey } = codeOf(scanned);
  const { store, owner } = await keyOfThisMember();
  const mine = onceKey(secureRandom);
  await postJson(address, { code: id, key: mine.key });
  const exchange = { committee, id, new_key: newKey, old_key: mine.key };
  find("[data-words-compared]").textContent = handOverWords(exchange).join(" · ");
  seal = async () => {
    const envelope = await sealHandOver(exchange, mine.secret, owner, await store.root(), secureRandom);
    await postJson(sealAddress, { code: id, envelope });
  };
  find("[data-confirm]").reset();
  showStep("compare");
}

onPress("[data-stop]", async () => {
  await postJson(stopAddress, {});
  showStep("stopped");
});

function codeOf(scanned) {
  try {
    return readCode(scanned);
  } catch {
    throw new Sentence("notACode");
  }
}

async function keyOfThisMember() {
  const { store, owner } = await storeWithKey();
  if (owner.committee !== committee || owner.number !== Number(number)) throw new NoKey();
  return { store, owner };
}
