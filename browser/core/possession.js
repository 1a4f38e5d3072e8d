/** Proof that a candidate holds a credential scalar, for one committee and entry (docs/specs/keys-and-roll.md). */

import { Refused } from "./refusal.js";
import { holds, prove } from "./schnorr.js";

export function provePossession(group, committee, number, s, randomBytes) {
  if (s === 0n) throw new Refused("outside_group");
  return prove(group, prefix(group, committee, number, group.text(group.powerGenerator(s))), s, randomBytes);
}

/** Refuses a key that is no key; says whether the proof holds for a key that is one. */
export function checkPossession(group, committee, number, keyText, proof) {
  return holds(group, prefix(group, committee, number, keyText), keyText, proof);
}

const prefix = (group, committee, number, keyText) =>
  `openfloor|possession|${committee}|${number}|${group.name}|${keyText}|`;
