/** The small formats: canonical JSON, bytes, days, words, and what one root secret stands for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { base64, fromHex, sameBytes, sha256Base64, textOf, toHex, utf8 } from "../core/bytes.js";
import { canonical, compact, parseCanonical, parseCompact } from "../core/canonical.js";
import { addDays, isDay, isMoment } from "../core/days.js";
import { rootFromWords, wordsFromRoot, wordsOf } from "../core/words.js";
import { refusedAs } from "./support.js";

test("canonical text sorts names by UTF-16 code units and escapes as RFC 8785 does", () => {
  const value = {
    "\u20ac": "€",
    "\r": "\r",
    "\ufb33": 1,
    1: "one",
    "\ud83d\ude00": "😀",
    "\u0080": "\u007f",
    ö: [true, null, -5, {}],
  };

  assert.equal(
    canonical(value),
    '{"\\r":"\\r","1":"one","\u0080":"\u007f","ö":[true,null,-5,{}],"€":"€","😀":"😀","\ufb33":1}',
  );
  assert.equal(canonical('"\\/\b\f\n\t\u000f'), '"\\"\\\\/\\b\\f\\n\\t\\u000f"');
});

test("canonical text refuses what has none", () => {
  for (const value of [
    1.5,
    NaN,
    Infinity,
    -0,
    2 ** 53,
    undefined,
    "\ud800",
    "a\udc00",
    5n,
    () => 1,
    { a: undefined },
  ]) {
    assert.throws(() => canonical(value), refusedAs("not_canonical"));
  }
});

test("a text that is not canonical is refused, never repaired", () => {
  assert.deepEqual(parseCanonical('{"a":1,"b":[]}'), { a: 1, b: [] });
  for (const text of [
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{ "a":1}',
    '{"a":1.0}',
    '{"a":1e2}',
    '"\\u0041"',
    '"\\/"',
    "[1]\n",
    "-0",
  ]) {
    assert.throws(() => parseCanonical(text), refusedAs("not_canonical"), text);
  }
  assert.throws(() => parseCanonical("[".repeat(50_000) + "]".repeat(50_000)), refusedAs("not_canonical"));
  for (const text of ["", "{", "nul", "'a'", "\ufeff{}"])
    assert.throws(() => parseCanonical(text), refusedAs("not_json"));
});

test("Belenios' compact text keeps the order of fields and escapes DEL", () => {
  assert.equal(compact({ b: "\u007f", a: "é" }), '{"b":"\\u007f","a":"é"}');
  assert.deepEqual(parseCompact('{"b":1,"a":2}'), { b: 1, a: 2 });
  for (const text of ['{"b":1, "a":2}', '{"a":"\u007f"}', '{"a":1,"a":1}', "01"])
    assert.throws(() => parseCompact(text));
});

test("what other programs read differently is refused in a compact text", () => {
  const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);
  for (const text of [nested(65), String(2 ** 53), '{"a":0,"1":0}', '{"1":0}'])
    assert.throws(() => parseCompact(text), refusedAs("not_canonical"), text);
  for (const text of [nested(64), String(2 ** 53 - 1), '{"a1":0}']) assert.equal(compact(parseCompact(text)), text);
});

test("hexadecimal digits are lower case and of the length asked for", () => {
  assert.equal(toHex(fromHex("00ff", 2)), "00ff");
  for (const text of ["00FF", "0f", "00ff00", "zz00", "", null, 5])
    assert.throws(() => fromHex(text, 2), refusedAs("not_hex"));
});

test("base64 is without padding and hashes are of the UTF-8 bytes", () => {
  assert.equal(base64(new Uint8Array([255, 254, 253, 252])), "//79/A");
  assert.equal(sha256Base64(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
});

test("bytes that are no UTF-8 are refused and a byte order mark is kept", () => {
  assert.equal(textOf(utf8("\ufeffé")), "\ufeffé");
  assert.throws(() => textOf(new Uint8Array([0xff])), refusedAs("not_utf8"));
});

test("bytes are the same when every one is", () => {
  assert.ok(sameBytes(fromHex("0102", 2), fromHex("0102", 2)));
  assert.ok(!sameBytes(fromHex("0102", 2), fromHex("0103", 2)));
  assert.ok(!sameBytes(fromHex("0102", 2), fromHex("01", 1)));
});

test("days count over months and leap years, and impossible ones are none", () => {
  assert.equal(addDays("2028-02-28", 2), "2028-03-01");
  assert.equal(addDays("2026-01-01", -1), "2025-12-31");
  assert.ok(isDay("2028-02-29"));
  for (const day of ["2026-02-29", "2026-13-01", "2026-1-01", "2026-01-01 ", "", null]) assert.ok(!isDay(day));
});

test("a moment is UTC to the second and exists", () => {
  assert.ok(isMoment("2026-11-22T07:00:00Z"));
  for (const at of ["2026-11-22T24:00:00Z", "2026-02-30T07:00:00Z", "2026-11-22T07:00:00+00:00", "2026-11-22", null]) {
    assert.ok(!isMoment(at));
  }
});

const ROOT = fromHex("7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f", 16);
// A published test vector of BIP 39.
const WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow";

test("twelve words are the root secret, in whatever case and spacing they are typed", () => {
  assert.equal(wordsFromRoot(ROOT).join(" "), WORDS);
  for (const typed of [WORDS, WORDS.toUpperCase(), `  ${WORDS.replaceAll(" ", "\n  ")}\t`]) {
    assert.deepEqual(rootFromWords(typed), ROOT);
  }
});

test("words that are not the twelve are refused, the unknown one by name", () => {
  const refusal = (text) => {
    try {
      return rootFromWords(text);
    } catch ({ check, data }) {
      return { check, data };
    }
  };

  assert.deepEqual(refusal(WORDS.replace("sausage", "sausag")), {
    check: "unknown_word",
    data: { word: "sausag", place: 6 },
  });
  assert.deepEqual(refusal(WORDS.split(" ").slice(0, 11).join(" ")), { check: "word_count", data: { count: 11 } });
  assert.deepEqual(refusal("  "), { check: "word_count", data: { count: 0 } });
  assert.deepEqual(refusal(WORDS.replace("yellow", "year")), { check: "word_checksum", data: {} });
  assert.deepEqual(refusal(WORDS.replace("legal winner", "winner legal")), { check: "word_checksum", data: {} });
});

test("words of a hash are its leading groups of eleven bits", () => {
  assert.deepEqual(wordsOf(`00200801${"0".repeat(56)}`, 3), ["ability", "able", "able"]);
  assert.throws(() => wordsOf("00", 1), refusedAs("not_hex"));
});
