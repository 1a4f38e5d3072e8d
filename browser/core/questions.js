/**
 * The kinds of questions, one module for each. Questions are plain data, as the election has them; what depends on
 * their kind is asked of kindOf(question), which every kind answers:
 *
 * - isShuffled: whether answers are decrypted one by one, after shuffles
 * - parse(value), refuseGroup(question, group): reading one, and refusing a group that cannot hold its answers
 * - choices(question): how many ciphertexts an answer has
 * - refuseIllegal(question, answer), seal(election, S0, question, answer, randomBytes): {answer, nonces}
 * - readAnswer(group, read, question, value, where): an answer with its *ciphertexts* in a row, nothing proven
 * - failing(election, S0, question, answer, where): findings about its proofs
 * - open(election, question, answer, nonces): the plain answer
 * - unfold(question, value, length), fold(question, row): between a text's shape and a row
 * - tally(group, question, cast): the encrypted tally's row of [{answer, weight}]
 * - parseResult(question, value): its counts, and rangeFindings, valueFindings, undecodable about them
 */

import { isObject } from "./canonical.js";
import { homomorphic } from "./questions/homomorphic.js";
import { lists } from "./questions/lists.js";
import { nonHomomorphic } from "./questions/non-homomorphic.js";
import { Refused } from "./refusal.js";

const KINDS = new Map([
  [undefined, homomorphic],
  ["Lists", lists],
  ["NonHomomorphic", nonHomomorphic],
]);

export const kindOf = ({ type }) => KINDS.get(type);

/** A question of any kind that elections in *group* may ask. */
export function parseQuestion(value, group) {
  const type = isObject(value) && "type" in value ? value.type : undefined;
  const kind = type === null ? homomorphic : KINDS.get(type);
  if (kind === undefined) throw new Refused("election_question_unsupported");
  const question = kind.parse(value);
  kind.refuseGroup(question, group);
  return question;
}

/** Whether votes are mixed and then opened one by one: those of a charter, or of an election. */
export const isMixed = ({ questions }) => questions.some((question) => kindOf(question).isShuffled);

/** How many ciphertexts an answer has. */
export const choicesOf = (question) => kindOf(question).choices(question);
