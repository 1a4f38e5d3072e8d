/** The ledger, checked on this device; the heads it saw before must still be in it. */

import { storeIfAny } from "../elements/device-store.js";
import { checkLedger } from "./_shared/ledger.js";
import { find, start, text } from "./_shared/page.js";
import { judge, listFaults } from "./_shared/verdict.js";
import { headInWords } from "./_shared/words.js";

start(check);

async function check() {
  const { address } = find("[data-ledger]").dataset;
  const ledger = await checkLedger(await storeIfAny(), address);
  if (ledger.findings.length > 0) return showFaults(ledger);
  judge(true, text(ledger.seen.length > 0 ? "holdsSince" : "holds", { total: ledger.entries.length }));
}

function showFaults({ findings, gone }) {
  judge(false, gone.length > 0 ? text("forked") : text("broken", { count: findings.length }));
  if (gone.length > 0) {
    find("[data-seen-words]").textContent = headInWords(gone[gone.length - 1]);
    find("[data-alarm]").hidden = false;
  }
  const faults = findings.filter(({ line }) => line !== null);
  listFaults(faults.map(({ check: code, line }) => ({ check: code, line: line + 1, number: null })));
}
