/** The page without a connection: what this device keeps, and back to where one was as soon as the network is there. */

import { sha256Hex } from "../core/bytes.js";
import { wordsOf } from "../core/words.js";
import { storeIfAny } from "../elements/device-store.js";
import { inPairs } from "./_shared/words.js";
import { find, fromTemplate, onPress, start } from "./_shared/page.js";

const RECEIPT = "receipt/";
const PENDING = "pending-paper/";
const RECEIPT_WORDS = 6;

addEventListener("online", () => location.reload());
onPress("[data-try-again]", () => location.reload());
start(showKept);

async function showKept() {
  const store = await storeIfAny();
  const keys = (await store?.keys()) ?? [];
  const unsent = keys.filter((key) => key.startsWith(PENDING)).map((key) => key.slice(PENDING.length));
  const voted = keys.filter((key) => key.startsWith(RECEIPT) && !unsent.includes(key.slice(RECEIPT.length)));
  for (const uuid of unsent) show("[data-unsent]", uuid, (await store.get(PENDING + uuid)).paper);
  for (const key of voted) show("[data-receipt]", key.slice(RECEIPT.length), (await store.get(key)).paper);
}

function show(template, uuid, paper) {
  const card = fromTemplate(template);
  find("[data-words]", card).textContent = inPairs(wordsOf(sha256Hex(paper), RECEIPT_WORDS));
  find("a", card).href = `/ballots/${uuid}/vote/`;
  find("[data-kept]").append(card);
}
