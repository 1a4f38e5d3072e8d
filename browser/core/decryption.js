/** A trustee's part in opening the count (section 4.18), and our proof beside it that binds ciphertext and factor. */

import { isHex } from "./bytes.js";
import { fieldsOf, isWhole, listOf, parseCompact } from "./canonical.js";
import { combine } from "./pedersen.js";
import { kindOf } from "./questions.js";
import { collect, finding, Refused, within } from "./refusal.js";
import { parseProof, proofText } from "./schnorr.js";
import { parseEncryptedTally } from "./tally.js";

const STEPS_OF_A_CIPHERTEXT = 3; // its factor and two proofs

/**
 * The texts of partial_decryption and of the bound proofs, for the trustee who holds *x*. onProgress is called with the
 * number of steps done, and of all.
 */
export function partialDecryption(election, x, tallyText, randomBytes, onProgress = () => {}) {
  const { group } = election;
  const X = group.text(group.powerGenerator(x));
  const tally = parseEncryptedTally(election, tallyText);
  const all = STEPS_OF_A_CIPHERTEXT * tally.flat().length;
  let done = 0;
  const stepped = (deed) => (item) => {
    const made = deed(item);
    done += 1;
    onProgress(done, all);
    return made;
  };
  const factors = eachOf(
    tally,
    stepped((ciphertext) => ({ ciphertext, factor: group.secretPower(ciphertext.alpha, x) })),
  );
  const proofs = (prefixOf) =>
    eachOf(
      factors,
      stepped((made) => proveEqualExponents(group, prefixOf(made), made.ciphertext.alpha, x, randomBytes)),
    );
  return {
    text: JSON.stringify({
      decryption_factors: folded(
        election,
        eachOf(factors, ({ factor }) => group.text(factor)),
      ),
      decryption_proofs: folded(
        election,
        proofs(() => decryptPrefix(election, X)),
      ),
    }),
    boundText: JSON.stringify({
      decryption_proofs: folded(
        election,
        proofs(({ ciphertext, factor }) => boundPrefix(election, X, ciphertext, factor)),
      ),
    }),
  };
}

const eachOf = (rows, deed) => rows.map((row) => row.map(deed));

const folded = ({ questions }, rows) => questions.map((question, i) => kindOf(question).fold(question, rows[i]));

/** The rows of a table that has a place for each ciphertext of the tally; refuses any other. */
const unfolded = ({ questions }, tally, table) =>
  listOf(table, questions.length).map((value, i) =>
    kindOf(questions[i]).unfold(questions[i], value, tally[i].length),
  );

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
  const read = collect(findings, where, () => readPartial(election, tally, text));
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

const readPartial = (election, tally, text) =>
  within("decryption", null, () => {
    const { group } = election;
    const parts = fieldsOf(parseCompact(text), ["decryption_factors", "decryption_proofs"]);
    const [factors, proofs] = [parts.decryption_factors, parts.decryption_proofs].map((table) =>
      unfolded(election, tally, table),
    );
    const parsed = eachOf(proofs, (proof) => parseProof(group, proof));
    return { factors: eachOf(factors, (factor) => group.element(factor)), proofs: parsed };
  });

/** Refuses bound proofs that do not hold for the factors of a partial decryption. */
export function checkBoundProofs(election, publicKeyText, tallyText, partialText, boundText) {
  const { group } = election;
  const X = group.decode(publicKeyText);
  const tally = parseEncryptedTally(election, tallyText);
  within("decryption", null, () => {
    const { factors } = readPartial(election, tally, partialText);
    const { decryption_proofs: proofs } = fieldsOf(parseCompact(boundText), ["decryption_proofs"]);
    const parsed = eachOf(unfolded(election, tally, proofs), (proof) => parseProof(group, proof));
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

/** {result, counts}: the array of a result text as it stands, and for each question a row of its numbers. */
export const parseResult = ({ questions }, text) =>
  within("result", "result", () => {
    const { result } = fieldsOf(parseCompact(text), ["result"]);
    const rows = listOf(result, questions.length);
    return { result, counts: questions.map((question, i) => kindOf(question).parseResult(question, rows[i])) };
  });

/** What each ciphertext holds, by the combined factors, a table for each quorum: g^count, or an encoded answer. */
export const openTally = ({ group }, tally, tables) =>
  tally.map((row, i) =>
    row.map(({ beta }, j) => {
      const factor = group.product(tables.map((rows) => rows[i][j]));
      return group.multiply(beta, group.inverse(factor));
    }),
  );

/** Findings about counts that no votes of this weight can have, or that are not what was *opened*: openTally's rows. */
export function resultFindings({ group, questions }, totalWeight, opened, counts) {
  const where = (i) => `result, question ${i + 1}`;
  const ofRange = questions.flatMap((question, i) =>
    kindOf(question).rangeFindings(question, counts[i], totalWeight, where(i)),
  );
  const ofValues = questions.flatMap((question, i) =>
    kindOf(question).valueFindings(group, question, counts[i], opened[i], where(i)),
  );
  return [...ofRange, ...ofValues];
}

/** For each question the places of decrypted answers that are no votes. */
export const undecodableOf = ({ group, questions }, opened) =>
  questions.map((question, i) => kindOf(question).undecodable(group, question, opened[i]));

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
