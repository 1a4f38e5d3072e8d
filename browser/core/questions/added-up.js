/** What the kinds have in common whose answers are multiplied, so that only their sums are ever decrypted. */

import { finding } from "../refusal.js";
import { parseCount } from "../counts.js";

/** What such a kind does in the tally and the result; *shape* holds its choices, unfold, fold, and isPossible. */
export const addedUp = (shape) => ({
  isShuffled: false,

  refuseGroup() {},

  tally: (group, question, cast) =>
    Array.from({ length: shape.choices(question) }, (_, j) =>
      cast.reduce(
        (product, { answer, weight }) => times(group, product, answer.ciphertexts[j], weight),
        { alpha: group.identity, beta: group.identity },
      ),
    ),

  parseResult: (question, value) => shape.unfold(question, value).map(parseCount),

  /** What each voter's proof says of one ballot must hold of them all together. */
  rangeFindings: (question, counts, totalWeight, where) =>
    shape.isPossible(question, counts, totalWeight) ? [] : [finding("result_range", where)],

  /** Counts that are not what was decrypted. */
  valueFindings: (group, _question, counts, opened, where) =>
    counts.flatMap((count, j) => {
      const isOpened = group.equal(group.publicPowerGenerator(group.reduce(count)), opened[j]);
      return isOpened ? [] : [finding("result_value", `${where}, choice ${j + 1}`)];
    }),

  undecodable: () => [],
});

function times(group, product, { alpha, beta }, weight) {
  const raised = (element) => (weight === 1n ? element : group.power(element, weight));
  return { alpha: group.multiply(product.alpha, raised(alpha)), beta: group.multiply(product.beta, raised(beta)) };
}
