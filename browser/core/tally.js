/** The encrypted tally of the voters' last ballots: answers added up under their weights, or sorted (section 4.16). */

import { isHex, sha256Hex } from "./bytes.js";
import { fieldsOf, isWhole, listOf, parseCompact } from "./canonical.js";
import { readBallot } from "./ballot.js";
import { countJson, parseCount } from "./counts.js";
import { kindOf } from "./questions.js";
import { encodePair } from "./questions/pairs.js";
import { Refused, within } from "./refusal.js";

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
  const { group, questions } = election;
  const counted = lastBallots(ballots);
  const totalWeight = counted.reduce((all, { weight }) => all + weight, 0n);
  const rows = questions.map((question, i) => {
    const cast = counted.map(({ weight, answers }) => ({ answer: answers[i], weight }));
    return kindOf(question).tally(group, question, cast);
  });
  const text = encryptedTallyText(election, rows);
  const sizedText = JSON.stringify({
    num_tallied: counted.length,
    total_weight: countJson(totalWeight),
    encrypted_tally: sha256Hex(text),
  });
  return { text, sizedText, number: counted.length, totalWeight };
}

/** The text of an encrypted tally of one row of ciphertexts for each question. */
export const encryptedTallyText = ({ group, questions }, rows) =>
  JSON.stringify(
    questions.map((question, i) =>
      kindOf(question).fold(
        question,
        rows[i].map((pair) => encodePair(group, pair)),
      ),
    ),
  );

/** {number, totalWeight} that a sized_encrypted_tally states. */
export const parseSizedTally = (text) =>
  within("tally", "sized encrypted tally", () => {
    const sized = fieldsOf(parseCompact(text), ["num_tallied", "total_weight", "encrypted_tally"]);
    const { num_tallied: number, total_weight: weight, encrypted_tally: hash } = sized;
    if (!isWhole(number) || !isHex(hash, 32)) throw new Refused("not_canonical");
    return { number, totalWeight: parseCount(weight) };
  });

/** The ciphertexts of an encrypted tally, a row for each question, each element checked. */
export function parseEncryptedTally(election, text) {
  const { group, questions } = election;
  return within("tally", "encrypted tally", () => {
    const rows = listOf(parseCompact(text), questions.length).map((row, i) => unfold(questions[i], row));
    rows.forEach((row) => row.forEach((pair) => fieldsOf(pair, ["alpha", "beta"])));
    return rows.map((row) =>
      row.map(({ alpha, beta }) => ({ alpha: group.element(alpha), beta: group.element(beta) })),
    );
  });
}

const unfold = (question, value) => kindOf(question).unfold(question, value);
