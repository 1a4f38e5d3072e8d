/** Bringing a member's key to a device that has none: by a passkey, from another device, or by the twelve words. */

import { secureRandom } from "../core/bytes.js";
import { beginHandOver, handOverWords, openHandOver } from "../core/hand-over.js";
import { signInSecret } from "../core/memberkeys.js";
import { Refused } from "../core/refusal.js";
import { askToPersist, storeIfAny } from "../elements/device-store.js";
import { qrSvg } from "../elements/qr-code.js";
import { NoConnection, postJson } from "./_shared/http.js";
import { find, onPress, Sentence, showError, showStatus, showStep, start, text } from "./_shared/page.js";
import { offerPasskey } from "./_shared/passkeys.js";
import { postWhenLetIn } from "./_shared/patience.js";

const { address, signIn, handOver, next } = find("[data-bring-key]").dataset;
const ASK_AGAIN_MS = 2000;
const LASTS_MS = 600_000;

start(async () => {
  const store = await storeIfAny();
  if (!store) return showStep("refused");
  offerPasskey(store, { goOn, withoutKey: () => showStep("without-key") });
  for (const button of ["[data-show-code]", "[data-show-another]", "[data-not-me]"]) {
    onPress(button, () => showCode(store));
  }
  showStep("ways");
});

/** The code of the page as it stands; one that was shown before is answered no more. */
let shown = null;

async function showCode(store) {
  const mine = beginHandOver(secureRandom);
  shown = mine;
  const link = `${location.origin}${handOver}#${mine.code}`;
  find("[data-code]").replaceChildren(qrSvg(link, text("codeLabel")));
  find("[data-link]").value = link;
  find("[data-compare]").hidden = true;
  showStatus(text("waiting"));
  showStep("code");
  start(() => waitForKey(store, mine));
}

onPress("[data-copy]", async (button) => {
  await navigator.clipboard.writeText(find("[data-link]").value);
  button.textContent = text("copied");
});

async function waitForKey(store, mine) {
  try {
    const received = await keyFor(mine);
    if (received !== null && mine === shown) offerToKeep(store, received);
  } catch (error) {
    if (mine !== shown) return;
    showStep("over");
    showError(error);
  }
}

/** {owner, root, words}, or null when another code took the place of this one. */
async function keyFor(mine) {
  const until = Date.now() + LASTS_MS;
  let exchange = null;
  while (mine === shown) {
    if (Date.now() > until) throw new Sentence("tooOld");
    const answer = await ask(mine.id);
    if (answer?.state === "waiting" && exchange !== null) throw new Sentence("stopped");
    if (answer?.key) {
      exchange = exchangeOf(mine, answer);
      showWords(exchange);
    }
    if (answer?.state === "sealed") return open(exchange, mine.secret, answer.envelope);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  return null;
}

/** What the server has for us; null where no answer came, which is asked again without a word. */
async function ask(id) {
  try {
    return await postJson(address, { code: id });
  } catch (error) {
    if (error instanceof NoConnection) return null;
    throw error;
  }
}

const exchangeOf = ({ id, key }, answer) => ({
  committee: answer.committee,
  id,
  new_key: key,
  old_key: answer.key,
});

function showWords(exchange) {
  const words = handOverWords(exchange).join(" · ");
  for (const place of document.querySelectorAll("[data-words-compared]")) place.textContent = words;
  find("[data-compare]").hidden = false;
  showStatus(text("compare"));
}

async function open(exchange, secret, envelope) {
  try {
    const { root, ...owner } = await openHandOver(exchange, secret, envelope);
    return { root, owner: { committee: exchange.committee, ...owner } };
  } catch (error) {
    throw error instanceof Refused ? new Sentence("tampered") : error;
  }
}

function offerToKeep(store, { owner, root }) {
  shown = null;
  const before = store.current();
  const replaced = find("[data-replaces]");
  replaced.hidden = !before || (before.committee === owner.committee && before.number === owner.number);
  replaced.textContent = before ? text("replaces", before) : "";
  find("[data-whose]").textContent = text("whose", owner);
  find("[data-keep]").textContent = text("goOnAs", owner);
  keep = () => keepAndSignIn(store, owner, root);
  showStep("arrived");
}

let keep = null;
onPress("[data-keep]", () => keep());

async function keepAndSignIn(store, owner, root) {
  const known = await postWhenLetIn(signIn, { secret: signInSecret(root) });
  if (known.committee !== owner.committee || known.number !== owner.number) throw new Sentence("tampered");
  await store.saveRoot(known, root);
  await askToPersist();
  goOn();
}

function goOn() {
  location.assign(next + location.hash);
}
