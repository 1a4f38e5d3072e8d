/** Counts and weights, as Belenios writes them: a number, above LARGEST_NUMBER a text. */

import { isWhole } from "./canonical.js";
import { Refused } from "./refusal.js";

const LARGEST_NUMBER = 2n ** 30n - 1n;

export const countJson = (count) => (count > LARGEST_NUMBER ? count.toString() : Number(count));

export function parseCount(value) {
  const isCount = isWhole(value) || (typeof value === "string" && /^[1-9][0-9]{0,39}$/.test(value));
  if (!isCount || countJson(BigInt(value)) !== value) throw new Refused("not_canonical");
  return BigInt(value);
}
