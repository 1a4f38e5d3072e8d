/** Writes vectors/rolls.json, ledgers.json, opened.json and devices.json: `node browser/tests/make-vectors.mjs`. A test compares them. */

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeBallotToOpen } from "../core/ballot.js";
import { parseElection } from "../core/election.js";
import { verifyLedger } from "../core/ledger.js";
import { receiptWords } from "../core/receipt.js";
import { entitled, verifyRoll } from "../core/roll.js";
import { BROKEN_LEDGERS, FOUNDED, ledgerOf, REMOVAL, REMOVED, SAID } from "./broken-ledgers.js";
import { BROKEN_ROLLS, RENEWALS } from "./broken-rolls.js";
import { chain, goodRecords, signedRecord } from "./committee.js";
import { devices } from "./handed-over.js";
import { vector } from "./support.js";

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
  return { good: base, entitled: voters, renewed: await renewed(base.slice(0, 6)), refused: cases };
}

/** A roll that goes on with new keys, some of them stopped, and which member keys count on which day. */
async function renewed(base) {
  const lines = chain([...goodRecords(), ...RENEWALS]);
  const roll = await verifyRoll(lines);
  const keys = ["2026-09-29", "2026-09-30", "2026-10-03", "2026-10-04"].map((day) => ({
    day,
    member_keys: entitled(roll, day).map((entry) => entry.keys.member),
  }));
  return { keep: base.length, lines: lines.slice(base.length), keys };
}

export function ledgers() {
  const refused = Object.entries(BROKEN_LEDGERS).map(([why, [lines]]) => {
    const all = lines();
    return { why, lines: all, findings: verifyLedger(all).findings };
  });
  return { good: ledgerOf(FOUNDED, REMOVED, SAID, REMOVAL), refused };
}

const ANSWERS = [
  [[1, 0], [0, 0, 1], [0, 0, 0]],
  [[0, 1], [1, 0, 0], [1, 0, 1]],
  [[1, 0], [0, 1, 0], [0, 1, 0]],
];

/** A paper as the booth saves it for opening, in each group, and of every kind: the file, and what is in it. */
export function opened() {
  const of = (answers, label, { group, election: text, ballots }) => {
    const election = parseElection(text);
    const paper = makeBallotToOpen(election, BigInt(ballots[0].s), answers, drawnFrom(label));
    const file = JSON.stringify({ election: text, ballot: paper.text, nonces: paper.nonces });
    return { group, file, answers, words: receiptWords(paper.text) };
  };
  return [
    ...vector("elections").map((vectors, i) => of(ANSWERS[i], vectors.group, vectors)),
    ...vector("kinds").map((vectors) => of(vectors.ballots[2].answers, `every kind ${vectors.group}`, vectors)),
  ];
}

/** Bytes that look random and are the same every time. */
function drawnFrom(label) {
  let drawn = 0;
  return (length) => {
    drawn += 1;
    return new Uint8Array(createHash("shake256", { outputLength: length }).update(`${label} ${drawn}`).digest());
  };
}

const asText = (value) => `${JSON.stringify(value, null, 1)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const write = (name, value) => writeFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), asText(value));
  write("rolls", await rolls());
  write("ledgers", ledgers());
  write("opened", opened());
  write("devices", await devices());
}
