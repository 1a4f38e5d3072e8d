/** The ledger as this device checks it: unbroken, and with every head that the device saw before. */

import { verifyLedger } from "../../core/ledger.js";
import { getText } from "./http.js";

const SEEN = "ledger heads";
const MOST_KEPT = 20;

/**
 * Fetch and check the ledger: what verifyLedger returns, with `seen`, the heads kept here, and `gone`, those missing.
 * Its head is kept where nothing is wrong. *store* may be null: then nothing is remembered.
 */
export async function checkLedger(store, address, alsoSeen = []) {
  const kept = (await store?.get(SEEN)) ?? [];
  const seen = [...new Set([...kept, ...alsoSeen])];
  const lines = (await getText(address)).split("\n").filter(Boolean);
  const ledger = verifyLedger(lines, { seen });
  if (ledger.findings.length === 0) await keepLedgerHead(store, ledger.head);
  return { ...ledger, seen, gone: seen.filter((head) => !ledger.entries.some(({ hash }) => hash === head)) };
}

/** Remember a head that this device saw or was promised. */
export async function keepLedgerHead(store, head) {
  const kept = (await store?.get(SEEN)) ?? [];
  if (store && !kept.includes(head)) await store.put(SEEN, [...kept, head].slice(-MOST_KEPT));
}
