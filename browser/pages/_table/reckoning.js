/** All that can be said of one offer for one pay. Everything is exact; what cannot be said is null. */

import { ONE } from "../../core/fractions.js";
import { Refused } from "../../core/refusal.js";
import {
  averageOverTerm,
  breakEvenInflation,
  compounded,
  evenlySpread,
  headline,
  levelsByYear,
  lumpSums,
  lumpSumsOverTerm,
  priceChange,
  pricesAfter,
  ratesOf,
  realChange,
  shareInLastYears,
  yearlyPay,
  yearsOfTerm,
} from "../../core/wages.js";

/**
 * The years whose prices a pay is held against: `path` is the price level of each, where the first is 1. `is…` say
 * what the two levels lack.
 */
export function windowOf({ levels, incomplete, unverified }, since, until) {
  const years = levels.map(([year]) => year).filter((year) => since <= year && year <= until);
  return {
    since,
    until,
    prices: priceChange(levels, since, until),
    path: years.map((year) => ONE.plus(priceChange(levels, since, year))),
    isIncomplete: [since, until].some((year) => incomplete.includes(year)),
    isUnverified: [since, until].some((year) => unverified.includes(year)),
  };
}

/** What *figures* come to. *pay* is {amount, perYear} or null, *guess* a yearly inflation to come or null. */
export function worthOf(figures, { pay, window, guess }) {
  const rates = ratesOf(figures);
  const total = compounded(rates);
  const offer = figures.starts_on && figures.ends_on ? figures : null;
  return {
    headline: headline(rates),
    compounded: total,
    real: realChange(total, window.prices),
    lumpSums: lumpSums(figures),
    ...(offer ? overTerm(offer, { total, pay, guess }) : UNKNOWN),
  };
}

const UNKNOWN = { levels: [], breakEven: null, guessed: null, lastYear: null, late: null, lateMoney: null, lumpShare: null };

function overTerm(offer, { total, pay, guess }) {
  const levels = levelsByYear(offer);
  const late = averageOverTerm(offer).minus(averageOverTerm(evenlySpread(offer)));
  return {
    levels,
    breakEven: breakEvenInflation(total, levels.length),
    guessed: guess && realChange(total, pricesAfter(guess, levels.length)),
    lastYear: unlessRefused(() => shareInLastYears(offer, 1)),
    late,
    lateMoney: pay && late.times(pay.perYear).times(yearsOfTerm(offer)),
    lumpShare: pay && lumpSumsOverTerm(offer, pay.perYear),
  };
}

/** {amount, perYear} of a pay for an hour, with the hours of a week, or for a year. */
export const payOf = (amount, unit, hours) => ({ amount, perYear: unit === "hour" ? yearlyPay(amount, hours) : amount });

function unlessRefused(deed) {
  try {
    return deed();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}
