/** A trustee's part in opening the count (section 4.18), and our proof beside it that binds ciphertext and factor. */

import { fieldsOf, listOf, parseCompact } from "./canonical.js";
import { combine } from "./pedersen.js";
import { Refused, within } from "./refusal.js";
import { parseProof, proofText } from "./schnorr.js";
import { countJson, parseEncryptedTally } from "./tally.js";

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
  const { group } = election;
  const X = group.key(publicKeyText);
  const prefix = decryptPrefix(election, publicKeyText);
  return within("decryption", null, () => {
    const parts = fieldsOf(parseCompact(text), ["decryption_factors", "decryption_proofs"]);
    const tables = [parts.decryption_factors, parts.decryption_proofs];
    return sameShape(election, tallyText, tables, ({ alpha }, [factorText, proof]) => {
      const factor = group.element(factorText);
      refuseUnlessEqualExponents(group, prefix, X, alpha, factor, proof);
      return factor;
    });
  });
}

/** Refuses bound proofs that do not hold for the factors of a partial decryption. */
export function checkBoundProofs(election, publicKeyText, tallyText, partialText, boundText) {
  const { group } = election;
  const X = group.key(publicKeyText);
  within("decryption", null, () => {
    const { decryption_factors: factors } = parseCompact(partialText);
    const { decryption_proofs: proofs } = fieldsOf(parseCompact(boundText), ["decryption_proofs"]);
    sameShape(election, tallyText, [factors, proofs], (ciphertext, [factorText, proof]) => {
      const factor = group.element(factorText);
      const prefix = boundPrefix(election, publicKeyText, ciphertext, factor);
      refuseUnlessEqualExponents(group, prefix, X, ciphertext.alpha, factor, proof);
    });
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

/** The counts of a result text; refuses any that the combined factors, a table for each quorum, do not give. */
export function checkResult(election, tallyText, totalWeight, tables, text) {
  const { group } = election;
  return within("result", "result", () => {
    const { result } = fieldsOf(parseCompact(text), ["result"]);
    const rows = sameShape(election, tallyText, [result, ...tables], ({ beta }, [count, ...factors]) => {
      const value = countOf(count);
      if (value > totalWeight) throw new Refused("result_range");
      const expected = group.multiply(group.powerGenerator(value), group.product(factors));
      if (!group.equal(beta, expected)) throw new Refused("result_value");
      return value;
    });
    rows.forEach((counts, i) => refuseImpossibleSum(election.questions[i], counts, totalWeight));
    return result;
  });
}

function countOf(count) {
  const isCount = Number.isSafeInteger(count) || (typeof count === "string" && /^[1-9][0-9]*$/.test(count));
  if (!isCount || count < 0 || countJson(BigInt(count)) !== count) throw new Refused("not_canonical");
  return BigInt(count);
}

/** What each voter's proof says of one ballot holds of them all together. */
function refuseImpossibleSum({ blank, min, max }, counts, totalWeight) {
  const voted = blank ? totalWeight - counts[0] : totalWeight;
  const chosen = (blank ? counts.slice(1) : counts).reduce((a, b) => a + b, 0n);
  if (chosen < BigInt(min) * voted || chosen > BigInt(max) * voted) throw new Refused("result_range");
}

/** Calls *deed* with each ciphertext and what the *tables* hold in its place; refuses tables of another shape. */
function sameShape(election, tallyText, tables, deed) {
  const rows = parseEncryptedTally(election, tallyText);
  for (const table of tables) listOf(table, rows.length).forEach((row, i) => listOf(row, rows[i].length));
  return rows.map((row, i) =>
    row.map((ciphertext, j) =>
      deed(
        ciphertext,
        tables.map((table) => table[i][j]),
      ),
    ),
  );
}

function proveEqualExponents(group, prefix, base, x, randomBytes) {
  const w = group.randomScalar(randomBytes);
  const [A, B] = [group.powerGenerator(w), group.secretPower(base, w)];
  const challenge = group.hashToScalar(`${prefix}${group.text(A)},${group.text(B)}`);
  return proofText({ challenge, response: group.reduce(w - x * challenge) });
}

function refuseUnlessEqualExponents(group, prefix, X, base, factor, proof) {
  const { challenge, response } = parseProof(group, proof);
  const A = group.multiply(group.powerGenerator(response), group.power(X, challenge));
  const B = group.multiply(group.power(base, response), group.power(factor, challenge));
  if (group.hashToScalar(`${prefix}${group.text(A)},${group.text(B)}`) !== challenge)
    throw new Refused("decryption_proof");
}

const decryptPrefix = ({ fingerprint }, X) => `decrypt|${fingerprint}|${X}|`;

const boundPrefix = ({ group, fingerprint }, X, { alpha, beta }, factor) =>
  `openfloor|decrypt|${fingerprint}|${X}|${group.text(alpha)},${group.text(beta)}|${group.text(factor)}|`;
