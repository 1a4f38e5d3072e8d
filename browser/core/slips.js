/**
 * Paper slips: the code on a slip, and the credential that it stands for in one ballot (docs/specs/ballot.md).
 *
 * A code is an ordinary Belenios credential, drawn from 32 of its 58 characters: none is told from another by its case
 * alone, none looks like 0, 1, I or O, and the last one checks the others. So a typing mistake has a name of its own.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { bigEndian, utf8 } from "./bytes.js";
import { Refused } from "./refusal.js";

const CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const DRAWN = 21;
const PARTS = [
  [0, 5],
  [5, 11],
  [11, 16],
  [16, 22],
];
const BETWEEN = /[\s\-.\u2010-\u2015\u2212]+/g; // whatever people type between the parts

/** A new code: 105 random bits, five a character, and the character that checks them. */
export function newSlipCode(randomBytes) {
  const values = Array.from(randomBytes(DRAWN), (byte) => byte & 31);
  return inParts([...values, doubled(remainder(values))].map((value) => CHARACTERS[value]).join(""));
}

/** The code that was typed, in any case and with anything between its parts; refuses by naming what is wrong. */
export function parseSlipCode(typed) {
  const characters = typed.slice(typed.indexOf("#") + 1).replace(BETWEEN, "").toUpperCase();
  const strange = [...characters].find((character) => !CHARACTERS.includes(character));
  if (strange !== undefined) throw new Refused("slip_character", "slip", { character: strange });
  const count = characters.length;
  if (count !== DRAWN + 1) throw new Refused("slip_length", "slip", { count });
  if (remainder([...characters].map((character) => CHARACTERS.indexOf(character))) !== 0) throw new Refused("slip_check", "slip");
  return inParts(characters);
}

/** x of a code, as Belenios 2.4 and later derive it. */
export function slipScalar(group, uuid, code) {
  const halves = [0, 1].map((half) => sha256(utf8(`derive_credential|${uuid}|${half}|${code}`)));
  return bigEndian(concatBytes(...halves)) % group.q;
}

/** The public credential of a code. */
export const slipCredential = (group, uuid, code) => group.text(group.powerGenerator(slipScalar(group, uuid, code)));

const inParts = (characters) => PARTS.map(([start, end]) => characters.slice(start, end)).join("-");

/** Zero for a whole code. A wrong character, or two that changed places, always leaves something. */
const remainder = (values) => values.reduce((rest, value) => doubled(rest) ^ value, 0);

/** Times x in GF(2)[x] / (x^5 + x^2 + 1), where x has order 31: every place of a code has its own weight. */
const doubled = (value) => ((value << 1) ^ (value & 16 ? 37 : 0)) & 31;
