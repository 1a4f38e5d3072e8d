/** The archives that are wrong in one thing are judged as `openballot verify` judges them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { verify } from "../core/verify.js";

const CORPUS = new URL("../../tests/openballot/corpus/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", CORPUS), "utf8"));

const checksOf = (findings) => [...new Set(findings.map(({ check }) => check))].sort();

for (const [kind, said] of Object.entries(expected)) {
  test(`${kind} is judged as in Python`, async () => {
    const bytes = readFileSync(new URL(`archives/${kind}.bel`, CORPUS));

    const { verdict, findings, warnings } = await verify(new Uint8Array(bytes));

    assert.deepEqual({ verdict, checks: checksOf(findings), warnings: checksOf(warnings) }, said);
  });
}
