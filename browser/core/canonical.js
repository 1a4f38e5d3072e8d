/** Canonical JSON (RFC 8785) of strings, whole numbers, booleans, null, lists and objects: one value, one text. */

import { Refused } from "./refusal.js";

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/;

/** How JSON.stringify writes half of a surrogate pair: after an even number of backslashes. */
const ESCAPED_SURROGATE = /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/;

/** How deep a text of Belenios may be nested: as openballot's DEEPEST. */
const DEEPEST = 64;
const DIGITS = /^[0-9]+$/;

export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") return canonicalObject(value);
  throw new Refused("not_canonical");
}

function canonicalString(value) {
  if (LONE_SURROGATE.test(value)) throw new Refused("not_canonical");
  return JSON.stringify(value);
}

function canonicalNumber(value) {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Refused("not_canonical");
  return String(value);
}

function canonicalObject(value) {
  const members = Object.keys(value)
    .sort() // by UTF-16 code units, as RFC 8785 section 3.2.3 asks
    .map((key) => `${canonicalString(key)}:${canonical(value[key])}`);
  return `{${members.join(",")}}`;
}

/** The value of a canonical text; any other text of the same value is refused. */
export const parseCanonical = (text) => parseAs(canonical, text);

/** JSON as Belenios writes it: compact, fields in the order they have, DEL escaped. */
export const compact = (value) => JSON.stringify(value).replaceAll("\u007f", "\\u007f");

/**
 * The value of such a text; duplicate fields, fractions, half of a surrogate pair, and every other form are refused.
 * So is what programs read differently: large numbers, fields named by a number, and whatever is nested deeply.
 */
export function parseCompact(text) {
  if (ESCAPED_SURROGATE.test(text)) throw new Refused("not_canonical");
  return parseAs((value) => (isPlain(value, DEEPEST) ? compact(value) : null), text);
}

function isPlain(value, deepest) {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  if (deepest === 0 || (!Array.isArray(value) && Object.keys(value).some((name) => DIGITS.test(name)))) return false;
  return Object.values(value).every((item) => isPlain(item, deepest - 1));
}

/** The value of *text*, once *write* gives the same text again. */
function parseAs(write, text) {
  const value = parseJson(text);
  if (writeShallow(write, value) !== text) throw new Refused("not_canonical");
  return value;
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("not_json");
  }
}

/** A text of a hundred thousand brackets would overflow the stack: nothing of ours is that deep. */
function writeShallow(write, value) {
  try {
    return write(value);
  } catch (error) {
    throw error instanceof RangeError ? new Refused("not_canonical") : error;
  }
}

/** Refuses anything but an object with these fields in this order, of which only the *optional* may be absent. */
export function fieldsOf(value, names, optional = []) {
  if (!isObject(value)) throw new Refused("not_canonical");
  const expected = names.filter((name) => name in value || !optional.includes(name));
  if (Object.keys(value).join("\n") !== expected.join("\n")) throw new Refused("not_canonical");
  return value;
}

/** Whether *value* is an object with exactly these fields, in whatever order. */
export const hasExactly = (value, names) =>
  isObject(value) && Object.keys(value).sort().join("\n") === [...names].sort().join("\n");

/** Refuses anything but a list, of *length* items where it is given. */
export function listOf(value, length = value?.length) {
  if (!Array.isArray(value) || value.length !== length) throw new Refused("not_canonical");
  return value;
}

/** Refuses anything but a list of texts. */
export function textsOf(values) {
  if (!listOf(values).every((value) => typeof value === "string")) throw new Refused("not_canonical");
  return values;
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;
