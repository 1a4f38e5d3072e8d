/** Threshold trustees: lists of them, any t + 1 shares of n, and boards that they open. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeBallot } from "../core/ballot.js";
import { secureRandom, sha256Hex } from "../core/bytes.js";
import { compact } from "../core/canonical.js";
import { parseCredentials } from "../core/credentials.js";
import {
  checkBoundProofs,
  checkPartialDecryption,
  combineFactors,
  openTally,
  ownedText,
  parseResult,
  partialDecryption,
  resultFindings,
} from "../core/decryption.js";
import { parseElection } from "../core/election.js";
import { groupNamed } from "../core/groups.js";
import { combine, publicShares, valueAt } from "../core/pedersen.js";
import { encryptedTally, parseEncryptedTally } from "../core/tally.js";
import { checkQuorums, parseQuorums, parseTrustees, withoutVerificationKeys } from "../core/trustees.js";
import { verify } from "../core/verify.js";
import { checksOf, makeElection, refusedAs, vector, withBelenios } from "./support.js";

const VECTORS = vector("threshold");
const OF_ED25519 = VECTORS.find(({ group }) => group === "Ed25519");
const ed25519 = groupNamed("Ed25519");
const bytesOf = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
const stored = (name) => readFileSync(new URL(`../../tests/openballot/data/${name}`, import.meta.url));

/** A drawing of as many places as are asked for, out of 1 to *size*. */
function somePlaces(size, count) {
  const places = Array.from({ length: size }, (_, i) => i + 1);
  while (places.length > count) places.splice(Math.floor(Math.random() * places.length), 1);
  return places;
}

for (const vectors of VECTORS) {
  const { count } = vectors;
  const election = parseElection(count.election);
  const { group } = election;

  test(`${vectors.group} a mixed list of trustees has its owners, keys and thresholds`, () => {
    const quorums = checkQuorums(election, count.trustees);

    assert.deepEqual(
      quorums.map(({ threshold, owners }) => ({ threshold, owners })),
      [
        { threshold: 1, owners: [1] },
        { threshold: 2, owners: [2, 3, 4] },
      ],
    );
    assert.deepEqual(parseTrustees(group, count.trustees), count.public_keys);
  });

  test(`${vectors.group} the older form stands for the same keys`, () => {
    const read = (parameters) =>
      parseQuorums(group, `[["Pedersen",${parameters}]]`).map(({ publicKey, ...quorum }) => ({
        ...quorum,
        publicKey: group.text(publicKey),
      }));

    assert.deepEqual(read(vectors.parameters_older_form), read(vectors.parameters));
  });

  test(`${vectors.group} what is fixed before the shares are open is the list without their keys`, () => {
    const { settled, parameters } = vectors;
    const single = JSON.parse(count.trustees)[0];
    const list = `[["Pedersen",${parameters}],${compact(single)}]`;
    const fixed = withoutVerificationKeys(`[["Pedersen",${parameters}]]`);

    assert.equal(sha256Hex(fixed), settled.trustees);
    assert.equal(withoutVerificationKeys(fixed), fixed);
    assert.deepEqual(JSON.parse(withoutVerificationKeys(list))[1], single);
    const [quorum] = parseQuorums(group, fixed, { isUnfinished: true });
    assert.deepEqual(quorum.keys, settled.share_keys);
    assert.equal(group.text(quorum.publicKey), settled.public_key);
    assert.deepEqual(parseQuorums(group, list, { isUnfinished: true }), parseQuorums(group, list));
    assert.throws(() => parseQuorums(group, fixed), refusedAs("trustees_text"));
    for (const garbage of ["", "{}", "[1]", '[["Pedersen"]]', ` ${fixed}`])
      assert.throws(() => withoutVerificationKeys(garbage), refusedAs("trustees_text"));
  });

  test(`${vectors.group} any two shares and the single trustee open the count, fewer do not`, () => {
    const quorums = checkQuorums(election, count.trustees);
    const tallyText = count.encrypted_tally;
    const factors = new Map(
      count.partial_decryptions.map(({ owner, text, bound_text: boundText }) => {
        const key = count.public_keys[owner - 1];
        checkBoundProofs(election, key, tallyText, text, boundText);
        return [owner, checkPartialDecryption(election, key, tallyText, text)];
      }),
    );
    const open = (...owners) => {
      const given = new Map(owners.map((owner) => [owner, factors.get(owner)]));
      const tables = combineFactors(election, quorums, given);
      const { counts } = parseResult(election, count.result);
      const tally = parseEncryptedTally(election, tallyText);
      const opened = openTally(election, tally, tables);
      return checksOf(resultFindings(election, BigInt(count.total_weight), opened, counts));
    };

    for (const owners of [
      [1, 2, 3],
      [4, 1, 2],
      [3, 4, 1],
      [1, 2, 3, 4],
    ])
      assert.deepEqual(open(...owners), []);
    assert.throws(() => open(1, 2), refusedAs("result_missing"));
    assert.throws(() => open(2, 3, 4), refusedAs("result_missing"));
  });

  test(`${vectors.group} a share that fails is a warning on a board that counts without it`, async () => {
    const { findings, warnings, state, result } = await verify(bytesOf(count.archive_base64));

    assert.deepEqual(findings, []);
    assert.deepEqual(checksOf(warnings), count.warnings);
    assert.equal(state, "counted");
    assert.deepEqual(result, [[0, 1]]);
  });
}

for (const name of ["ed-threshold-2of3", "belenios2048-threshold-2of3"]) {
  test(`${name}, stored by another program, verifies with its result`, async () => {
    const { findings, warnings, state, result } = await verify(new Uint8Array(stored(`${name}.bel`)));

    assert.deepEqual([findings, warnings, state], [[], [], "counted"]);
    assert.deepEqual(result, JSON.parse(stored(`${name}.result.json`)));
  });
}

test("any enough shares of a polynomial give the same factor, and one fewer another", () => {
  for (const [size, threshold] of [2, 3, 5, 7].flatMap((n) => [...Array(n - 1).keys()].map((t) => [n, t + 2]))) {
    const polynomial = Array.from({ length: threshold }, () => ed25519.randomScalar(secureRandom));
    const alpha = ed25519.powerGenerator(ed25519.randomScalar(secureRandom));
    const factors = somePlaces(size, threshold).map((j) => [j, ed25519.power(alpha, valueAt(ed25519, polynomial, j))]);
    const expected = ed25519.power(alpha, polynomial[0]);

    assert.ok(ed25519.equal(combine(ed25519, factors), expected), `${threshold} of ${size}`);
    assert.ok(!ed25519.equal(combine(ed25519, factors.slice(1)), expected), `${threshold} of ${size}`);
  }
});

test("the public shares are those of the secret ones", () => {
  const polynomials = [1, 2, 3].map(() => [1, 2].map(() => ed25519.randomScalar(secureRandom)));
  const publics = publicShares(
    ed25519,
    polynomials.map((polynomial) => polynomial.map((a) => ed25519.powerGenerator(a))),
  );

  publics.forEach((element, i) => {
    const share = polynomials.reduce((sum, polynomial) => sum + valueAt(ed25519, polynomial, i + 1), 0n);
    assert.ok(ed25519.equal(element, ed25519.powerGenerator(share % ed25519.q)));
  });
});

/* Altered lists */

const NOT_AN_ELEMENT = "0".repeat(64); // y = 0, a point of order 4
const plusOne = (proof, name) => {
  proof[name] = String((BigInt(proof[name]) + 1n) % ed25519.q);
};
const inMessage = (holder, change) => {
  const message = JSON.parse(holder.message);
  change(message);
  holder.message = compact(message);
};
const keyOf = (value, i) => value.verification_keys[i];

const ALTERED = {
  "a threshold above the size": ["trustees_threshold", 1, (v) => (v.threshold = 4)],
  "a threshold of zero": ["trustees_threshold", 1, (v) => (v.threshold = 0)],
  "a threshold of one more": ["certificate_context", 1, (v) => (v.threshold = 3)],
  "a threshold that is true": ["trustees_text", 1, (v) => (v.threshold = true)],
  "a hundred and one": [
    "trustees_threshold",
    1,
    (v) => Object.values(v).slice(1).forEach((list) => list.push(...Array(98).fill(list[0]))),
  ],
  "nobody at all": ["trustees_threshold", 1, (v) => Object.values(v).slice(1).forEach((list) => list.splice(0))],
  "a certificate missing": ["trustees_text", 1, (v) => v.certs.pop()],
  "certificates in another order": ["certificate_context", 1, (v) => v.certs.reverse()],
  "a certificate's place": ["certificate_context", 2, (v) => inMessage(v.certs[1], (m) => (m.context.index = 3))],
  "a certificate's place that is true": [
    "certificate_context",
    1,
    (v) => inMessage(v.certs[0], (m) => (m.context.index = true)),
  ],
  "a certificate's key": [
    "certificate_signature",
    2,
    (v) => inMessage(v.certs[1], (m) => (m.encryption = ed25519.text(ed25519.generator))),
  ],
  "a certificate's key outside the group": [
    "certificate_key",
    2,
    (v) => inMessage(v.certs[1], (m) => (m.verification = NOT_AN_ELEMENT)),
  ],
  "a certificate's signature": ["certificate_signature", 3, (v) => plusOne(v.certs[2].signature, "response")],
  "a certificate without context": ["trustees_text", 2, (v) => inMessage(v.certs[1], (m) => delete m.context)],
  "coefficients missing": ["trustees_text", 1, (v) => v.coefexps.pop()],
  "coefficients in another order": ["coefficients_signature", 1, (v) => v.coefexps.reverse()],
  "a coefficient too many": [
    "trustees_threshold",
    2,
    (v) => inMessage(v.coefexps[1], (m) => m.coefexps.push(m.coefexps[0])),
  ],
  "a coefficient outside the group": [
    "coefficient_element",
    2,
    (v) => inMessage(v.coefexps[1], (m) => (m.coefexps[0] = NOT_AN_ELEMENT)),
  ],
  "the identity as a coefficient": [
    "coefficient_element",
    2,
    (v) => inMessage(v.coefexps[1], (m) => (m.coefexps[1] = ed25519.text(ed25519.identity))),
  ],
  "the coefficients' signature": ["coefficients_signature", 1, (v) => plusOne(v.coefexps[0].signature, "challenge")],
  "signatures missing": ["trustees_text", 1, (v) => delete v.signatures],
  "a signature missing": ["trustees_text", 1, (v) => v.signatures.pop()],
  "a signature of the certificates": ["certificates_signature", 3, (v) => plusOne(v.signatures[2], "response")],
  "a key's proof": ["trustee_proof", 2, (v) => plusOne(keyOf(v, 1).pok, "response")],
  "a key outside the group": ["trustee_key", 2, (v) => (keyOf(v, 1).public_key = NOT_AN_ELEMENT)],
  "keys in another order": ["share_key", 1, (v) => v.verification_keys.reverse()],
  "a key's signature": ["share_key_signature", 2, (v) => plusOne(keyOf(v, 1).signature, "response")],
  "a key without signature": ["trustees_text", 2, (v) => delete keyOf(v, 1).signature],
  "a field too many": ["trustees_text", 1, (v) => (v.note = "")],
};

for (const [why, [check, owner, change]] of Object.entries(ALTERED)) {
  test(`a list with ${why} is refused as ${check}`, () => {
    const value = JSON.parse(OF_ED25519.parameters);
    change(value);

    assert.throws(
      () => parseQuorums(ed25519, compact([["Pedersen", value]])),
      (error) => refusedAs(check)(error) && error.object === `trustee ${owner}`,
    );
  });
}

test("a threshold listed twice, of an unknown kind or in no form at all is refused", () => {
  const item = `["Pedersen",${OF_ED25519.parameters}]`;
  const signedKey = JSON.stringify(keyOf(JSON.parse(OF_ED25519.parameters), 0));

  assert.throws(() => parseQuorums(ed25519, `[${item},${item}]`), refusedAs("trustee_repeated"));
  assert.throws(() => parseQuorums(ed25519, '[["Shamir",{}]]'), refusedAs("trustees_unsupported"));
  assert.throws(() => parseQuorums(ed25519, '[["constructor",{}]]'), refusedAs("trustees_unsupported"));
  assert.throws(() => parseQuorums(ed25519, '[["Pedersen",{}]]'), refusedAs("trustees_text"));
  assert.throws(() => parseQuorums(ed25519, '[["Pedersen"]]'), refusedAs("trustees_text"));
  assert.throws(() => parseQuorums(ed25519, `[["Single",${signedKey}]]`), refusedAs("trustees_text"));
});

/* A whole election */

test("an election of ours with a threshold is verified by belenios-tool, and a share too few is not enough", async () => {
  const vectors = VECTORS.find(({ group }) => group === "BELENIOS-2048");
  const group = groupNamed(vectors.group);
  const single = makeElection({ trustees: 1 });
  const trusteesText = `[["Pedersen",${vectors.parameters}],["Single",${single.trustees[0].publicKeyText}]]`;
  const keys = [...vectors.shares.map(BigInt), single.trustees[0].x];
  const product = group.product(parseQuorums(group, trusteesText).map(({ publicKey }) => publicKey));
  const value = { ...JSON.parse(single.election), public_key: group.text(product) };
  const made = { ...single, election: JSON.stringify(value), trusteesText };
  const election = parseElection(made.election);

  const boards = withBelenios(made, ({ run, add, archive }) => {
    const texts = [0, 1].map((voter) => makeBallot(election, made.scalars[voter], [[0, 1]], secureRandom));
    for (const text of texts) add("Ballot", text);
    add("EndBallots");
    const tally = encryptedTally(election, parseCredentials(made.credentials), texts);
    add("EncryptedTally", tally.text, tally.sizedText);
    for (const owner of [3, 4]) addPartial(owner);
    const tooFew = archive();
    addPartial(1);
    add("Result", run(["election", "compute-result"]).trim());
    run(["election", "verify"]);
    return { tooFew, whole: archive() };

    function addPartial(owner) {
      const { text } = partialDecryption(election, keys[owner - 1], tally.text, secureRandom);
      add("PartialDecryption", text, ownedText(owner, sha256Hex(text)));
    }
  });
  const whole = await verify(boards.whole);
  const tooFew = await verify(boards.tooFew);

  assert.deepEqual([whole.findings, whole.warnings, whole.state], [[], [], "counted"]);
  assert.deepEqual(whole.result, [[0, 2]]);
  assert.deepEqual([tooFew.findings, tooFew.state, tooFew.result], [[], "decrypting", null]);
});
