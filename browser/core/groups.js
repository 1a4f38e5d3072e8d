/**
 * The three groups of Belenios version 1, behind one protocol.
 *
 * Trap: BigInt arithmetic is not constant time. Somebody who can time this device precisely learns something about its
 * secrets; the server and the network cannot.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bigEndian, fromHex, isHex, toHex, utf8 } from "./bytes.js";
import { Refused } from "./refusal.js";

const Point = ed25519.Point;

class PrimeOrderGroup {
  /** A canonical decimal below q. */
  scalar(text) {
    const value = decimal(text, this.q);
    if (value === null) throw new Refused("scalar");
    return value;
  }

  /** The element a text stands for; refuses what lies outside the group. */
  element(text) {
    const element = this.decode(text);
    if (!this.contains(element)) throw new Refused("outside_group");
    return element;
  }

  /** As element, and refuses the identity: nobody's key. */
  key(text) {
    const element = this.element(text);
    if (this.equal(element, this.identity)) throw new Refused("outside_group");
    return element;
  }

  /** An element of a ballot paper, which sharedPowers proves to lie in the group where that saves work. */
  unproven(text) {
    return this.decode(text);
  }

  isKey(text) {
    try {
      this.key(text);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  hashToScalar(text) {
    return bigEndian(sha256(utf8(text))) % this.q;
  }

  /** Uniform but for 2^-256: 32 bytes more than q has. A shorter nonce would give a Schnorr secret away. */
  randomScalar(randomBytes) {
    return bigEndian(randomBytes(this.scalarBytes)) % this.q;
  }

  get scalarBytes() {
    return Math.ceil(this.bits / 8) + 32;
  }

  /** *value* mod q, between 0 and q. */
  reduce(value) {
    const rest = value % this.q;
    return rest < 0n ? rest + this.q : rest;
  }

  powerGenerator(s) {
    this.generatorTable ??= this.table(this.generator);
    return this.generatorTable(s);
  }

  /** The same of a number that is public: faster, and its time tells what it is. */
  publicPowerGenerator(s) {
    this.publicGeneratorTable ??= this.publicTable(this.generator);
    return this.publicGeneratorTable(s);
  }

  power(base, s) {
    return this.powers(base, [s])[0];
  }

  /** Several powers of one base, which share their squarings. */
  powers(base, exponents) {
    return this.bucketsOf(base, exponents).map((buckets) => this.collapse(buckets));
  }

  /** Powers of an element not yet known to lie in the group: refuses it if it does not. */
  checkedPowers(element, exponents) {
    return this.sharedPowers([element], [exponents], []).own[0];
  }

  /**
   * {own, product}: each base to its own exponents, and the product of all bases to the *common* ones.
   * Bases not yet known to lie in the group are proven to: the first that does not is refused by its index.
   */
  sharedPowers(bases, own, common) {
    // Merging costs every base the odd digits of each exponent, and saves the squarings of the product.
    const merged = (bases.length - 1) * common.length <= DIGIT_BITS ? common : [];
    const rows = bases.map((base, index) => this.bucketsOfMember(base, [...own[index], ...merged], index));
    const product =
      merged.length > 0
        ? common.map((_exponent, j) => this.collapse(this.merge(rows.map((row, i) => row[own[i].length + j]))))
        : this.powers(this.product(bases), common);
    return {
      own: rows.map((row, i) => own[i].map((_exponent, j) => this.collapse(row[j]))),
      product,
    };
  }

  /** Belonging to the group is having the power q = 1, for which the squarings are there already. */
  bucketsOfMember(base, exponents, index) {
    const [order, ...buckets] = this.bucketsOf(base, [this.q, ...exponents]);
    if (!this.equal(this.collapse(order), this.identity)) throw new Refused("outside_group", null, { index });
    return buckets;
  }

  /** For each exponent the product of the squares at which an odd digit begins, by digit (Yao's method). */
  bucketsOf(base, exponents) {
    const buckets = exponents.map(() => []);
    let square = base;
    digitsByPosition(exponents).forEach((here, position) => {
      if (position > 0) square = this.square(square);
      for (const [j, digit] of here) this.multiplyInto(buckets[j], digit >> 1, square);
    });
    return buckets;
  }

  /** Buckets of one exponent and several bases, as those of the bases' product. */
  merge([first, ...others]) {
    for (const buckets of others) buckets.forEach((element, k) => this.multiplyInto(first, k, element));
    return first;
  }

  multiplyInto(buckets, k, element) {
    buckets[k] = buckets[k] === undefined ? element : this.multiply(buckets[k], element);
  }

  /** The product of buckets[k]^(2k+1). */
  collapse(buckets) {
    const bucket = (k) => buckets[k] ?? this.identity;
    let running = this.identity;
    let total = this.identity;
    for (let k = buckets.length - 1; k > 0; k -= 1) {
      running = this.multiply(running, bucket(k));
      total = this.multiply(total, running);
    }
    return this.multiply(this.square(total), this.multiply(running, bucket(0)));
  }

  product(elements) {
    return elements.reduce((a, b) => this.multiply(a, b), this.identity);
  }

  /** The product of public powers, each base to its own exponent, which share their squarings (Straus's method). */
  productOfPowers(bases, exponents) {
    const rows = bases.map((base) => this.oddPowers(base));
    return digitsByPosition(exponents).reduceRight((result, here) => {
      const squared = this.square(result);
      return here.reduce((product, [j, digit]) => this.multiply(product, rows[j][digit >> 1]), squared);
    }, this.identity);
  }

  /** base, base^3, … base^15. */
  oddPowers(base) {
    const square = this.square(base);
    const row = [base];
    while (row.length < 2 ** (DIGIT_BITS - 1)) row.push(this.multiply(row[row.length - 1], square));
    return row;
  }

  /** The same of secret exponents: fixed windows, the same steps whatever they are. */
  secretProductOfPowers(bases, exponents) {
    const rows = bases.map((base) => this.firstPowers(base));
    const digits = exponents.map((exponent) => this.windows(exponent, 4));
    let result = this.identity;
    for (let place = Math.ceil(this.bits / 4) - 1; place >= 0; place -= 1) {
      for (let i = 0; i < 4; i += 1) result = this.square(result);
      for (const [j, row] of rows.entries()) result = this.multiply(result, row[digits[j][place]]);
    }
    return result;
  }

  /** 1, base, base^2, … base^15. */
  firstPowers(base) {
    const row = [this.identity];
    while (row.length < 16) row.push(this.multiply(row[row.length - 1], base));
    return row;
  }

  /** The digits of *s* in base 2^width, lowest first, as many as q has. */
  windows(s, width) {
    const count = Math.ceil(this.bits / width);
    const bits = s.toString(2).padStart(count * width, "0");
    return Array.from({ length: count }, (_, i) => {
      const end = bits.length - i * width;
      return parseInt(bits.slice(end - width, end), 2);
    });
  }

  /**
   * The element that holds integers of 8 bits: the member of the smallest number that begins with them (section 5).
   * The time this takes depends on them.
   */
  encode(integers) {
    const first = integers.reduce((number, integer) => (number << 8n) | BigInt(integer), 0n) << BigInt(this.padding);
    for (let number = first; ; number += 1n) {
      const element = this.memberOfNumber(number);
      if (element !== null) return element;
    }
  }

  /** Reads *count* integers out of any element. */
  decodeIntegers(element, count) {
    const number = this.numberOfMember(element) >> BigInt(this.padding);
    return Array.from({ length: count }, (_, i) => Number((number >> BigInt(8 * (count - 1 - i))) & 255n));
  }

  /** Whether it is the very element that holds these integers. */
  holdsIntegers(element, count) {
    return this.equal(this.encode(this.decodeIntegers(element, count)), element);
  }
}

/** What GetGenerator makes a member of, of which nobody knows a logarithm: the hash of "ggen|index" as a number. */
const seedOfGenerator = (index) => bigEndian(sha256(utf8(`ggen|${index}`)));

class FiniteField extends PrimeOrderGroup {
  constructor({ name, p, q, generator, contains, mostIntegers = 0, padding = 0 }) {
    super();
    Object.assign(this, { name, p, q, generator, identity: 1n, bits: q.toString(2).length });
    Object.assign(this, { mostIntegers, padding });
    this.membership = contains;
  }

  /** The number a text stands for, below p: not yet known to lie in the group. */
  decode(text) {
    const value = decimal(text, this.p);
    if (value === null || value === 0n) throw new Refused("outside_group");
    return value;
  }

  /** Sorts as Belenios sorts element texts: by number. */
  orderKey(text) {
    return text.padStart(617, "0");
  }

  contains(element) {
    return this.membership === "jacobi" ? jacobiIsOne(element, this.p) : this.power(element, this.q) === 1n;
  }

  text(element) {
    return element.toString();
  }

  equal(a, b) {
    return a === b;
  }

  multiply(a, b) {
    return (a * b) % this.p;
  }

  inverse(a) {
    let [r0, r1, t0, t1] = [this.p, a, 0n, 1n];
    while (r1 !== 0n) {
      const quotient = r0 / r1;
      [r0, r1] = [r1, r0 - quotient * r1];
      [t0, t1] = [t1, t0 - quotient * t1];
    }
    return t0 < 0n ? t0 + this.p : t0;
  }

  square(a) {
    return (a * a) % this.p;
  }

  memberOfNumber(number) {
    return this.contains(number) ? number : null;
  }

  numberOfMember(element) {
    return element;
  }

  /** GetGenerator of the specification's shuffle algorithms; -1 is h. */
  independentGenerator(index) {
    return this.power(seedOfGenerator(index), (this.p - 1n) / this.q);
  }

  bucketsOfMember(base, exponents, index) {
    if (this.membership !== "jacobi") return super.bucketsOfMember(base, exponents, index);
    if (!this.contains(base)) throw new Refused("outside_group", null, { index });
    return this.bucketsOf(base, exponents);
  }

  /** Fixed windows, the same steps whatever the secret. */
  secretPower(base, s) {
    const row = [1n];
    while (row.length < 16) row.push((row[row.length - 1] * base) % this.p);
    let result = 1n;
    for (const digit of this.windows(s, 4).reverse()) {
      for (let i = 0; i < 4; i += 1) result = (result * result) % this.p;
      result = (result * row[digit]) % this.p;
    }
    return result;
  }

  /** A function giving powers of *base* by table: worth it from about six powers. */
  table(base, width = 5) {
    const rows = [];
    let unit = base;
    for (let bit = 0; bit < this.bits; bit += width) {
      const row = [1n];
      while (row.length <= 2 ** width) row.push((row[row.length - 1] * unit) % this.p);
      unit = row.pop();
      rows.push(row);
    }
    return (s) => this.windows(s, width).reduce((result, digit, i) => (result * rows[i][digit]) % this.p, 1n);
  }

  /** The same, worth it from about a hundred powers; where q is long the table would be too large. */
  publicTable(base) {
    return this.table(base, this.bits > 256 ? 5 : 8);
  }
}

class Ed25519 extends PrimeOrderGroup {
  constructor() {
    super();
    Object.assign(this, { name: "Ed25519", generator: Point.BASE, identity: Point.ZERO, q: Point.Fn.ORDER, bits: 253 });
    Object.assign(this, { mostIntegers: 30, padding: 14 });
  }

  /** The point a text stands for, on the curve: not yet known to lie in the subgroup. */
  decode(text) {
    if (!isHex(text, 32)) throw new Refused("outside_group");
    try {
      return Point.fromBytes(fromHex(text, 32).reverse(), false);
    } catch {
      throw new Refused("outside_group");
    }
  }

  unproven(text) {
    return this.element(text);
  }

  memberOfNumber(number) {
    const point = pointOfNumber(number);
    return point !== null && this.contains(point) ? point : null;
  }

  numberOfMember(element) {
    return BigInt(`0x${this.text(element)}`);
  }

  /** GetGenerator of the specification's shuffle algorithms; -1 is h. */
  independentGenerator(index) {
    let y = seedOfGenerator(index) >> 2n;
    while (pointOfNumber(y) === null) y += 1n;
    return pointOfNumber(y).clearCofactor();
  }

  /** Sorts as Belenios sorts element texts: by the bytes of RFC 8032. */
  orderKey(text) {
    return (text.match(/../g) ?? []).reverse().join("");
  }

  contains(element) {
    return element.isTorsionFree();
  }

  text(element) {
    return toHex(element.toBytes().reverse());
  }

  equal(a, b) {
    return a.equals(b);
  }

  multiply(a, b) {
    return a.add(b);
  }

  inverse(a) {
    return a.negate();
  }

  square(a) {
    return a.double();
  }

  secretPower(base, s) {
    return s === 0n || base.equals(Point.ZERO) ? Point.ZERO : base.multiply(s);
  }

  table(base) {
    const tabled = base.equals(Point.ZERO) ? base : Point.fromAffine(base.toAffine()).precompute(6);
    return (s) => this.secretPower(tabled, s);
  }

  publicTable(base) {
    const tabled = base.equals(Point.ZERO) ? base : Point.fromAffine(base.toAffine()).precompute(8);
    return (s) => tabled.multiplyUnsafe(s);
  }
}

/** The point of the curve whose y is this number and whose x is even, or null. */
function pointOfNumber(number) {
  try {
    return Point.fromHex(toHex(fromHex(number.toString(16).padStart(64, "0"), 32).reverse()), false);
  } catch {
    return null;
  }
}

/** A canonical decimal from 0 to below *limit*, or null. */
function decimal(text, limit) {
  if (typeof text !== "string" || text.length > 640 || !/^(0|[1-9][0-9]*)$/.test(text)) return null;
  const value = BigInt(text);
  return value < limit ? value : null;
}

const DIGIT_BITS = 4;

/** For each bit position the [exponent's index, odd digit of DIGIT_BITS] that begins there. */
function digitsByPosition(exponents) {
  const positions = [];
  exponents.forEach((exponent, j) => {
    const bits = exponent.toString(2);
    for (let end = bits.length; end > 0;) {
      if (bits[end - 1] === "0") {
        end -= 1;
      } else {
        const position = bits.length - end;
        while (positions.length <= position) positions.push([]);
        positions[position].push([j, parseInt(bits.slice(Math.max(0, end - DIGIT_BITS), end), 2)]);
        end -= DIGIT_BITS;
      }
    }
  });
  return positions;
}

/** Whether the Jacobi symbol (a/n) is 1: for a safe prime n the same as a^((n-1)/2) = 1, and cheaper. */
function jacobiIsOne(a, n) {
  let sign = 1;
  while (a !== 0n) {
    const twos = trailingZeros(a);
    a >>= BigInt(twos);
    const n8 = Number(n & 7n);
    if (twos % 2 === 1 && (n8 === 3 || n8 === 5)) sign = -sign;
    if ((n8 & 3) === 3 && Number(a & 3n) === 3) sign = -sign;
    [a, n] = [n % a, a];
  }
  return n === 1n && sign === 1;
}

function trailingZeros(a) {
  let count = 0;
  for (let word = Number(a & 0xffffffffn); ; word = Number((a >> BigInt(count)) & 0xffffffffn)) {
    if (word !== 0) return count + 31 - Math.clz32(word & -word);
    count += 32;
  }
}

// Belenios specification, section 5.1 (from FIPS 186-4).
const BELENIOS_P =
  20694785691422546401013643657505008064922989295751104097100884787057374219242717401922237254497684338129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049081167099310535867780980030790491654063777173764198678527273474476341835600035698305193144284561701911000786737307333564123971732897913240474578834468260652327974647951137672658693582180046317922073668860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201320481118852408731077014151666200162313177169372189248078507711827842317498073276598828825169183103125680162072880719n;
const BELENIOS_G =
  2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678799694668298749389095083896573425601900601068477164491735474137283104610458681314511781646755400527402889846139864532661215055797097162016168270312886432456663834863635782106154918419982534315189740658186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982665103606822406635076697764025346253773085133173495194248967754052573659049492477631475991575198775177711481490920456600205478127054728238140972518639858334115700568353695553423781475582491896050296680037745308460627n;
const BELENIOS_Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441n;
// RFC 3526, section 3; the decimal form stands in the Belenios specification, section 5.2.
const RFC_3526_P =
  32317006071311007300338913926423828248817941241140239112842009751400741706634354222619689417363569347117901737909704191754605873209195028853758986185622153212175412514901774520270235796078236248884246189477587641105928646099411723245426622522193230540919037680524235519125679715870117001058055877651038861847280257976054903569732561526167081339361799541336476559160368317896729073178384589680639671900977202194168647225871031411336429319536193471636533209717077448227988588565369208645296636077250268955505928362751121174096972998068410554359584866583291642136218231078990999448652468262416972035911852507045361090559n;

const GROUPS = {
  "BELENIOS-2048": new FiniteField({
    name: "BELENIOS-2048",
    p: BELENIOS_P,
    q: BELENIOS_Q,
    generator: BELENIOS_G,
    contains: "power",
  }),
  Ed25519: new Ed25519(),
  "RFC-3526-2048": new FiniteField({
    name: "RFC-3526-2048",
    p: RFC_3526_P,
    q: (RFC_3526_P - 1n) / 2n,
    generator: 2n,
    contains: "jacobi",
    mostIntegers: 254,
    padding: 8,
  }),
};

/** Every group of this version, in the order that keys and proofs list them. */
export const GROUP_NAMES = Object.keys(GROUPS);

export function groupNamed(name) {
  if (!GROUP_NAMES.includes(name)) throw new Refused("unknown_group");
  return GROUPS[name];
}
