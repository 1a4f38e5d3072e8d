/** An export of the ledger, and every way in which it may be wrong. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical } from "../core/canonical.js";
import { verifyLedger } from "../core/ledger.js";
import { BROKEN_LEDGERS, FOUNDED, ledgerOf, REMOVAL, REMOVED, SAID, sha256 } from "./broken-ledgers.js";

test("a ledger whose removed payload is on record holds, and its head is its last entry", () => {
  const lines = ledgerOf(FOUNDED, REMOVED, SAID, REMOVAL);

  const { head, entries, findings } = verifyLedger(lines, { seen: [verifyLedger(lines.slice(0, 2)).head] });

  assert.deepEqual(findings, []);
  assert.equal(head, sha256(canonical(JSON.parse(lines[3]).entry)));
  assert.deepEqual(
    entries.map(({ payload }) => payload),
    [FOUNDED[1], null, SAID[1], REMOVAL[1]],
  );
});

for (const [what, [lines, expected]] of Object.entries(BROKEN_LEDGERS)) {
  test(`a ledger with ${what} is refused by name`, () => {
    const { findings } = verifyLedger(lines());

    assert.deepEqual(
      findings.map(({ check, line }) => [check, line]),
      expected,
    );
  });
}

test("a head this device saw must still be there", () => {
  const { findings } = verifyLedger(ledgerOf(FOUNDED, SAID), { seen: ["0".repeat(64)] });

  assert.deepEqual(findings, [{ check: "seen_head_missing", line: null }]);
});
