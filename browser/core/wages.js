/**
 * What an offer of wages comes to, in exact fractions: the twin of the Python package workrules.wages.
 * An offer is {starts_on, ends_on, raises: [{on, rate}], lump_sums: [{on, amount}]}, days and fractions as texts, raises in order of date.
 */

import { Fraction, fraction, NOTHING, ONE, roundedDivision, whole } from "./fractions.js";
import { Refused } from "./refusal.js";

const DAY_MS = 86_400_000;
const DAYS_A_YEAR = fraction("365.2425");
const DAYS_A_WEEK = whole(7);
const ROOT_DIGITS = 40;
const BREAK_EVEN_DIGITS = 6;

export const ratesOf = ({ raises = [] }) => raises.map(({ rate }) => fraction(rate));

/** The plain sum of the rates, as a leaflet gives it. */
export const headline = (rates) => sum(rates);

/** What the rates do to the pay, each on top of those before it. */
export const compounded = (rates) => rates.reduce((level, rate) => level.times(ONE.plus(rate)), ONE).minus(ONE);

/** The compounded rate of each year of the term; a raise before its start is of the first. */
export function ratesByYear(offer) {
  const years = Array.from({ length: yearsBegun(offer) }, () => []);
  for (const { on, rate } of offer.raises ?? []) years[yearOf(offer, on)].push(fraction(rate));
  return years.map(compounded);
}

/** The base pay at the end of each year of the term, where that before the offer is 1. */
export function levelsByYear(offer) {
  let level = ONE;
  return ratesByYear(offer).map((rate) => (level = level.times(ONE.plus(rate))));
}

/** How much of the whole raise comes in the last *years*: 1/4 is a quarter of its money. Refused where there is no raise, or no year before. */
export function shareInLastYears(offer, years) {
  const levels = [ONE, ...levelsByYear(offer)].reverse();
  const [last] = levels;
  if (years < 1 || years >= levels.length - 1 || last.equals(ONE)) throw new Refused("no_share");
  return last.minus(levels[years]).dividedBy(last.minus(ONE));
}

/** The same raise in the end, the same money more on the first day of each year. */
export function evenlySpread(offer) {
  const levels = levelsByYear(offer);
  const step = compounded(ratesOf(offer)).dividedBy(whole(levels.length));
  const raises = levels.map((_level, year) => ({
    on: anniversary(offer.starts_on, year),
    rate: String(step.dividedBy(ONE.plus(whole(year).times(step)))),
  }));
  return { ...offer, raises };
}

/** How far the base lies above the old one on an average day of the term. */
export function averageOverTerm(offer) {
  const { starts_on: starts, ends_on: ends, raises = [] } = offer;
  const turns = [...new Set([starts, ends, ...raises.map(({ on }) => on)])].filter((day) => starts <= day && day <= ends).sort();
  const paid = turns.slice(1).map((until, i) => levelOn(offer, turns[i]).times(daysBetween(turns[i], until)));
  return sum(paid).dividedBy(daysBetween(starts, ends)).minus(ONE);
}

/** The length of the term; a year is 365.2425 days. */
export const yearsOfTerm = ({ starts_on: starts, ends_on: ends }) => daysBetween(starts, ends).dividedBy(DAYS_A_YEAR);

/** All that is paid once. */
export const lumpSums = ({ lump_sums: sums = [] }) => sum(sums.map(({ amount }) => fraction(amount)));

/** What the lump sums add on average over the term, as a rate of the old *yearlyPay*. */
export const lumpSumsOverTerm = (offer, yearlyPay) => lumpSums(offer).dividedBy(yearlyPay.times(yearsOfTerm(offer)));

/** What *hours* a week at *pay* an hour come to in a year. */
export const yearlyPay = (pay, hours) => pay.times(hours).times(DAYS_A_YEAR).dividedBy(DAYS_A_WEEK);

/** How much prices rose from one year to another, as a rate; *levels* are [year, text]. */
export function priceChange(levels, since, until) {
  return levelIn(levels, until).dividedBy(levelIn(levels, since)).minus(ONE);
}

/** What *rate* leaves in the pay where prices changed by *prices*. */
export const realChange = (rate, prices) => ONE.plus(rate).dividedBy(ONE.plus(prices)).minus(ONE);

/** How much prices rise where every one of *years* has the same inflation. */
export const pricesAfter = (yearlyInflation, years) => compounded(Array(years).fill(yearlyInflation));

/** The yearly inflation at which *rate* over *years* buys what the old pay bought, rounded to six decimals. */
export function breakEvenInflation(rate, years) {
  const { over, under } = ONE.plus(rate);
  const scale = 10n ** BigInt(ROOT_DIGITS);
  const root = rootOf((over * scale ** BigInt(years)) / under, BigInt(years));
  const digits = roundedDivision(root, 10n ** BigInt(ROOT_DIGITS - BREAK_EVEN_DIGITS));
  return new Fraction(digits, 10n ** BigInt(BREAK_EVEN_DIGITS)).minus(ONE);
}

/** The largest whole number whose power is not over *value*, by Newton's steps from above. */
function rootOf(value, power) {
  let root = 1n << (BigInt(value.toString(2).length) / power + 1n);
  for (;;) {
    const next = ((power - 1n) * root + value / root ** (power - 1n)) / power;
    if (next >= root) return root;
    root = next;
  }
}

const levelOn = (offer, day) => ONE.plus(compounded(ratesOf({ raises: (offer.raises ?? []).filter(({ on }) => on <= day) })));

function levelIn(levels, year) {
  const found = levels.find(([known]) => known === year);
  if (!found) throw new Refused("no_price", null, { year });
  return fraction(found[1]);
}

function yearsBegun({ starts_on: starts, ends_on: ends }) {
  let years = 1;
  while (anniversary(starts, years) < ends) years += 1;
  return years;
}

function yearOf({ starts_on: starts }, day) {
  let year = 0;
  while (anniversary(starts, year + 1) <= day) year += 1;
  return year;
}

/** A term that starts on 29 February has its anniversaries on 1 March in other years. */
function anniversary(day, years) {
  const year = Number(day.slice(0, 4)) + years;
  const moved = new Date(Date.UTC(year, Number(day.slice(5, 7)) - 1, Number(day.slice(8))));
  return moved.toISOString().slice(0, 10);
}

const daysBetween = (first, until) => whole((Date.parse(until) - Date.parse(first)) / DAY_MS);

const sum = (values) => values.reduce((total, value) => total.plus(value), NOTHING);
