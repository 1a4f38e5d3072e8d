/** The encrypted tally: of each credential the last ballot, raised to its weight, all multiplied (section 4.16). */

import { sha256Hex } from "./bytes.js";
import { fieldsOf, listOf, parseCompact } from "./canonical.js";
import { decodePair, encodePair, parseBallot } from "./ballot.js";
import { Refused, within } from "./refusal.js";

/** Above this a Belenios number is written as a string. */
const LARGEST_NUMBER = 2n ** 30n - 1n;

/** The ballot papers that count: a later one of the same credential replaces an earlier. */
function lastBallots(election, texts) {
  const last = new Map();
  for (const text of texts) {
    const ballot = parseBallot(election, text);
    last.delete(ballot.credential);
    last.set(ballot.credential, ballot);
  }
  return [...last.values()];
}

/** The texts of encrypted_tally and sized_encrypted_tally, from ballot papers that were checked. */
export const encryptedTally = (election, credentials, texts) =>
  within("ballot", null, () => multiplyBallots(election, credentials, texts));

function multiplyBallots(election, credentials, texts) {
  const { group } = election;
  const products = election.questions.map(({ answers, blank }) =>
    Array.from({ length: answers.length + Number(blank) }, () => ({ alpha: group.identity, beta: group.identity })),
  );
  let totalWeight = 0n;
  const counted = lastBallots(election, texts);
  for (const ballot of counted) {
    const weight = credentials.get(ballot.credential);
    if (weight === undefined) throw new Refused("ballot_credential");
    totalWeight += weight;
    ballot.answers.forEach(({ choices }, i) =>
      choices.forEach((choice, j) => {
        products[i][j] = times(group, products[i][j], decodePair(group, choice), weight);
      }),
    );
  }
  const text = JSON.stringify(products.map((row) => row.map((pair) => encodePair(group, pair))));
  const sizedText = JSON.stringify({
    num_tallied: counted.length,
    total_weight: countJson(totalWeight),
    encrypted_tally: sha256Hex(text),
  });
  return { text, sizedText, totalWeight };
}

function times(group, product, { alpha, beta }, weight) {
  const raised = (element) => (weight === 1n ? element : group.power(element, weight));
  return { alpha: group.multiply(product.alpha, raised(alpha)), beta: group.multiply(product.beta, raised(beta)) };
}

export const countJson = (count) => (count > LARGEST_NUMBER ? count.toString() : Number(count));

/** The ciphertexts of an encrypted tally, each element checked. */
export function parseEncryptedTally(election, text) {
  const { group, questions } = election;
  const parsePair = (pair) => {
    const { alpha, beta } = fieldsOf(pair, ["alpha", "beta"]);
    return { alpha: group.element(alpha), beta: group.element(beta) };
  };
  return within("tally", "encrypted_tally", () =>
    listOf(parseCompact(text), questions.length).map((row, i) =>
      listOf(row, questions[i].answers.length + Number(questions[i].blank)).map(parsePair),
    ),
  );
}
