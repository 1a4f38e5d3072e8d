/** Wages against prices: what both languages reckon alike, to the last digit; and pay as people type it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decimal, fraction, Fraction, whole } from "../core/fractions.js";
import { readHours, readPay, unitOf } from "../core/pay.js";
import { readPercentage } from "../core/percentages.js";
import {
  averageOverTerm,
  breakEvenInflation,
  compounded,
  evenlySpread,
  headline,
  levelsByYear,
  lumpSumsOverTerm,
  priceChange,
  pricesAfter,
  ratesByYear,
  ratesOf,
  realChange,
  shareInLastYears,
  yearlyPay,
} from "../core/wages.js";
import { Refused } from "../core/refusal.js";
import { refusedAs, vector } from "./support.js";

const VECTORS = vector("wages");
const FOUR = 4;
const AT_THREE = fraction("3/100");

const texts = (values) => values.map(String);
const percent = (rate, places) => decimal(rate.times(whole(100)), places);

/** What *deed* gives, or its refusal. */
function refusalOf(deed) {
  try {
    return deed();
  } catch (error) {
    assert.ok(error instanceof Refused, String(error));
    return error;
  }
}

test("percentages are read as in Python, and what has two readings is never guessed", () => {
  for (const { text, rate, readings, error } of VECTORS.percentages) {
    const read = refusalOf(() => readPercentage(text));
    if (rate) assert.equal(String(read), rate, text);
    if (error) assert.equal(read.check, error, text);
    if (readings) assert.deepEqual([read.check, texts(read.data.readings)], ["two_readings", readings], text);
  }
});

test("the figures of public reports come out", () => {
  const [us] = VECTORS.series;
  const prices = priceChange(us.levels, 2021, 2025);
  for (const expected of VECTORS.reported) {
    const rates = expected.rates.map(fraction);
    const total = compounded(rates);
    assert.equal(String(headline(rates)), expected.headline);
    assert.equal(String(total), expected.compounded);
    assert.equal(decimal(breakEvenInflation(total, FOUR), 6), expected.break_even);
    assert.equal(String(realChange(total, pricesAfter(AT_THREE, FOUR))), expected.at_three);
    assert.equal(String(realChange(total, prices)), expected.against_2021_to_2025);
  }
});

test("the figures of public reports are those that people quote", () => {
  const [us] = VECTORS.series;
  const named = (total) => {
    const rate = fraction(total).dividedBy(whole(100));
    return [percent(breakEvenInflation(rate, FOUR), 2), percent(realChange(rate, pricesAfter(AT_THREE, FOUR)), 1)];
  };
  assert.deepEqual(["20", "21.5", "27", "31"].map(named), [
    ["4.66", "6.6"],
    ["4.99", "8.0"],
    ["6.16", "12.8"],
    ["6.98", "16.4"],
  ]);
  assert.equal(percent(compounded(["6.5", "5", "5", "5"].map((rate) => fraction(rate).dividedBy(whole(100)))), 2), "23.29");
  assert.equal(percent(priceChange(us.levels, 2021, 2025), 2), "18.81");
  const changes = us.levels.slice(1).map(([year]) => percent(priceChange(us.levels, year - 1, year), 2));
  assert.deepEqual(changes, ["1.26", "2.13", "2.44", "1.81", "1.23", "4.70", "8.00", "4.12", "2.95", "2.63"]);
  assert.equal(percent(realChange(fraction("43/200"), priceChange(us.levels, 2021, 2025)), 1), "2.3");
});

test("prices of every series change as in Python, and none is made up", () => {
  for (const { levels, changes } of VECTORS.series) {
    for (const [since, until, rate] of changes) assert.equal(String(priceChange(levels, since, until)), rate);
    assert.throws(() => priceChange(levels, 2021, 2026), refusedAs("no_price"));
  }
});

test("offers drawn at random come to what they do in Python", () => {
  const pay = fraction(VECTORS.yearly_pay);
  for (const { offer, ...expected } of VECTORS.offers) {
    const total = compounded(ratesOf(offer));
    const spread = evenlySpread(offer);
    const share = refusalOf(() => shareInLastYears(offer, 1));
    assert.deepEqual(
      {
        headline: String(headline(ratesOf(offer))),
        compounded: String(total),
        by_year: texts(ratesByYear(offer)),
        levels: texts(levelsByYear(offer)),
        average: String(averageOverTerm(offer)),
        evenly: spread.raises.map(({ on, rate }) => [on, rate]),
        average_evenly: String(averageOverTerm(spread)),
        last_year: share instanceof Refused ? null : String(share),
        lump_sums: String(lumpSumsOverTerm(offer, pay)),
        break_even: decimal(breakEvenInflation(total, levelsByYear(offer).length), 6),
      },
      expected,
    );
  }
});

test("a year has 365.2425 days", () => {
  assert.equal(decimal(yearlyPay(fraction("48.20"), whole(40)), 2), "100598.22");
});

test("fractions are rounded half to even, and keep their sign", () => {
  assert.deepEqual(
    ["1/8", "3/8", "-1/8", "-1/1000", "5/2", "7"].map((text) => decimal(fraction(text), 2)),
    ["0.12", "0.38", "-0.12", "0.00", "2.50", "7.00"],
  );
  assert.equal(decimal(fraction("5/2"), 0), "2");
  assert.equal(String(new Fraction(6n, -4n)), "-3/2");
  assert.throws(() => fraction("1e3"), refusedAs("not_a_fraction"));
  assert.throws(() => whole(1).dividedBy(whole(0)), refusedAs("division_by_zero"));
});

test("pay is read as people write it", () => {
  const read = (text, unit = "hour") => decimal(readPay(text, unit), 2);
  assert.deepEqual(["48.20", " 48,2 ", "$48.20", "$ 48", "48.2000"].map((text) => read(text)), [
    "48.20",
    "48.20",
    "48.20",
    "48.00",
    "48.20",
  ]);
  const years = ["1,500.50", "1.500,50", "1 500,50", "1\u00a0500.50", "1'500.50", "1\u2019500.5", "1500.50", "1500,50"];
  assert.deepEqual(new Set(years.map((text) => read(text, "year"))), new Set(["1500.50"]));
  assert.deepEqual(
    ["1,234,567", "1.234.567", "96 400", "96'400", "1500.500"].map((text) => read(text, "year")),
    ["1234567.00", "1234567.00", "96400.00", "96400.00", "1500.50"],
  );
});

test("pay with two readings is refused with both", () => {
  const readings = (text, unit) => refusalOf(() => readPay(text, unit)).data.readings.map((value) => decimal(value, 2));

  assert.deepEqual(readings("1,500", "year"), ["1500.00", "1.50"]);
  assert.deepEqual(readings("48.200", "hour"), ["48200.00", "48.20"]);
  assert.deepEqual(readings("$96,400", "year"), ["96400.00", "96.40"]);
});

test("what is no pay is refused", () => {
  const none = ["", "$", "-5", "five", "5 %", "1,50,0", "1,500.50.1", "1.500.50", ",5", "5.", "1e3", "٥", "5 $", "1,500 50", "1".repeat(40), "NaN"];
  for (const text of none) assert.throws(() => readPay(text, "hour"), refusedAs("no_pay"), text);
});

test("an hour that is paid like a year is refused, and a year like an hour", () => {
  for (const text of ["0", "0.05", "0.500", "1000", "96400"]) assert.throws(() => readPay(text, "hour"), refusedAs("not_an_hour"));
  for (const text of ["48.20", "999.99", "10000000"]) assert.throws(() => readPay(text, "year"), refusedAs("not_a_year"));
  assert.deepEqual([fraction("999.99"), whole(1000)].map(unitOf), ["hour", "year"]);
});

test("hours a week are more than none and not more than there are", () => {
  assert.deepEqual(["36", "37.5", " 37,50 ", "168"].map((text) => String(readHours(text))), ["36", "75/2", "75/2", "168"]);
  for (const text of ["", "0", "0.0", "168.1", "-4", "37,500", "many"]) assert.throws(() => readHours(text), refusedAs("no_hours"));
});
