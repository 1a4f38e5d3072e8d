/**
 * Verifiable shuffles: the same answers, re-encrypted and in another order (Belenios specification, section 4.17).
 * Source: its section 6, after the CHVote System Specification 1.3.2, whose symbols are used; those with a prime end in
 * an underscore here, those with a hat in Hat, and indices count from 0. The twin of openballot/shuffle.py.
 *
 * Traps: whoever knows the permutation or any randomness can tell who answered what, so both are forgotten and never
 * shown. And a proof shows that no answer changed, not who shuffled. It takes seconds: run it in a worker.
 */

import { bigEndian, sha256Hex } from "./bytes.js";
import { fieldsOf, listOf, parseCompact } from "./canonical.js";
import { kindOf } from "./questions.js";
import { encodePair } from "./questions/pairs.js";
import { collect, finding, Refused, within } from "./refusal.js";
import { encryptedTallyText, parseEncryptedTally } from "./tally.js";

/** 32 bytes more than any number of answers has: the bias of a permutation is below 2^-256. */
const PLACE_BYTES = 40;
/** So many powers share their squarings before the next step is told. */
const AT_ONCE = 16;
const STEPS_OF_AN_ANSWER = 3;

/**
 * The text of a shuffle of the answers of an encrypted tally that are not added up: of the board's own, or of what
 * shuffledTally made of it and the shuffles so far. onProgress is called with the number of steps done, and of all.
 */
export function shuffle(election, tallyText, randomBytes, onProgress = () => {}) {
  const rows = shuffledRows(election, parseEncryptedTally(election, tallyText));
  const all = STEPS_OF_AN_ANSWER * rows.reduce((sum, row) => sum + row.length, 0);
  let done = 0;
  const step = (count) => {
    done += count;
    onProgress(done, all);
  };
  const made = rows.map((e) => {
    const psi = permutation(e.length, randomBytes);
    const { e_, r_ } = reencrypted(election, e, psi, randomBytes, step);
    return { e_, proof: prove(election, { e, e_, r_, psi }, randomBytes, step) };
  });
  return JSON.stringify({
    ciphertexts: made.map(({ e_ }) => e_.map((pair) => encodePair(election.group, pair))),
    proofs: made.map(({ proof }) => proofJson(election.group, proof)),
  });
}

/** Refuses a shuffle of this tally by the first thing that is wrong with it. */
export function checkShuffle(election, tallyText, text, onProgress) {
  const tally = parseEncryptedTally(election, tallyText);
  const { findings } = examineShuffle(election, tally, text, "shuffle", onProgress);
  const [first] = findings;
  if (first !== undefined) throw new Refused(first.check, first.object);
}

/** The text of the encrypted tally with the answers of a checked shuffle in their new order. */
export function shuffledTally(election, tallyText, text) {
  const tally = parseEncryptedTally(election, tallyText);
  const { ciphertexts } = readShuffle(election, tally, text);
  return encryptedTallyText(election, merged(election, tally, ciphertexts));
}

/**
 * {tally, findings}: the tally's rows in their new order, null where the shuffle cannot be read, and what is wrong.
 * onProgress is called with the number of answers checked, and of all.
 */
export function examineShuffle(election, tally, text, where, onProgress = () => {}) {
  const { read, ...taken } = readOf(election, tally, text, where);
  if (read === null) return taken;
  const numbers = election.questions.flatMap((question, i) => (kindOf(question).isShuffled ? [i + 1] : []));
  const rows = shuffledRows(election, tally);
  const all = rows.reduce((sum, row) => sum + row.length, 0);
  let before = 0;
  rows.forEach((e, k) => {
    const step = (done) => onProgress(before + done, all);
    const isProven = holds(election, { e, e_: read.ciphertexts[k], proof: read.proofs[k] }, step);
    if (!isProven) taken.findings.push(finding("shuffle_proof", `${where}, question ${numbers[k]}`));
    before += e.length;
  });
  return taken;
}

/** The same without its proofs, which somebody else has to check. */
export function takeShuffle(election, tally, text, where) {
  const { read: _proofs, ...taken } = readOf(election, tally, text, where);
  return taken;
}

function readOf(election, tally, text, where) {
  const findings = [];
  const read = collect(findings, where, () => readShuffle(election, tally, text));
  return { read, tally: read && merged(election, tally, read.ciphertexts), findings };
}

/** The rows of the questions whose answers are shuffled. */
const shuffledRows = ({ questions }, tally) => tally.filter((_row, i) => kindOf(questions[i]).isShuffled);

function merged({ questions }, tally, ciphertexts) {
  const fresh = ciphertexts.values();
  return tally.map((row, i) => (kindOf(questions[i]).isShuffled ? fresh.next().value : row));
}

/** GenPermutation: each of the n! equally likely, but for 2^-256. */
export function permutation(n, randomBytes) {
  const places = Array.from({ length: n }, (_, i) => i);
  return places.map((_, i) => {
    const k = i + Number(bigEndian(randomBytes(PLACE_BYTES)) % BigInt(n - i));
    const drawn = places[k];
    places[k] = places[i];
    return drawn;
  });
}

/** GenShuffle: e_ in the new order, r_ in the old one. */
function reencrypted(election, e, psi, randomBytes, step) {
  const { group } = election;
  const r_ = [];
  const fresh = e.map(({ alpha, beta }) => {
    const r = group.randomScalar(randomBytes);
    r_.push(r);
    const pair = {
      alpha: group.multiply(alpha, group.powerGenerator(r)),
      beta: group.multiply(beta, election.powerPublicKey(r)),
    };
    step(1);
    return pair;
  });
  return { e_: psi.map((j) => fresh[j]), r_ };
}

/** GenShuffleProof. */
function prove(election, { e, e_, r_, psi }, randomBytes, step) {
  const { group } = election;
  const { h, hs } = generators(group, e.length);
  const draw = () => group.randomScalar(randomBytes);
  const { c, r } = permutationCommitment(group, psi, hs, draw);
  const u = challenges(election, e, e_, c);
  const u_ = psi.map((j) => u[j]);
  const rHat = psi.map(draw);
  const omega = [draw(), draw(), draw(), draw()];
  const masks = psi.map(() => ({ hat: draw(), prime: draw() }));
  const [omegaHat, omega_] = [masks.map(({ hat }) => hat), masks.map(({ prime }) => prime)];
  const { cHat, tHat, sumOfRHat } = chain(group, h, { u_, rHat, omegaHat, omega_ }, step);
  const t = commitments(election, e_, hs, omega, omega_, step);
  const challenge = challengeOf(election, { e, e_, c, cHat, t, tHat });
  const known = [add(r), sumOfRHat, add(products(r, u)), add(products(r_, u))];
  const responses = (hidden, secrets) => hidden.map((w, i) => group.reduce(w + challenge * secrets[i]));
  return { t, tHat, s: responses(omega, known), sHat: responses(omegaHat, rHat), s_: responses(omega_, u_), c, cHat };
}

/** GenPermutationCommitment. */
function permutationCommitment(group, psi, hs, draw) {
  const [c, r] = [[], []];
  psi.forEach((j, i) => {
    r[j] = draw();
    c[j] = group.multiply(group.powerGenerator(r[j]), hs[i]);
  });
  return { c, r };
}

/**
 * GenCommitmentChain, with its t̂ and the sum of r̂_i·v_i. Each ĉ_i = g^(r̂_i)·ĉ_(i-1)^(u'_i) is g^x·h^z for an x and a
 * z that are known here.
 */
function chain(group, h, { u_, rHat, omegaHat, omega_ }, step) {
  const powerOfH = group.table(h);
  const ofGAndH = (x, z) => group.multiply(group.powerGenerator(group.reduce(x)), powerOfH(group.reduce(z)));
  let [x, z] = [0n, 1n];
  const made = u_.map((u, i) => {
    const t = ofGAndH(omegaHat[i] + omega_[i] * x, omega_[i] * z);
    [x, z] = [group.reduce(rHat[i] + u * x), group.reduce(u * z)];
    const c = ofGAndH(x, z);
    step(1);
    return { c, t };
  });
  return { cHat: made.map(({ c }) => c), tHat: made.map(({ t }) => t), sumOfRHat: x };
}

/** t1, t2, t3, t4,1 and t4,2. */
function commitments(election, e_, hs, omega, omega_, step) {
  const { group } = election;
  const minusOmega = group.reduce(-omega[3]);
  let t3 = group.powerGenerator(omega[2]);
  let t41 = election.powerPublicKey(minusOmega);
  let t42 = group.powerGenerator(minusOmega);
  for (let from = 0; from < e_.length; from += AT_ONCE) {
    const some = e_.slice(from, from + AT_ONCE);
    const times = (element, bases) =>
      group.multiply(element, group.secretProductOfPowers(bases, omega_.slice(from, from + AT_ONCE)));
    t3 = times(t3, hs.slice(from, from + AT_ONCE));
    t41 = times(
      t41,
      some.map(({ beta }) => beta),
    );
    t42 = times(
      t42,
      some.map(({ alpha }) => alpha),
    );
    step(some.length);
  }
  return [group.powerGenerator(omega[0]), group.powerGenerator(omega[1]), t3, t41, t42];
}

/** CheckShuffleProof, of elements that lie in the group. */
function holds(election, { e, e_, proof }, step) {
  const { group } = election;
  const { t, tHat, s, sHat, s_, c, cHat } = proof;
  const { h, hs } = generators(group, e.length);
  const u = challenges(election, e, e_, c);
  const challenge = challengeOf(election, { e, e_, c, cHat, t, tHat });
  const chained = [h, ...cHat];
  const minus = group.reduce(-s[3]);
  const less = (element) => group.inverse(group.power(element, challenge));
  const over = (numerator, denominator) => group.multiply(numerator, group.inverse(denominator));
  const powersOf = (pairs, side, exponents) =>
    group.productOfPowers(
      pairs.map((pair) => pair[side]),
      exponents,
    );
  const ofU = group.reduce(u.reduce((a, b) => group.reduce(a * b), 1n));
  const expected = [
    [less(over(group.product(c), group.product(hs))), group.publicPowerGenerator(s[0])],
    [less(over(chained[e.length], group.power(h, ofU))), group.publicPowerGenerator(s[1])],
    [less(group.productOfPowers(c, u)), group.publicPowerGenerator(s[2]), group.productOfPowers(hs, s_)],
    [less(powersOf(e, "beta", u)), election.publicPowerPublicKey(minus), powersOf(e_, "beta", s_)],
    [less(powersOf(e, "alpha", u)), group.publicPowerGenerator(minus), powersOf(e_, "alpha", s_)],
  ];
  const isChained = tHat.map((element, i) => {
    const factors = [less(chained[i + 1]), group.publicPowerGenerator(sHat[i]), group.power(chained[i], s_[i])];
    step(i + 1);
    return group.equal(element, group.product(factors));
  });
  return expected.every((factors, i) => group.equal(t[i], group.product(factors))) && isChained.every(Boolean);
}

/** GetSecondaryGenerator and GetGenerators. */
const generators = (group, n) => ({
  h: group.independentGenerator(-1),
  hs: Array.from({ length: n }, (_, i) => group.independentGenerator(i)),
});

/** GetNIZPKChallenges. */
function challenges({ group, fingerprint }, e, e_, c) {
  const start = sha256Hex(`shuffle-challenges|${fingerprint}|${statementText(group, e, e_, c)}`);
  return e.map((_, i) => group.hashToScalar(start + sha256Hex(String(i))));
}

/** GetNIZPKChallenge. */
function challengeOf({ group, fingerprint, publicKeyText }, { e, e_, c, cHat, t, tHat }) {
  const made = elementsText(group, t) + elementsText(group, tHat);
  const statement = statementText(group, e, e_, c) + elementsText(group, cHat);
  return group.hashToScalar(`shuffle-challenge|${fingerprint}|${made}${statement}${publicKeyText}`);
}

const statementText = (group, e, e_, c) =>
  elementsText(group, [...[...e, ...e_].flatMap(({ alpha, beta }) => [alpha, beta]), ...c]);

const elementsText = (group, elements) => elements.map((element) => `${group.text(element)},`).join("");

const add = (numbers) => numbers.reduce((a, b) => a + b, 0n);
const products = (left, right) => left.map((number, i) => number * right[i]);

function proofJson(group, { t, tHat, s, sHat, s_, c, cHat }) {
  const [t1, t2, t3, t41, t42] = texts(group, t);
  return [
    [t1, t2, t3, [t41, t42], texts(group, tHat)],
    [...s.map(String), sHat.map(String), s_.map(String)],
    texts(group, c),
    texts(group, cHat),
  ];
}

const texts = (group, elements) => elements.map((element) => group.text(element));

/** A shuffle of as many answers as the tally has, every element in the group. */
const readShuffle = (election, tally, text) =>
  within("shuffle", null, () => {
    const { group } = election;
    const lengths = shuffledRows(election, tally).map((row) => row.length);
    const { ciphertexts, proofs } = fieldsOf(parseCompact(text), ["ciphertexts", "proofs"]);
    const rows = listOf(ciphertexts, lengths.length).map((row, k) => listOf(row, lengths[k]));
    rows.forEach((row) => row.forEach((pair) => fieldsOf(pair, ["alpha", "beta"])));
    const shapes = listOf(proofs, lengths.length).map((proof, k) => parseProof(group, proof, lengths[k]));
    const elements = (values) => values.map((value) => group.element(value));
    return {
      ciphertexts: rows.map((row) =>
        row.map(({ alpha, beta }) => ({ alpha: group.element(alpha), beta: group.element(beta) })),
      ),
      proofs: shapes.map(({ t, tHat, c, cHat, ...scalars }) => ({
        ...scalars,
        ...{ t: elements(t), tHat: elements(tHat), c: elements(c), cHat: elements(cHat) },
      })),
    };
  });

/** The shape of a proof and its scalars; its elements are texts still. */
function parseProof(group, proof, length) {
  const [t, s, c, cHat] = listOf(proof, 4);
  const [t1, t2, t3, t4, tHat] = listOf(t, 5);
  const [s1, s2, s3, s4, sHat, s_] = listOf(s, 6);
  const scalars = (values) => values.map((value) => group.scalar(value));
  return {
    t: [t1, t2, t3, ...listOf(t4, 2)],
    tHat: listOf(tHat, length),
    s: scalars([s1, s2, s3, s4]),
    sHat: scalars(listOf(sHat, length)),
    s_: scalars(listOf(s_, length)),
    c: listOf(c, length),
    cHat: listOf(cHat, length),
  };
}
