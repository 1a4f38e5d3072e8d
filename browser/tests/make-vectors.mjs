/** Writes vectors/rolls.json and vectors/ledgers.json: `node browser/tests/make-vectors.mjs`. A test compares them. */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { verifyLedger } from "../core/ledger.js";
import { entitled, verifyRoll } from "../core/roll.js";
import { BROKEN_LEDGERS, FOUNDED, ledgerOf, REMOVAL, REMOVED, SAID } from "./broken-ledgers.js";
import { BROKEN_ROLLS } from "./broken-rolls.js";
import { chain, goodRecords, signedRecord } from "./committee.js";

const DAYS = ["2026-09-20", "2026-09-22", "2026-09-23"];

/** A good roll's lines, and who may vote on which day; each case keeps some of them, goes on with its own, and has findings. */
export async function rolls() {
  const good = [
    ...goodRecords(),
    signedRecord("objection", 4, 1, "2026-09-21"),
    signedRecord("objection", 4, 2, "2026-09-22"),
    signedRecord("withdrawal", 4, 1, "2026-09-22"),
    signedRecord("end", 2, 2, "2026-09-23"),
  ];
  const base = chain(good);
  const read = await verifyRoll(base);
  const voters = DAYS.map((day) => ({ day, numbers: entitled(read, day).map(({ number }) => number) }));
  const cases = await Promise.all(
    Object.entries(BROKEN_ROLLS).map(async ([why, { records, lines = () => chain(records()) }]) => {
      const all = lines();
      const keep = all.findIndex((line, i) => line !== base[i]);
      const { findings } = await verifyRoll(all);
      return keep < 0
        ? { why, keep: all.length, lines: [], findings }
        : { why, keep, lines: all.slice(keep), findings };
    }),
  );
  return { good: base, entitled: voters, refused: cases };
}

export function ledgers() {
  const refused = Object.entries(BROKEN_LEDGERS).map(([why, [lines]]) => {
    const all = lines();
    return { why, lines: all, findings: verifyLedger(all).findings };
  });
  return { good: ledgerOf(FOUNDED, REMOVED, SAID, REMOVAL), refused };
}

const asText = (value) => `${JSON.stringify(value, null, 1)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const write = (name, value) => writeFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), asText(value));
  write("rolls", await rolls());
  write("ledgers", ledgers());
}
