/** Percentages as people write them, by the rules of workrules.wages: "5 %", "5,0 percent", "1/2 %", "-2". */

import { Fraction, fraction, whole } from "./fractions.js";
import { Refused } from "./refusal.js";

const PERCENTAGE =
  /^(?:([-\u2212])|\+)? ?(?:(\d{1,3})(?:[.,](\d{1,9}))?|(?:(\d{1,3}) )?(\d{1,3})\/(\d{1,3})) ?(%|\uff05|percent|per cent|pct|por ciento|porsiyento)?$/;
const HUNDRED = whole(100);

/**
 * A percentage as a rate: "5 %" is 1/20. Refuses "no_percentage", and "two_readings" with both rates: a bare
 * 0.05 may be a share or a percentage.
 */
export function readPercentage(text) {
  const found = PERCENTAGE.exec(text.trim().replace(/\s+/g, " ").toLowerCase());
  if (!found || Number(found[6]) === 0) throw new Refused("no_percentage");
  const [, minus, , , , , , sign] = found;
  const value = minus ? fraction("-1").times(size(found)) : size(found);
  const rate = value.dividedBy(HUNDRED);
  const isUnderOne = value.over !== 0n && size(found).over < size(found).under;
  if (!sign && isUnderOne) throw new Refused("two_readings", null, { readings: [rate, value] });
  return rate;
}

function size([, , digits, part = "", full = "0", over, under]) {
  if (under) return whole(full).plus(new Fraction(BigInt(over), BigInt(under)));
  return new Fraction(BigInt(digits + part), 10n ** BigInt(part.length));
}
