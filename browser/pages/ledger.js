/** The ledger, checked on this device; the heads it saw before must still be in it. */

import { verifyLedger } from "../core/ledger.js";
import { storeIfAny } from "../elements/device-store.js";
import { getText } from "./_shared/http.js";
import { find, start, text } from "./_shared/page.js";
import { judge, listFaults } from "./_shared/verdict.js";
import { headInWords } from "./_shared/words.js";

const SEEN = "ledger heads";
const MOST_KEPT = 20;

start(check);

async function check() {
  const { address } = find("[data-ledger]").dataset;
  const store = await storeIfAny();
  const seen = (await store?.get(SEEN)) ?? [];
  const lines = (await getText(address)).split("\n").filter(Boolean);
  const ledger = verifyLedger(lines, { seen });
  if (ledger.findings.length > 0) return showFaults(ledger, seen);
  judge(true, text(seen.length > 0 ? "holdsSince" : "holds", { total: lines.length }));
  if (store && !seen.includes(ledger.head)) await store.put(SEEN, [...seen, ledger.head].slice(-MOST_KEPT));
}

function showFaults({ findings, entries }, seen) {
  const gone = seen.filter((head) => !entries.some(({ hash }) => hash === head));
  judge(false, gone.length > 0 ? text("forked") : text("broken", { count: findings.length }));
  if (gone.length > 0) {
    find("[data-seen-words]").textContent = headInWords(gone.at(-1));
    find("[data-alarm]").hidden = false;
  }
  const faults = findings.filter(({ line }) => line !== null);
  listFaults(faults.map(({ check: code, line }) => ({ check: code, line: line + 1, number: null })));
}
