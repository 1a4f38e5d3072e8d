/** The encrypted tally: of each credential the last ballot, raised to its weight, all multiplied (section 4.16). */

import { isHex, sha256Hex } from "./bytes.js";
import { fieldsOf, isWhole, listOf, parseCompact } from "./canonical.js";
import { encodePair, readBallot } from "./ballot.js";
import { Refused, within } from "./refusal.js";

/** Above this a Belenios number is written as a string. */
const LARGEST_NUMBER = 2n ** 30n - 1n;

/** The ballot papers that count: a later one of the same credential replaces an earlier. */
const lastBallots = (ballots) => [...new Map(ballots.map((ballot) => [ballot.credential, ballot])).values()];

/** The texts of encrypted_tally and sized_encrypted_tally, from ballot papers that were checked. */
export const encryptedTally = (election, credentials, texts) =>
  tallyOf(
    election,
    texts.map((text) => readBallot(election, credentials, text)),
  );

/** {text, sizedText, number, totalWeight} of ballot papers that were read. */
export function tallyOf(election, ballots) {
  const { group } = election;
  const products = election.questions.map((question) =>
    Array.from({ length: choicesOf(question) }, () => ({ alpha: group.identity, beta: group.identity })),
  );
  let totalWeight = 0n;
  const counted = lastBallots(ballots);
  for (const { weight, answers } of counted) {
    totalWeight += weight;
    answers.forEach(({ choices }, i) =>
      choices.forEach((choice, j) => {
        products[i][j] = times(group, products[i][j], choice, weight);
      }),
    );
  }
  const text = JSON.stringify(products.map((row) => row.map((pair) => encodePair(group, pair))));
  const sizedText = JSON.stringify({
    num_tallied: counted.length,
    total_weight: countJson(totalWeight),
    encrypted_tally: sha256Hex(text),
  });
  return { text, sizedText, number: counted.length, totalWeight };
}

function times(group, product, { alpha, beta }, weight) {
  const raised = (element) => (weight === 1n ? element : group.power(element, weight));
  return { alpha: group.multiply(product.alpha, raised(alpha)), beta: group.multiply(product.beta, raised(beta)) };
}

export const countJson = (count) => (count > LARGEST_NUMBER ? count.toString() : Number(count));

/** A count or weight as it is written: a number, above LARGEST_NUMBER a text. */
export function parseCount(value) {
  const isCount = isWhole(value) || (typeof value === "string" && /^[1-9][0-9]{0,39}$/.test(value));
  if (!isCount || countJson(BigInt(value)) !== value) throw new Refused("not_canonical");
  return BigInt(value);
}

/** {number, totalWeight} that a sized_encrypted_tally states. */
export const parseSizedTally = (text) =>
  within("tally", "sized encrypted tally", () => {
    const sized = fieldsOf(parseCompact(text), ["num_tallied", "total_weight", "encrypted_tally"]);
    const { num_tallied: number, total_weight: weight, encrypted_tally: hash } = sized;
    if (!isWhole(number) || !isHex(hash, 32)) throw new Refused("not_canonical");
    return { number, totalWeight: parseCount(weight) };
  });

/** The ciphertexts of an encrypted tally, each element checked. */
export function parseEncryptedTally(election, text) {
  const { group, questions } = election;
  return within("tally", "encrypted tally", () => {
    const rows = listOf(parseCompact(text), questions.length);
    rows.forEach((row, i) => listOf(row, choicesOf(questions[i])).forEach((pair) => fieldsOf(pair, ["alpha", "beta"])));
    return rows.map((row) =>
      row.map(({ alpha, beta }) => ({ alpha: group.element(alpha), beta: group.element(beta) })),
    );
  });
}

/** How many ciphertexts an answer has: the blank one leads. */
export const choicesOf = ({ answers, blank }) => answers.length + Number(blank);
