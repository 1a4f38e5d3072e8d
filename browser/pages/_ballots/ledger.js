/** The board's key as the ledger had it when the ballot was announced: the charter, and so every trustee, names that head. */

import { finding } from "../../core/refusal.js";
import { checkLedger } from "../_shared/ledger.js";

/** What is wrong with *boardKey*, by a ledger that holds the charter's head and every head this device saw. */
export async function boardKeyFindings(store, address, { charter, boardKey }) {
  const { entries, findings, gone } = await checkLedger(store, address, [charter.ledger_head]);
  if (gone.length > 0) return [finding("ledger_head")];
  if (findings.length > 0) return [finding("ledger")];
  const last = entries.findIndex(({ hash }) => hash === charter.ledger_head);
  const keys = entries.slice(0, last + 1).filter(({ kind }) => kind === "board_key");
  return keys.length > 0 && keys.pop().payload?.public_key === boardKey ? [] : [finding("other_board_key")];
}
