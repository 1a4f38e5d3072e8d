/** Exact fractions: two BigInts in lowest terms, the lower one positive. As texts they are Python's: "13/200", "-3". */

import { Refused } from "./refusal.js";

const TEXT = /^(-?\d+)(?:\.(\d+)|\/([1-9]\d*))?$/;

export class Fraction {
  constructor(over, under = 1n) {
    if (under === 0n) throw new Refused("division_by_zero");
    const factor = common(over, under) * (under < 0n ? -1n : 1n);
    this.over = over / factor;
    this.under = under / factor;
  }

  plus({ over, under }) {
    return new Fraction(this.over * under + over * this.under, this.under * under);
  }

  minus({ over, under }) {
    return new Fraction(this.over * under - over * this.under, this.under * under);
  }

  times({ over, under }) {
    return new Fraction(this.over * over, this.under * under);
  }

  dividedBy({ over, under }) {
    return new Fraction(this.over * under, this.under * over);
  }

  isOver(other) {
    return this.minus(other).over > 0n;
  }

  equals({ over, under }) {
    return this.over === over && this.under === under;
  }

  toString() {
    return this.under === 1n ? String(this.over) : `${this.over}/${this.under}`;
  }

  /** For drawing only: the nearest number a screen can show. */
  toNumber() {
    return Number(decimal(this, 9));
  }
}

export const NOTHING = new Fraction(0n);
export const ONE = new Fraction(1n);

export const whole = (number) => new Fraction(BigInt(number));

/** The fraction of "13/200", "-3" or "21.5". */
export function fraction(text) {
  const [, digits, part = "", under] = TEXT.exec(text) ?? refuse();
  return new Fraction(BigInt(digits + part), under ? BigInt(under) : 10n ** BigInt(part.length));
}

/** With exactly *places* decimals, the last one rounded half to even: "23.29". */
export function decimal({ over, under }, places) {
  const negative = over < 0n;
  const size = roundedDivision((negative ? -over : over) * 10n ** BigInt(places), under);
  const digits = String(size).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
  return negative && size > 0n ? `-${text}` : text;
}

/** The nearest whole number, the even one of two; neither is negative. */
export function roundedDivision(over, under) {
  const floor = over / under;
  const rest = 2n * (over - floor * under);
  return rest > under || (rest === under && floor % 2n === 1n) ? floor + 1n : floor;
}

function common(a, b) {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

function refuse() {
  throw new Refused("not_a_fraction");
}
