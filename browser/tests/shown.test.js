/** A page that shows something else than the record is told, by what differs. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { shownFindings } from "../core/shown.js";
import { readBoard } from "../core/verify.js";
import { checksOf, vector } from "./support.js";

const counted = vector("elections").find(({ group }) => group === "Ed25519");
const board = readBoard(new Uint8Array(Buffer.from(counted.archive_base64, "base64")));
const { result } = JSON.parse(counted.result);
const ROWS = [
  [1073741828, 0],
  [3, 1, 1073741824],
  [4, 3, 1073741824],
];
const HONEST = {
  uuid: board.setup.election.uuid,
  title: ` ${board.setup.election.name}\n`,
  head: board.head,
  voters: null,
  entitled: 3,
  questions: board.setup.election.questions,
  readings: [ROWS, ROWS],
};

const found = (lie, of = result) => shownFindings(board, of, { ...HONEST, ...lie });

test("a page that shows what the record holds is not complained about", () => {
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ head: null }), []);
});

test("before the count the voters are those up to the head that the page shows", () => {
  const upTo = (height, voters) => ({ head: counted.events[height].hash, voters, questions: [], readings: [] });

  assert.deepEqual(found(upTo(0, 0), null), []);
  assert.deepEqual(found(upTo(3, 3), null), []);
  assert.deepEqual(found(upTo(4, 3), null), []);
  assert.deepEqual(found(upTo(4, 4), null), [{ check: "page_voters", object: "page", data: { counted: 3 } }]);
});

const LIES = {
  "another ballot": [{ uuid: "AbCdEfGhJkMnPr" }, "page_ballot"],
  "another title": [{ title: "Assembly" }, "page_title"],
  "another board": [{ head: "0".repeat(64) }, "page_head"],
  "more who may vote": [{ entitled: 4 }, "page_entitled"],
  "another question": [{ questions: HONEST.questions.map((one) => ({ ...one, question: "?" })) }, "page_questions"],
  "answers in another order": [
    { questions: HONEST.questions.map((one) => ({ ...one, answers: [...one.answers].reverse() })) },
    "page_questions",
  ],
  "a question less": [{ questions: HONEST.questions.slice(1) }, "page_questions"],
  "other counts": [{ readings: [[[1073741827, 1], ...ROWS.slice(1)]] }, "page_counts"],
  "other counts to some": [{ readings: [ROWS, [[0, 1073741828], ...ROWS.slice(1)]] }, "page_counts"],
  "a row less": [{ readings: [ROWS.slice(1)] }, "page_counts"],
};

for (const [what, [lie, check]] of Object.entries(LIES)) {
  test(`a page that shows ${what} is told`, () => {
    assert.deepEqual(checksOf(found(lie)), [check]);
  });
}

test("what was ranked is counted elsewhere, and nothing of it is expected of the page", () => {
  const bytes = readFileSync(new URL("../../tests/openballot/data/ed-ranking-shuffles.bel", import.meta.url));
  const ranked = readBoard(new Uint8Array(bytes));
  const { election, credentials } = ranked.setup;
  const added = election.questions.filter(({ type }) => type === undefined);
  const events = ranked.archive.events;
  const opened = JSON.parse(events[events.length - 1].data[0]).result;
  const rows = opened.filter((_row, i) => election.questions[i].type === undefined);
  const readings = [rows.map((counts, i) => (added[i].blank ? [...counts.slice(1), counts[0]] : counts))];
  const shown = { uuid: election.uuid, title: election.name, head: null, voters: null, entitled: credentials.weights.size };

  assert.deepEqual(shownFindings(ranked, opened, { ...shown, questions: added, readings }), []);
  assert.deepEqual(checksOf(shownFindings(ranked, opened, { ...shown, questions: election.questions, readings })), ["page_questions"]);
});

test("a page that shows a result before there is one is told", () => {
  assert.deepEqual(checksOf(found({}, null)), ["page_result"]);
});
