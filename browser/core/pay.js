/**
 * Pay and hours as people type them: "48.20", "$1,500.50", "1.500,50", "96 400".
 * The trap: 1,500 is fifteen hundred to some and one and a half to others. What has two readings is refused with both.
 */

import { fraction, whole } from "./fractions.js";
import { Refused } from "./refusal.js";

const WHOLE = /^\d{1,9}$/;
const GROUPED = /^[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*$/;
const WITH_PART = /^(\d{1,9}|\d{1,3}(?:([.,' ])\d{3})(?:\2\d{3})*)([.,])(\d{1,4})$/;
const HOURS = /^(\d{1,3})(?:[.,](\d{1,2}))?$/;
// No hour is paid like a year, and no year like an hour: at least, and under.
const RANGES = { hour: [whole(1), whole(1000)], year: [whole(1000), whole(10_000_000)] };
const OUTSIDE = { hour: "not_an_hour", year: "not_a_year" };
const MOST_HOURS = whole(168);

/** Pay for an "hour" or a "year". Refuses "no_pay", "two_readings" with both, "not_an_hour" and "not_a_year". */
export function readPay(text, unit) {
  const readings = readingsOf(text.trim().replace(/^\$ ?/, "").replace(/\s/g, " ").replace(/\u2019/g, "'"));
  if (readings.length === 0) throw new Refused("no_pay");
  if (readings.length === 2) throw new Refused("two_readings", null, { readings });
  const [pay] = readings;
  const [atLeast, under] = RANGES[unit];
  if (atLeast.isOver(pay) || !under.isOver(pay)) throw new Refused(OUTSIDE[unit]);
  return pay;
}

/** For an hour or for a year? By its size alone. */
export const unitOf = (pay) => (RANGES.year[0].isOver(pay) ? "hour" : "year");

/** Hours a week: "36", "37,5". Refuses "no_hours". */
export function readHours(text) {
  const [, digits, part = "0"] = HOURS.exec(text.trim()) ?? [null, "0"];
  const hours = fraction(`${digits}.${part}`);
  if (hours.over === 0n || hours.isOver(MOST_HOURS)) throw new Refused("no_hours");
  return hours;
}

function readingsOf(text) {
  if (WHOLE.test(text)) return [fraction(text)];
  const grouped = GROUPED.test(text) ? [fraction(text.replace(/\D/g, ""))] : [];
  return [...grouped, ...withPart(text)];
}

/** Where the mark before the part also groups, it is no decimal mark. */
function withPart(text) {
  const [, digits, group, mark, part] = WITH_PART.exec(text) ?? [];
  return mark && mark !== group ? [fraction(`${digits.replace(/\D/g, "")}.${part}`)] : [];
}
