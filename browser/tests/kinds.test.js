/** Lists, rankings and shuffles: the vectors that Python writes, and the rules on both sides of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBallot, makeBallot, makeBallotToOpen, openBallot } from "../core/ballot.js";
import { secureRandom, sha256Hex } from "../core/bytes.js";
import { parseCredentials } from "../core/credentials.js";
import {
  checkBoundProofs,
  checkPartialDecryption,
  openTally,
  ownedText,
  parseResult,
  partialDecryption,
  resultFindings,
  undecodableOf,
} from "../core/decryption.js";
import { parseElection } from "../core/election.js";
import { groupNamed } from "../core/groups.js";
import { choicesOf, kindOf } from "../core/questions.js";
import { checkShuffle, permutation, shuffle, shuffledTally } from "../core/shuffle.js";
import { encryptedTally, parseEncryptedTally } from "../core/tally.js";
import { checkTrustees } from "../core/trustees.js";
import { drawing, LISTS, makeElection, RANKING, refusedAs, vector, YES_NO } from "./support.js";

for (const vectors of vector("kinds")) {
  const election = parseElection(vectors.election);
  const credentials = parseCredentials(vectors.credentials);
  const { group } = election;

  test(`${vectors.group} papers of every kind are made and read as in the vectors, and opened`, () => {
    for (const { s, answers, randomness, text } of vectors.ballots) {
      const made = makeBallotToOpen(election, BigInt(s), answers, drawing(randomness));

      assert.equal(made.text, text);
      checkBallot(election, text, credentials);
      assert.deepEqual(openBallot(election, text, made.nonces), answers);
    }
  });

  test(`${vectors.group} papers of every kind that break one rule are refused by that rule's name`, () => {
    for (const { check, why, text } of vectors.refused_ballots) {
      assert.throws(() => checkBallot(election, text, credentials), refusedAs(check), why);
    }
  });

  test(`${vectors.group} shuffles are made as in the vectors, and others are refused by name`, () => {
    let tallyText = vectors.encrypted_tally;
    for (const { randomness, text } of vectors.shuffles) {
      assert.equal(shuffle(election, tallyText, drawing(randomness)), text);
      checkShuffle(election, tallyText, text);
      tallyText = shuffledTally(election, tallyText, text);
    }
    assert.equal(tallyText, vectors.shuffled_tally);
    for (const { check, why, text } of vectors.refused_shuffles) {
      assert.throws(() => checkShuffle(election, vectors.encrypted_tally, text), refusedAs(check), why);
    }
  });

  test(`${vectors.group} tally, decryption and result of every kind are those of the vectors`, () => {
    const texts = vectors.ballots.map(({ text }) => text);
    const keys = checkTrustees(election, vectors.trustees);
    const tallyText = vectors.shuffled_tally;

    const tally = encryptedTally(election, credentials, texts);
    const partials = vectors.partial_decryptions.map(({ x, randomness, bound_randomness: bound }) =>
      partialDecryption(election, BigInt(x), tallyText, drawing([...randomness, ...bound])),
    );
    const factors = partials.map(({ text }, i) => checkPartialDecryption(election, keys[i], tallyText, text));
    const opened = openTally(election, parseEncryptedTally(election, tallyText), factors);

    assert.deepEqual([tally.text, tally.sizedText], [vectors.encrypted_tally, vectors.sized_encrypted_tally]);
    vectors.partial_decryptions.forEach(({ text, bound_text: boundText }, i) => {
      assert.deepEqual(partials[i], { text, boundText });
      checkBoundProofs(election, keys[i], tallyText, text, boundText);
      assert.equal(ownedText(i + 1, sha256Hex(text)), `{"owner":${i + 1},"payload":"${sha256Hex(text)}"}`);
    });
    const { result, counts } = parseResult(election, vectors.result);
    assert.deepEqual(result, JSON.parse(vectors.result).result);
    assert.deepEqual(resultFindings(election, tally.totalWeight, opened, counts), []);
    assert.deepEqual(undecodableOf(election, opened), [[], [], []]);
  });

  test(`${vectors.group} no other nonces open a paper of every kind`, () => {
    const { s, answers } = vectors.ballots[0];
    const { text, nonces } = makeBallotToOpen(election, BigInt(s), answers, secureRandom);
    const changed = (change) => {
      const copy = structuredClone(nonces);
      change(copy);
      return () => openBallot(election, text, copy);
    };

    assert.throws(changed((copy) => copy[1][1].reverse()), refusedAs("wrong_nonces"));
    assert.throws(changed((copy) => (copy[2] = [copy[0][0]])), refusedAs("wrong_nonces"));
    assert.throws(changed((copy) => (copy[2] = copy[2][0])), refusedAs("not_canonical"));
    assert.throws(changed((copy) => (copy[1] = copy[1].flat())), refusedAs("not_canonical"));
    assert.throws(changed((copy) => (copy[2] = [String(group.q)])), refusedAs("scalar"));
  });
}

test("a paper that holds an element no device encodes to is not opened", () => {
  const made = makeElection({ groupName: "Ed25519", questions: [RANKING], voters: 1 });
  const election = parseElection(made.election);
  const more = { ...election, questions: [{ ...election.questions[0], answers: ["A", "B", "C", "D"] }] };
  const device = Object.assign(Object.create(Object.getPrototypeOf(election)), more);
  const { text, nonces } = makeBallotToOpen(device, made.scalars[0], [[9, 1, 2, 3]], secureRandom);

  assert.deepEqual(openBallot(device, text, nonces), [[9, 1, 2, 3]]);
  assert.throws(() => openBallot(election, text, nonces), refusedAs("wrong_nonces"));
});

const LISTS_QUESTION = { type: "Lists", ...LISTS.value };
const RANKING_QUESTION = { type: "NonHomomorphic", ...RANKING.value };
const ILLEGAL = [
  [LISTS_QUESTION, "no list", [[0, 0, 0], [0, 0, 0]]],
  [LISTS_QUESTION, "a list without a candidate", [[1, 0, 0], [0, 0, 0]]],
  [LISTS_QUESTION, "two lists", [[1, 1, 0], [1, 1, 0]]],
  [LISTS_QUESTION, "a candidate of another list", [[1, 1, 0], [0, 1, 0]]],
  [LISTS_QUESTION, "a candidate without the list", [[0, 1, 0], [0, 0, 0]]],
  [LISTS_QUESTION, "a candidate twice", [[1, 2, 0], [0, 0, 0]]],
  [LISTS_QUESTION, "what is no number", [[true, true, false], [0, 0, 0]]],
  [RANKING_QUESTION, "too large a number", [1, 2, 256]],
  [RANKING_QUESTION, "a number below zero", [1, 2, -1]],
  [RANKING_QUESTION, "a fraction", [1, 2, 0.5]],
  [RANKING_QUESTION, "a text", [1, 2, "3"]],
];

for (const [question, what, answer] of ILLEGAL) {
  test(`a ${question.type} answer with ${what} cannot be sealed`, () => {
    assert.throws(() => kindOf(question).refuseIllegal(question, answer), refusedAs("illegal_answer"));
  });
}

test("answers of another shape cannot be sealed", () => {
  for (const answer of [[], [[1, 1, 0]], [[1, 1], [0, 0, 0]], [1, 1, 0, 0, 0, 0]]) {
    assert.throws(() => kindOf(LISTS_QUESTION).refuseIllegal(LISTS_QUESTION, answer), refusedAs("not_canonical"));
  }
  for (const answer of [[], [1, 2], [1, 2, 3, 4]]) {
    assert.throws(() => kindOf(RANKING_QUESTION).refuseIllegal(RANKING_QUESTION, answer), refusedAs("not_canonical"));
  }
});

test("a question of each kind says how many ciphertexts its answer has", () => {
  assert.deepEqual([{ ...YES_NO, blank: true }, LISTS_QUESTION, RANKING_QUESTION].map(choicesOf), [3, 6, 1]);
});

for (const { name, integers = [], no_integers: others = [], ...vectors } of vector("groups")) {
  const group = groupNamed(name);

  test(`${name} integers and independent generators are those of the vectors`, () => {
    assert.equal(group.mostIntegers, vectors.most_integers);
    for (const { index, element } of vectors.independent_generators) {
      assert.equal(group.text(group.independentGenerator(index)), element);
    }
    for (const { integers: numbers, element } of integers) {
      assert.equal(group.text(group.encode(numbers)), element);
      assert.deepEqual(group.decodeIntegers(group.element(element), numbers.length), numbers);
      assert.ok(group.holdsIntegers(group.element(element), numbers.length));
    }
    for (const { integers: numbers, element } of others) {
      assert.deepEqual(group.decodeIntegers(group.element(element), numbers.length), numbers);
      assert.ok(!group.holdsIntegers(group.element(element), numbers.length));
    }
  });

  test(`${name} a product of powers is the product of the powers, whoever may watch`, () => {
    const exponents = [0n, 1n, 15n, 16n, group.q - 1n, group.randomScalar(secureRandom)];
    const bases = exponents.map((exponent) => group.powerGenerator(group.reduce(exponent + 5n)));

    const expected = group.text(group.product(bases.map((base, i) => group.power(base, exponents[i]))));

    assert.equal(group.text(group.productOfPowers(bases, exponents)), expected);
    assert.equal(group.text(group.secretProductOfPowers(bases, exponents)), expected);
    assert.ok(group.equal(group.productOfPowers([], []), group.identity));
  });
}

test("a permutation takes every place from what is drawn", () => {
  const seen = new Set();
  for (let a = 0; a < 3; a += 1) {
    for (let b = 0; b < 2; b += 1) seen.add(permutation(3, drawing([a, b, 0].map(String))).join());
  }

  assert.deepEqual([...seen].sort(), ["0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"]);
});

test("a shuffle of more answers than are raised at once verifies, and tells its progress", () => {
  const made = makeElection({ groupName: "Ed25519", questions: [RANKING, YES_NO, RANKING], voters: 18 });
  const election = parseElection(made.election);
  const texts = made.scalars.map((s, i) => makeBallot(election, s, [[i, 0, 255], [1, 0], [0, i, i]], secureRandom));
  const { text: tallyText } = encryptedTally(election, parseCredentials(made.credentials), texts);
  const [made_, checked] = [[], []];

  const text = shuffle(election, tallyText, secureRandom, (...now) => made_.push(now));
  checkShuffle(election, tallyText, text, (...now) => checked.push(now));

  assert.deepEqual(made_.at(-1), [108, 108]);
  assert.deepEqual(checked.at(-1), [36, 36]);
  for (const told of [made_, checked]) assert.ok(told.every(([done], i) => i === 0 || done > told[i - 1][0]));
  assert.throws(
    () => checkShuffle(election, shuffledTally(election, tallyText, text), text),
    refusedAs("shuffle_proof"),
  );
});

test("nothing is shuffled by a correct shuffle where nobody voted", () => {
  const made = makeElection({ groupName: "Ed25519", questions: [RANKING] });
  const election = parseElection(made.election);
  const { text: tallyText } = encryptedTally(election, parseCredentials(made.credentials), []);

  const text = shuffle(election, tallyText, secureRandom);

  checkShuffle(election, tallyText, text);
  assert.equal(shuffledTally(election, tallyText, text), tallyText);
});
