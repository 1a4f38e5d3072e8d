/** A trustee's part in opening the count (section 4.18), and our proof beside it that binds ciphertext and factor. */

import { isHex } from "./bytes.js";
import { fieldsOf, isWhole, listOf, parseCompact } from "./canonical.js";
import { combine } from "./pedersen.js";
import { collect, finding, Refused, within } from "./refusal.js";
import { parseProof, proofText } from "./schnorr.js";
import { choicesOf, parseCount, parseEncryptedTally } from "./tally.js";

/** The texts of partial_decryption and of the bound proofs, for the trustee who holds *x*. */
export function partialDecryption(election, x, tallyText, randomBytes) {
  const { group } = election;
  const X = group.text(group.powerGenerator(x));
  const factors = eachOf(parseEncryptedTally(election, tallyText), (ciphertext) => ({
    ciphertext,
    factor: group.secretPower(ciphertext.alpha, x),
  }));
  const proofs = (prefixOf) =>
    eachOf(factors, (made) => proveEqualExponents(group, prefixOf(made), made.ciphertext.alpha, x, randomBytes));
  return {
    text: JSON.stringify({
      decryption_factors: eachOf(factors, ({ factor }) => group.text(factor)),
      decryption_proofs: proofs(() => decryptPrefix(election, X)),
    }),
    boundText: JSON.stringify({
      decryption_proofs: proofs(({ ciphertext, factor }) => boundPrefix(election, X, ciphertext, factor)),
    }),
  };
}

const eachOf = (rows, deed) => rows.map((row) => row.map(deed));

/** The factors of a partial decryption by the owner of *publicKeyText*; refuses it if a proof fails. */
export function checkPartialDecryption(election, publicKeyText, tallyText, text) {
  const tally = parseEncryptedTally(election, tallyText);
  const { factors, findings } = examinePartialDecryption(election, publicKeyText, tally, text, "partial decryption");
  const [first] = findings;
  if (first !== undefined) throw new Refused(first.check, first.object);
  return factors;
}

/** {factors, findings}: everything that is wrong with a partial decryption; no factors unless every one is proven. */
export function examinePartialDecryption(election, publicKeyText, tally, text, where) {
  const { group } = election;
  const findings = [];
  const read = collect(findings, where, () => readPartial(election, text));
  if (read === null) return { factors: null, findings };
  const X = group.decode(publicKeyText);
  const prefix = decryptPrefix(election, publicKeyText);
  tally.forEach((row, i) =>
    row.forEach(({ alpha }, j) => {
      const isProven = areEqualExponents(group, prefix, X, alpha, read.factors[i][j], read.proofs[i][j]);
      if (!isProven) findings.push(finding("decryption_proof", `${where}, question ${i + 1}, choice ${j + 1}`));
    }),
  );
  return { factors: findings.length === 0 ? read.factors : null, findings };
}

const readPartial = (election, text) =>
  within("decryption", null, () => {
    const { group, questions } = election;
    const parts = fieldsOf(parseCompact(text), ["decryption_factors", "decryption_proofs"]);
    const [factors, proofs] = [parts.decryption_factors, parts.decryption_proofs].map((table) => inShape(questions, table));
    const parsed = eachOf(proofs, (proof) => parseProof(group, proof));
    return { factors: eachOf(factors, (factor) => group.element(factor)), proofs: parsed };
  });

/** Refuses bound proofs that do not hold for the factors of a partial decryption. */
export function checkBoundProofs(election, publicKeyText, tallyText, partialText, boundText) {
  const { group, questions } = election;
  const X = group.decode(publicKeyText);
  const tally = parseEncryptedTally(election, tallyText);
  within("decryption", null, () => {
    const { factors } = readPartial(election, partialText);
    const { decryption_proofs: proofs } = fieldsOf(parseCompact(boundText), ["decryption_proofs"]);
    const parsed = eachOf(inShape(questions, proofs), (proof) => parseProof(group, proof));
    const areBound = tally.every((row, i) =>
      row.every((ciphertext, j) => {
        const prefix = boundPrefix(election, publicKeyText, ciphertext, factors[i][j]);
        return areEqualExponents(group, prefix, X, ciphertext.alpha, factors[i][j], parsed[i][j]);
      }),
    );
    if (!areBound) throw new Refused("decryption_proof");
  });
}

/** What the trustee's entry in the archive says. */
export const ownedText = (owner, payloadHash) => JSON.stringify({ owner, payload: payloadHash });

/**
 * One table of factors for each quorum, from the good ones by owner (a Map): of a threshold, those of the first places
 * that are enough. Refuses too few.
 */
export const combineFactors = ({ group }, quorums, factorsByOwner) =>
  quorums.map(({ threshold, owners }) => {
    const present = owners.flatMap((owner, i) => (factorsByOwner.has(owner) ? [[i + 1, factorsByOwner.get(owner)]] : []));
    const chosen = present.slice(0, threshold);
    if (chosen.length < threshold) throw new Refused("result_missing", "result");
    return chosen[0][1].map((row, i) =>
      row.map((_factor, j) =>
        combine(
          group,
          chosen.map(([place, factors]) => [place, factors[i][j]]),
        ),
      ),
    );
  });

/** Whose partial decryption it is, as its entry in the archive says. */
export const parseOwned = (text) =>
  within("decryption", null, () => {
    const { owner, payload } = fieldsOf(parseCompact(text), ["owner", "payload"]);
    if (!isWhole(owner) || !isHex(payload, 32)) throw new Refused("not_canonical");
    return owner;
  });

/** {result, counts}: the array of a result text as it stands, and its numbers. */
export const parseResult = ({ questions }, text) =>
  within("result", "result", () => {
    const { result } = fieldsOf(parseCompact(text), ["result"]);
    return { result, counts: eachOf(inShape(questions, result), parseCount) };
  });

/** Findings about counts that the combined factors, a table for each quorum, do not give, or that no such votes can. */
export const resultFindings = ({ group, questions }, tally, totalWeight, tables, counts) => [
  ...counts.flatMap((row, i) =>
    isPossible(questions[i], row, totalWeight) ? [] : [finding("result_range", `result, question ${i + 1}`)],
  ),
  ...valueFindings(group, tally, tables, counts),
];

function valueFindings(group, tally, tables, counts) {
  const isOpened = ({ beta }, i, j) => {
    const factors = tables.map((rows) => rows[i][j]);
    const expected = group.multiply(group.publicPowerGenerator(group.reduce(counts[i][j])), group.product(factors));
    return group.equal(beta, expected);
  };
  return tally.flatMap((row, i) =>
    row.flatMap((ciphertext, j) =>
      isOpened(ciphertext, i, j) ? [] : [finding("result_value", `result, question ${i + 1}, choice ${j + 1}`)],
    ),
  );
}

/** What each voter's proof says of one ballot holds of them all together; a blank vote is in the first count. */
function isPossible({ blank, min, max }, counts, totalWeight) {
  const answered = blank ? totalWeight - counts[0] : totalWeight;
  const chosen = blank ? counts.slice(1) : counts;
  const all = chosen.reduce((a, b) => a + b, 0n);
  const isWithin = BigInt(min) * answered <= all && all <= BigInt(max) * answered;
  return answered >= 0n && isWithin && chosen.every((count) => count <= answered);
}

/** Refuses a table that has not a place for each choice of each question. */
const inShape = (questions, table) => {
  listOf(table, questions.length).forEach((row, i) => listOf(row, choicesOf(questions[i])));
  return table;
};

function proveEqualExponents(group, prefix, base, x, randomBytes) {
  const w = group.randomScalar(randomBytes);
  const [A, B] = [group.powerGenerator(w), group.secretPower(base, w)];
  const challenge = group.hashToScalar(`${prefix}${group.text(A)},${group.text(B)}`);
  return proofText({ challenge, response: group.reduce(w - x * challenge) });
}

/** Whether *factor* is *base* to the exponent that X is of the generator. */
function areEqualExponents(group, prefix, X, base, factor, { challenge, response }) {
  const A = group.multiply(group.publicPowerGenerator(response), group.power(X, challenge));
  const B = group.multiply(group.power(base, response), group.power(factor, challenge));
  return group.hashToScalar(`${prefix}${group.text(A)},${group.text(B)}`) === challenge;
}

const decryptPrefix = ({ fingerprint }, X) => `decrypt|${fingerprint}|${X}|`;

const boundPrefix = ({ group, fingerprint }, X, { alpha, beta }, factor) =>
  `openfloor|decrypt|${fingerprint}|${X}|${group.text(alpha)},${group.text(beta)}|${group.text(factor)}|`;
