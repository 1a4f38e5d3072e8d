/** Elections made in the browser, verified by Debian's belenios-tool and by our own verifier. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeBallot } from "../core/ballot.js";
import { secureRandom, sha256Hex } from "../core/bytes.js";
import { parseCredentials } from "../core/credentials.js";
import { ownedText, partialDecryption } from "../core/decryption.js";
import { parseElection } from "../core/election.js";
import { shuffle, shuffledTally } from "../core/shuffle.js";
import { encryptedTally } from "../core/tally.js";
import { readBoard, verify } from "../core/verify.js";
import { makeElection, NONE_TO_TWO, RANKING, WITH_BLANK, withBelenios, YES_NO } from "./support.js";

const VOTES = [
  {
    voter: 0,
    answers: [
      [1, 0],
      [1, 0, 0, 0],
      [0, 0, 0],
    ],
  },
  {
    voter: 1,
    answers: [
      [0, 1],
      [0, 1, 1, 0],
      [1, 0, 1],
    ],
  },
  {
    voter: 2,
    answers: [
      [1, 0],
      [0, 0, 0, 1],
      [0, 1, 0],
    ],
  },
  {
    voter: 0,
    answers: [
      [0, 1],
      [0, 1, 0, 0],
      [0, 0, 1],
    ],
  }, // voter 0 again: the last one counts
];

const ELECTIONS = [
  {
    groupName: "BELENIOS-2048",
    questions: [YES_NO, WITH_BLANK, NONE_TO_TWO],
    result: [
      [1, 2],
      [0, 2, 1, 1],
      [1, 1, 2],
    ],
  },
  { groupName: "RFC-3526-2048", questions: [YES_NO], result: [[1, 2]] },
];

for (const { groupName, questions, result: expected } of ELECTIONS) {
  test(`${groupName} a whole election of ours is verified by belenios-tool with the same result`, async () => {
    const made = makeElection({ groupName, questions });
    const election = parseElection(made.election);
    const bitsFor = (answers) => answers.slice(0, questions.length);

    const bytes = withBelenios(made, ({ run, add, archive }) => {
      const texts = VOTES.map(({ voter, answers }) =>
        makeBallot(election, made.scalars[voter], bitsFor(answers), secureRandom),
      );
      for (const text of texts) add("Ballot", text);
      add("EndBallots");
      const tally = encryptedTally(election, parseCredentials(made.credentials), texts);
      add("EncryptedTally", tally.text, tally.sizedText);
      made.trustees.forEach(({ x }, i) => {
        const { text } = partialDecryption(election, x, tally.text, secureRandom);
        add("PartialDecryption", text, ownedText(i + 1, sha256Hex(text)));
      });
      add("Result", run(["election", "compute-result"]).trim());
      run(["election", "verify"]);
      return archive();
    });
    const { findings, state, ballots, result } = await verify(bytes);

    assert.deepEqual(findings, []);
    assert.equal(state, "counted");
    assert.equal(ballots, 4);
    assert.deepEqual(result, expected);
  });
}

const RANKED = [
  { voter: 0, answers: [[9, 9, 9], [1, 0], [1, 0, 0]] },
  { voter: 1, answers: [[1, 2, 3], [0, 1], [0, 0, 0]] },
  { voter: 2, answers: [[3, 255, 1], [1, 0], [2, 2, 1]] },
  { voter: 0, answers: [[0, 0, 0], [1, 0], [3, 1, 2]] },
];
const IN_ORDER = [
  [[0, 0, 0], [1, 2, 3], [3, 255, 1]],
  [[0, 0, 0], [2, 2, 1], [3, 1, 2]],
];

test("rankings of ours, shuffled by belenios-tool and by us, are verified by both with what went in", async () => {
  const made = makeElection({ groupName: "RFC-3526-2048", questions: [RANKING, YES_NO, RANKING] });
  const election = parseElection(made.election);

  const bytes = withBelenios(made, ({ run, add, archive }) => {
    const texts = RANKED.map(({ voter, answers }) => makeBallot(election, made.scalars[voter], answers, secureRandom));
    for (const text of texts) add("Ballot", text);
    add("EndBallots");
    const tally = encryptedTally(election, parseCredentials(made.credentials), texts);
    add("EncryptedTally", tally.text, tally.sizedText);
    const theirs = run(["election", "shuffle", "--trustee-id", "1"]);
    run(["archive", "add-event", "--type=Shuffle"], theirs);
    const afterTheirs = shuffledTally(election, tally.text, theirs.split("\n")[0]);
    const ours = shuffle(election, afterTheirs, secureRandom);
    add("Shuffle", ours, ownedText(2, sha256Hex(ours)));
    add("EndShuffles");
    const toOpen = shuffledTally(election, afterTheirs, ours);
    made.trustees.forEach(({ x }, i) => {
      const { text } = partialDecryption(election, x, toOpen, secureRandom);
      add("PartialDecryption", text, ownedText(i + 1, sha256Hex(text)));
    });
    add("Result", run(["election", "compute-result"]).trim());
    run(["election", "verify"]);
    return archive();
  });
  const { verdict, state, shufflers, undecodable, result } = await verify(bytes);

  assert.deepEqual([verdict, state, shufflers, undecodable], ["valid", "counted", [1, 2], [[], [], []]]);
  assert.deepEqual(result[1], [2, 1]);
  assert.deepEqual([result[0].toSorted(), result[2].toSorted()], IN_ORDER);
});

test("the tally that belenios-tool computes is the one we recompute", async () => {
  const made = makeElection({ questions: [YES_NO, WITH_BLANK], trustees: 1, voters: 1 });

  const { bytes, tally } = withBelenios(made, ({ run, add, archive }) => {
    add(
      "Ballot",
      makeBallot(
        parseElection(made.election),
        made.scalars[0],
        [
          [0, 1],
          [0, 1, 1, 0],
        ],
        secureRandom,
      ),
    );
    add("EndBallots");
    const computed = run(["election", "compute-encrypted-tally"]);
    run(["archive", "add-event", "--type=EncryptedTally"], computed);
    return { bytes: archive(), tally: computed.split("\n")[0] };
  });
  const { findings, state } = await verify(bytes);

  assert.deepEqual(findings, []);
  assert.equal(state, "tallied");
  assert.equal(readBoard(bytes).tally.text, tally);
});
