/** Laws every group must obey, and the texts each must refuse. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { secureRandom } from "../core/bytes.js";
import { GROUP_NAMES, groupNamed } from "../core/groups.js";
import { refusedAs } from "./support.js";

for (const name of GROUP_NAMES) {
  const group = groupNamed(name);
  const some = () => group.randomScalar(secureRandom);

  test(`${name} powers of the generator agree by every way of computing them`, () => {
    for (const s of [0n, 1n, 2n, 31n, 32n, group.q - 1n, some(), some()]) {
      const expected = group.text(group.power(group.generator, s));

      assert.equal(group.text(group.powerGenerator(s)), expected);
      assert.equal(group.text(group.secretPower(group.generator, s)), expected);
      assert.deepEqual(
        group.checkedPowers(group.generator, [s, 3n]).map((e) => group.text(e)),
        [expected, group.text(group.power(group.generator, 3n))],
      );
    }
  });

  test(`${name} exponents add when powers multiply`, () => {
    const [a, b] = [some(), some()];
    const base = group.powerGenerator(some());

    const product = group.multiply(group.power(base, a), group.power(base, b));

    assert.ok(group.equal(product, group.power(base, group.reduce(a + b))));
  });

  test(`${name} an element times its inverse is the identity, and so is its power q`, () => {
    const element = group.powerGenerator(some());

    assert.ok(group.equal(group.multiply(element, group.inverse(element)), group.identity));
    assert.ok(group.equal(group.power(element, group.q - 1n), group.inverse(element)));
  });

  test(`${name} a table of any base gives its powers, zero included`, () => {
    const base = group.powerGenerator(some());
    const s = some();

    assert.ok(group.equal(group.table(base)(s), group.power(base, s)));
    assert.ok(group.equal(group.table(base)(0n), group.identity));
    assert.ok(group.equal(group.table(group.identity)(s), group.identity));
  });

  test(`${name} an element's text is read back and only in its canonical form`, () => {
    const text = group.text(group.powerGenerator(some()));

    assert.equal(group.text(group.element(text)), text);
    for (const wrong of [
      `0${text}`,
      `+${text}`,
      ` ${text}`,
      `${text} `,
      "",
      "-1",
      "x",
      `${text}0`.repeat(2),
      5,
      null,
    ]) {
      assert.throws(() => group.element(wrong), refusedAs("outside_group"));
    }
  });

  test(`${name} a scalar is a canonical decimal below q`, () => {
    assert.equal(group.scalar("0"), 0n);
    assert.equal(group.scalar(String(group.q - 1n)), group.q - 1n);
    for (const wrong of [String(group.q), "00", "01", "-1", "1.0", "", "1e3", 7, null]) {
      assert.throws(() => group.scalar(wrong), refusedAs("scalar"));
    }
  });

  test(`${name} the identity is an element but not a key`, () => {
    const text = group.text(group.identity);

    assert.ok(group.equal(group.element(text), group.identity));
    assert.throws(() => group.key(text), refusedAs("outside_group"));
  });
}

test("BELENIOS-2048 and RFC-3526-2048 refuse numbers outside the subgroup", () => {
  for (const name of ["BELENIOS-2048", "RFC-3526-2048"]) {
    const group = groupNamed(name);
    for (const outside of [0n, group.p - 1n, group.p - group.generator, group.p, group.p + group.generator]) {
      assert.throws(() => group.element(String(outside)), refusedAs("outside_group"));
    }
  }
  assert.throws(() => groupNamed("BELENIOS-2048").element("2"), refusedAs("outside_group"));
  assert.throws(() => groupNamed("BELENIOS-2048").checkedPowers(2n, [5n]), refusedAs("outside_group"));
});

test("RFC-3526-2048 the Jacobi symbol says what the power q says", () => {
  const group = groupNamed("RFC-3526-2048");
  for (let i = 0; i < 6; i += 1) {
    const number = BigInt(`0x${Buffer.from(secureRandom(200 + i)).toString("hex")}`);
    assert.equal(group.contains(number), group.power(number, group.q) === 1n);
  }
});

test("Ed25519 refuses small orders, numbers above p and points off the curve", () => {
  const group = groupNamed("Ed25519");
  const p = 2n ** 255n - 19n;
  const hex = (n) => n.toString(16).padStart(64, "0");
  // order 2: y = -1; order 4: y = 0; y = 2 is on no point; y = p + 1 is 1 in another form; sign bit on x = 0
  for (const y of [p - 1n, 0n, 2n, p + 1n, p, (1n << 255n) | 1n]) {
    assert.throws(() => group.element(hex(y)), refusedAs("outside_group"));
  }
  assert.throws(() => group.element(group.text(group.powerGenerator(2n)).toUpperCase()), refusedAs("outside_group"));
});

test("a random scalar takes 32 bytes more than q has", () => {
  const asked = GROUP_NAMES.map((name) => groupNamed(name).scalarBytes);

  assert.deepEqual(asked, [64, 64, 288]);
});

test("an unknown group is refused", () => {
  for (const name of ["P-256", "constructor", ""]) {
    assert.throws(() => groupNamed(name), refusedAs("unknown_group"));
  }
});

for (const name of GROUP_NAMES) {
  const group = groupNamed(name);
  const some = () => group.randomScalar(secureRandom);

  test(`${name} shared powers are those computed one by one, whether merging pays or not`, () => {
    for (const size of [1, 2, 7]) {
      const bases = Array.from({ length: size }, () => group.powerGenerator(some()));
      const own = bases.map((_base, i) => [0n, 1n, some()].slice(0, i % 4));
      const common = [some(), 0n];

      const shared = group.sharedPowers(bases, own, common);

      const texts = (elements) => elements.map((element) => group.text(element));
      const product = group.product(bases);
      assert.deepEqual(texts(shared.product), texts(common.map((s) => group.power(product, s))));
      bases.forEach((base, i) => assert.deepEqual(texts(shared.own[i]), texts(own[i].map((s) => group.power(base, s)))));
    }
  });

  test(`${name} a table for public powers gives those of the table for secrets`, () => {
    for (const s of [0n, 1n, group.q - 1n, some()]) {
      assert.ok(group.equal(group.publicPowerGenerator(s), group.powerGenerator(s)));
    }
  });
}

test("the first base outside the group is told by its place", () => {
  const outside = {
    "BELENIOS-2048": (group) => group.p - group.generator,
    "RFC-3526-2048": (group) => group.p - group.generator,
    Ed25519: (group) => group.multiply(group.generator, group.decode("0".repeat(64))),
  };
  for (const name of GROUP_NAMES) {
    const group = groupNamed(name);
    const bases = [group.generator, outside[name](group), outside[name](group)];

    assert.throws(
      () => group.sharedPowers(bases, [[2n], [2n], []], [3n]),
      (error) => refusedAs("outside_group")(error) && error.data.index === 1,
    );
  }
});
