/** Ballot papers and trustees' decryptions: what cannot be made, what is refused, and what a test opens. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBallot, makeBallot, makeBallotToOpen, openBallot } from "../core/ballot.js";
import { secureRandom, sha256Base64 } from "../core/bytes.js";
import { parseCredentials } from "../core/credentials.js";
import {
  checkBoundProofs,
  checkPartialDecryption,
  openTally,
  parseResult,
  partialDecryption,
  resultFindings,
} from "../core/decryption.js";
import { parseElection } from "../core/election.js";
import { kindOf } from "../core/questions.js";
import { proofText } from "../core/schnorr.js";
import { encryptedTally, parseEncryptedTally } from "../core/tally.js";
import { generateTrusteeKey } from "../core/trusteekey.js";
import { checkTrustees, parseTrustees } from "../core/trustees.js";
import { checksOf, makeElection, NONE_TO_TWO, RANKING, refusedAs, WITH_BLANK, YES_NO } from "./support.js";

const made = makeElection({ questions: [YES_NO, WITH_BLANK, NONE_TO_TWO] });
const election = parseElection(made.election);
const credentials = parseCredentials(made.credentials);
const { group } = election;
const refuseIllegal = (question, bits) => kindOf(question).refuseIllegal(question, bits);
const YES = [
  [1, 0],
  [0, 1, 0, 1],
  [0, 0, 0],
];
const text = makeBallot(election, made.scalars[0], YES, secureRandom);

/** The ballot with a change, signed again by its own voter: only what was changed can be wrong. */
function altered(change) {
  const { signature: _signature, ...ballot } = JSON.parse(text);
  change(ballot);
  const hash = sha256Base64(JSON.stringify(ballot));
  const w = group.randomScalar(secureRandom);
  const challenge = group.hashToScalar(`sig|${hash}|${group.text(group.powerGenerator(w))}`);
  const response = group.reduce(w - made.scalars[0] * challenge);
  return JSON.stringify({ ...ballot, signature: { hash, proof: proofText({ challenge, response }) } });
}

test("every answer that a question allows makes a ballot that is accepted", () => {
  for (const bits of [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 1],
  ]) {
    for (const more of [
      [0, 0, 0],
      [0, 1, 0],
      [1, 0, 1],
    ]) {
      checkBallot(election, makeBallot(election, made.scalars[1], [[0, 1], bits, more], secureRandom), credentials);
    }
  }
});

test("an answer that its question does not allow cannot be made into a ballot", () => {
  const wrong = [
    [YES_NO, [1, 1]],
    [YES_NO, [0, 0]],
    [YES_NO, [2, -1]],
    [YES_NO, [true, false]],
    [WITH_BLANK, [1, 1, 0, 0]],
    [WITH_BLANK, [0, 0, 0, 0]],
    [WITH_BLANK, [0, 1, 1, 1]],
    [NONE_TO_TWO, [1, 1, 1]],
  ];
  for (const [question, bits] of wrong) {
    assert.throws(() => refuseIllegal({ blank: false, ...question }, bits), refusedAs("illegal_answer"));
  }
  assert.throws(() => refuseIllegal({ blank: false, ...YES_NO }, [1]), refusedAs("not_canonical"));
  assert.throws(() => makeBallot(election, made.scalars[0], [[1, 0]], secureRandom), refusedAs("not_canonical"));
});

const ALTERED = {
  "a vote multiplied by the generator": [
    "ballot_individual_proof",
    ({ answers }) => {
      const choice = answers[0].choices[0];
      choice.beta = group.text(group.multiply(group.element(choice.beta), group.generator));
    },
  ],
  "an element outside the group": [
    "ballot_element",
    ({ answers }) => {
      answers[0].choices[0].alpha = String(group.p - 1n);
    },
  ],
  "a response of q or more": [
    "ballot_scalar",
    ({ answers }) => {
      const [proof] = answers[0].overall_proof;
      proof.response = String(BigInt(proof.response) + group.q);
    },
  ],
  "an overall proof of another question": [
    "ballot_text",
    ({ answers }) => {
      answers[0].overall_proof = answers[2].overall_proof;
    },
  ],
  "a proof with a field too many": [
    "ballot_text",
    ({ answers }) => {
      answers[0].overall_proof[0].note = "";
    },
  ],
  "a blank proof changed": [
    "ballot_blank_proof",
    ({ answers }) => {
      answers[1].blank_proof[0].response = "5";
    },
  ],
  "an overall proof beside a blank one changed": [
    "ballot_overall_proof",
    ({ answers }) => {
      answers[1].overall_proof[0].challenge = "5";
    },
  ],
  "another election's hash": [
    "ballot_election",
    (ballot) => {
      ballot.election_hash = sha256Base64("another");
    },
  ],
  "a credential that is not on the list": [
    "ballot_credential",
    (ballot) => {
      ballot.credential = group.text(group.powerGenerator(7n));
    },
  ],
  "another voter's credential": [
    "ballot_signature",
    (ballot) => {
      ballot.credential = group.text(group.powerGenerator(made.scalars[1]));
    },
  ],
};

for (const [what, [check, change]] of Object.entries(ALTERED)) {
  test(`a ballot with ${what} is refused`, () => {
    assert.throws(() => checkBallot(election, altered(change), credentials), refusedAs(check));
  });
}

test("a ballot changed after it was signed, or not canonical, is refused", () => {
  const unsigned = text.replace(/"response":"\d+"/, '"response":"5"');

  assert.throws(() => checkBallot(election, unsigned, credentials), refusedAs("ballot_signature_hash"));
  assert.throws(() => checkBallot(election, `${text} `, credentials), refusedAs("ballot_text"));
  assert.throws(() => checkBallot(election, "", credentials), refusedAs("ballot_text"));
});

test("the nonces of a tested ballot show what it encrypts, and no others do", () => {
  const { text: tested, nonces } = makeBallotToOpen(election, made.scalars[0], YES, secureRandom);
  const other = nonces.map((scalars) => [...scalars].reverse());

  assert.deepEqual(openBallot(election, tested, nonces), YES);
  assert.throws(() => openBallot(election, tested, other), refusedAs("wrong_nonces"));
});

test("two trustees open the count, and what either says is checked", () => {
  const tally = encryptedTally(election, credentials, [
    text,
    makeBallot(
      election,
      made.scalars[2],
      [
        [1, 0],
        [1, 0, 0, 0],
        [0, 1, 0],
      ],
      secureRandom,
    ),
  ]);
  const keys = checkTrustees(election, made.trusteesText);
  const partials = made.trustees.map(({ x }) => partialDecryption(election, x, tally.text, secureRandom));
  const factors = partials.map((partial, i) => checkPartialDecryption(election, keys[i], tally.text, partial.text));
  const opened = openTally(election, parseEncryptedTally(election, tally.text), factors);
  const found = (counts) =>
    checksOf(resultFindings(election, tally.totalWeight, opened, counts));

  assert.deepEqual(
    found([
      [2n, 0n],
      [1n, 1n, 0n, 1n],
      [0n, 1n, 0n],
    ]),
    [],
  );
  assert.deepEqual(
    found([
      [1n, 1n],
      [1n, 1n, 0n, 1n],
      [0n, 1n, 0n],
    ]),
    ["result_value", "result_value"],
  );
  assert.deepEqual(
    found([
      [3n, 0n],
      [1n, 1n, 0n, 1n],
      [0n, 1n, 0n],
    ]),
    ["result_range", "result_value"],
  );
});

test("a result is read only in its exact form", () => {
  const result = (value) => () => parseResult(election, JSON.stringify({ result: value }));

  assert.deepEqual(result([[2, 0], [1, 1, 0, 1], ["1073741824", 1, 0]])().counts, [
    [2n, 0n],
    [1n, 1n, 0n, 1n],
    [1073741824n, 1n, 0n],
  ]);
  assert.throws(result([["2", 0], [1, 1, 0, 1], [0, 1, 0]]), refusedAs("result_text"));
  assert.throws(result([[1073741824, 0], [1, 1, 0, 1], [0, 1, 0]]), refusedAs("result_text"));
  assert.throws(result([[2, 0], [1, 1, 0, 1]]), refusedAs("result_text"));
});

test("a trustee's factors, proofs and bound proofs are refused when they are another's or changed", () => {
  const tally = encryptedTally(election, credentials, [text]);
  const keys = checkTrustees(election, made.trusteesText);
  const [mine, theirs] = made.trustees.map(({ x }) => partialDecryption(election, x, tally.text, secureRandom));
  const check = (partial, key = keys[0]) => checkPartialDecryption(election, key, tally.text, partial);
  const withFactor = (factor) => {
    const value = JSON.parse(mine.text);
    value.decryption_factors[0][0] = factor;
    return JSON.stringify(value);
  };

  checkBoundProofs(election, keys[0], tally.text, mine.text, mine.boundText);
  assert.throws(() => check(theirs.text), refusedAs("decryption_proof"));
  assert.throws(() => check(withFactor(group.text(group.generator))), refusedAs("decryption_proof"));
  assert.throws(() => check(withFactor("2")), refusedAs("decryption_element"));
  assert.throws(() => check('{"decryption_factors":[],"decryption_proofs":[]}'), refusedAs("decryption_text"));
  const bound = (partial, proofs) => () => checkBoundProofs(election, keys[0], tally.text, partial, proofs);
  assert.throws(bound(mine.text, theirs.boundText), refusedAs("decryption_proof"));
  assert.throws(bound(withFactor(group.text(group.generator)), mine.boundText), refusedAs("decryption_proof"));
});

test("trustees' lists with a stolen, repeated or missing key are refused", () => {
  const [a, b] = made.trustees.map(({ publicKeyText: key }) => `["Single",${key}]`);
  const stolen = JSON.stringify([
    "Single",
    { ...JSON.parse(made.trustees[0].publicKeyText), public_key: group.text(group.generator) },
  ]);
  const another = `["Single",${generateTrusteeKey(group, secureRandom).publicKeyText}]`;

  assert.throws(() => parseTrustees(group, `[${stolen}]`), refusedAs("trustee_proof"));
  assert.throws(() => parseTrustees(group, `[${a},${a}]`), refusedAs("trustee_repeated"));
  assert.throws(() => parseTrustees(group, "[]"), refusedAs("trustees_text"));
  assert.throws(() => parseTrustees(group, '[["Shamir",{}]]'), refusedAs("trustees_unsupported"));
  assert.throws(() => checkTrustees(election, `[${a}]`), refusedAs("election_key"));
  assert.throws(() => checkTrustees(election, `[${a},${another}]`), refusedAs("election_key"));
  assert.equal(checkTrustees(election, `[${a},${b}]`).length, 2);
});

const ELECTIONS = {
  "another version": ["election_version", { version: 2 }],
  "an unknown group": ["election_group", { group: "P-256" }],
  "a key outside the group": ["election_key", { public_key: "2" }],
  "the identity for a key": ["election_key", { public_key: "1" }],
  "more choices than answers": ["election_question", { questions: [{ ...YES_NO, max: 3 }] }],
  "an unknown kind of question": ["election_question_unsupported", { questions: [{ type: "Ballade", value: {} }] }],
  "a ranking that its group has no room for": ["election_question_group", { questions: [RANKING] }],
  "no question": ["election_text", { questions: [] }],
  "a short identifier": ["election_text", { uuid: "abc" }],
  "a field too many": ["election_text", { more: 1 }],
};

for (const [what, [check, change]] of Object.entries(ELECTIONS)) {
  test(`an election with ${what} is refused`, () => {
    const wrong = JSON.stringify({ ...JSON.parse(made.election), ...change });

    assert.throws(() => parseElection(wrong), refusedAs(check));
  });
}
