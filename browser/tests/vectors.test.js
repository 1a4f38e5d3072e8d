/** What the Python package and this code must agree on, to the last character. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readArchive } from "../core/archive.js";
import { ballotHash, checkBallot, makeBallot, openBallot } from "../core/ballot.js";
import { blindedKey, blindedScalar, blindingFactor, nonce } from "../core/blinding.js";
import { fromHex, toHex } from "../core/bytes.js";
import { composeCredentials, parseCredentials, recomputeCredentials } from "../core/credentials.js";
import {
  checkBoundProofs,
  checkPartialDecryption,
  openTally,
  parseResult,
  resultFindings,
  ownedText,
  partialDecryption,
} from "../core/decryption.js";
import { parseElection } from "../core/election.js";
import { groupNamed } from "../core/groups.js";
import {
  checkPossession,
  credentialKey,
  credentialScalar,
  memberKey,
  memberSeed,
  provePossession,
  signInSecret,
} from "../core/memberkeys.js";
import { Refused } from "../core/refusal.js";
import { sha256Hex } from "../core/bytes.js";
import { encryptedTally, parseEncryptedTally } from "../core/tally.js";
import { checkPublicKey, checkTrustees, parseTrustees, publicKeyText } from "../core/trustees.js";
import { verify } from "../core/verify.js";
import { rootFromWords, wordsFromRoot, wordsOf } from "../core/words.js";
import { ledgers, opened, rolls } from "./make-vectors.mjs";
import { drawing, refusedAs, vector } from "./support.js";

for (const vectors of vector("groups")) {
  test(`${vectors.name} elements, scalars and arithmetic are those of the vectors`, () => {
    const group = groupNamed(vectors.name);
    const element = (text) => group.element(text);

    assert.equal(String(group.q), vectors.q);
    assert.equal(group.text(group.generator), vectors.generator);
    assert.equal(group.text(group.identity), vectors.identity);
    for (const text of vectors.elements) assert.equal(group.text(element(text)), text);
    for (const { text, why } of vectors.refused_elements)
      assert.throws(() => element(text), refusedAs("outside_group"), why);
    for (const text of vectors.scalars) assert.equal(String(group.scalar(text)), text);
    for (const text of vectors.refused_scalars) assert.throws(() => group.scalar(text), refusedAs("scalar"), text);
    for (const { base, exponent, power } of vectors.powers) {
      assert.equal(group.text(group.power(element(base), BigInt(exponent))), power);
      assert.equal(group.text(group.secretPower(element(base), BigInt(exponent))), power);
    }
    for (const { left, right, product } of vectors.products) {
      assert.equal(group.text(group.multiply(element(left), element(right))), product);
    }
    for (const { element: text, inverse } of vectors.inverses)
      assert.equal(group.text(group.inverse(element(text))), inverse);
    for (const { text, scalar } of vectors.hash_to_scalar) assert.equal(String(group.hashToScalar(text)), scalar);
    const { bytes, scalar } = vectors.random_scalar;
    assert.equal(String(group.randomScalar((length) => fromHex(bytes, length))), scalar);
    assert.equal(composeCredentials(group, [...vectors.order].reverse()), JSON.stringify(vectors.order));
  });
}

for (const vectors of vector("blinding")) {
  test(`${vectors.group} a blinded credential is that of the vectors`, () => {
    const { uuid, s, key, k, n, h } = vectors;
    const group = groupNamed(vectors.group);

    assert.equal(nonce(fromHex(k, 32), key), n);
    assert.equal(String(blindingFactor(group, uuid, key, n)), h);
    assert.equal(blindedKey(group, uuid, key, n), vectors.blinded_key);
    assert.equal(String(blindedScalar(group, uuid, key, n, BigInt(s))), vectors.blinded_scalar);
  });

  test(`${vectors.group} the list of several members' credentials is that of the vectors`, async () => {
    const { uuid, k, keys, credentials } = vectors;

    assert.equal(await recomputeCredentials(groupNamed(vectors.group), uuid, fromHex(k, 32), keys), credentials);
  });
}

for (const { refused, ...vectors } of vector("binding_proofs")) {
  test(`${vectors.group} binding proofs hold for their ciphertexts and factors only`, () => {
    const check = ({ election, key, tally, partial_decryption: partial, proofs }) =>
      checkBoundProofs(parseElection(election), key, tally, partial, proofs);

    check(vectors);
    for (const { why, ...wrong } of refused) assert.throws(() => check({ ...vectors, ...wrong }), Refused, why);
  });
}

for (const vectors of vector("possession")) {
  test(`${vectors.group} a proof of possession is that of the vectors, and altered ones fail`, () => {
    const { committee, number, key, proof, randomness } = vectors;
    const group = groupNamed(vectors.group);

    assert.deepEqual(provePossession(group, committee, number, BigInt(vectors.s), drawing(randomness)), proof);
    assert.ok(checkPossession(group, committee, number, key, proof));
    for (const { error, why, ...wrong } of vectors.refused) {
      const check = () => checkPossession(group, wrong.committee, wrong.number, wrong.key, wrong.proof);
      if (error === "wrong") assert.equal(check(), false, why);
      else assert.throws(check, Refused, why);
    }
  });
}

for (const vectors of vector("trustees")) {
  test(`${vectors.group} trustees' keys are those of the vectors, and others are refused by name`, () => {
    const group = groupNamed(vectors.group);

    const texts = vectors.trustees.map(({ x, randomness }) => publicKeyText(group, BigInt(x), drawing(randomness)));
    const keys = parseTrustees(group, vectors.trustees_text);

    assert.deepEqual(
      texts,
      vectors.trustees.map(({ text }) => text),
    );
    assert.deepEqual(
      keys,
      texts.map((text) => checkPublicKey(group, text)),
    );
    assert.equal(group.text(group.product(keys.map((key) => group.element(key)))), vectors.combined_public_key);
    for (const { check, text } of vectors.refused) assert.throws(() => checkPublicKey(group, text), refusedAs(check));
  });
}

for (const vectors of vector("elections")) {
  const election = parseElection(vectors.election);
  const credentials = parseCredentials(vectors.credentials);

  test(`${vectors.group} an election's texts are made and read as in the vectors`, () => {
    const { group, fingerprint } = election;

    assert.equal(fingerprint, vectors.fingerprint);
    assert.equal(composeCredentials(group, vectors.credential_entries), vectors.credentials);
    assert.deepEqual(
      Object.fromEntries([...credentials].map(([key, weight]) => [key, Number(weight)])),
      vectors.weights,
    );
    assert.equal(checkTrustees(election, vectors.trustees).length, vectors.partial_decryptions.length);
    for (const { s, answers, randomness, text, tracker } of vectors.ballots) {
      assert.equal(makeBallot(election, BigInt(s), answers, drawing(randomness)), text);
      assert.equal(ballotHash(text), tracker);
      assert.deepEqual(checkBallot(election, text, credentials), {
        credential: JSON.parse(text).credential,
        hash: tracker,
      });
    }
  });

  test(`${vectors.group} ballots that break one rule are refused by that rule's name`, () => {
    for (const { check, why, text } of vectors.refused_ballots) {
      assert.throws(() => checkBallot(election, text, credentials), refusedAs(check), why);
    }
  });

  test(`${vectors.group} the tally, its decryption and the result are those of the vectors`, () => {
    const texts = vectors.ballots.map(({ text }) => text);
    const keys = checkTrustees(election, vectors.trustees);

    const tally = encryptedTally(election, credentials, texts);
    const partials = vectors.partial_decryptions.map(({ x, randomness, bound_randomness: bound }) =>
      partialDecryption(election, BigInt(x), tally.text, drawing([...randomness, ...bound])),
    );
    const factors = partials.map(({ text }, i) => checkPartialDecryption(election, keys[i], tally.text, text));

    assert.equal(tally.text, vectors.encrypted_tally);
    assert.equal(tally.sizedText, vectors.sized_encrypted_tally);
    assert.equal(String(tally.totalWeight), String(vectors.total_weight));
    vectors.partial_decryptions.forEach(({ owner, text, owned, bound_text: boundText }, i) => {
      assert.deepEqual(partials[i], { text, boundText });
      assert.equal(ownedText(owner, sha256Hex(text)), owned);
      checkBoundProofs(election, keys[i], tally.text, text, boundText);
    });
    const { result, counts } = parseResult(election, vectors.result);
    const opened = openTally(election, parseEncryptedTally(election, tally.text), factors);
    assert.deepEqual(result, JSON.parse(vectors.result).result);
    assert.deepEqual(resultFindings(election, tally.totalWeight, opened, counts), []);
  });

  test(`${vectors.group} the archive is read and verified`, async () => {
    const bytes = new Uint8Array(Buffer.from(vectors.archive_base64, "base64"));

    const { events, head, timestamp } = readArchive(bytes);
    const report = await verify(bytes);

    assert.equal(timestamp, String(vectors.timestamp));
    assert.equal(head, vectors.head);
    assert.deepEqual(
      events.map(({ hash }) => hash),
      vectors.events.map(({ hash }) => hash),
    );
    assert.deepEqual(report.findings, []);
    assert.equal(report.state, "counted");
    assert.deepEqual(report.result, JSON.parse(vectors.result).result);
  });
}

for (const vectors of vector("member_keys")) {
  test(`the root ${vectors.root} stands for the keys of the vectors`, () => {
    const root = fromHex(vectors.root, 16);

    assert.equal(wordsFromRoot(root).join(" "), vectors.words);
    assert.deepEqual(rootFromWords(vectors.words), root);
    assert.equal(signInSecret(root), vectors.sign_in);
    assert.equal(toHex(memberSeed(root)), vectors.member_key_seed);
    assert.equal(memberKey(root), vectors.member_key);
    for (const [name, { s, key }] of Object.entries(vectors.credentials)) {
      assert.equal(String(credentialScalar(root, groupNamed(name))), s);
      assert.equal(credentialKey(root, groupNamed(name)), key);
    }
  });
}

test("a hash has the words of the vectors", () => {
  for (const { hash, count, words } of vector("words")) assert.deepEqual(wordsOf(hash, count), words);
});

test("rolls and ledgers that were signed and broken here are those that Python reads", async () => {
  assert.deepEqual(vector("rolls"), await rolls());
  assert.deepEqual(vector("ledgers"), ledgers());
});

test("papers that were opened here are those that Python reads", () => {
  assert.deepEqual(vector("opened"), opened());
  for (const { file, answers } of vector("opened")) {
    const { election, ballot, nonces } = JSON.parse(file);
    assert.deepEqual(openBallot(parseElection(election), ballot, nonces), answers);
  }
});
