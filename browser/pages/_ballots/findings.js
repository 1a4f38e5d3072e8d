/**
 * What a check found, as sentences of the page: the code ballot_signature is said by data-finding-ballot-signature,
 * or with all that is about ballots by data-finding-ballot.
 */

import { find, Sentence, text } from "../_shared/page.js";

export const findingInWords = ({ check, data }) => text(nameOf(check), { check, ...data });

/** The name of a check's own sentence, of the one for all checks of that kind, or of the one for any check. */
function nameOf(check) {
  const holders = [...document.querySelectorAll("[data-texts]")];
  const names = [check, check.split("_")[0], "other"].map((code) => `finding${pascal(code)}`);
  return names.find((name) => holders.some((holder) => name in holder.dataset));
}

/** A finding where a page has no place for a list. */
export class Finding extends Sentence {
  constructor({ check, data }) {
    super(nameOf(check), { check, ...data });
  }
}

/** Show the step "alarm" with *findings*; nothing was sent or signed. */
export function listFindings(findings) {
  const sentences = [...new Set(findings.map(findingInWords))];
  find("[data-findings]").replaceChildren(...sentences.map(line));
}

export function line(sentence) {
  const item = document.createElement("li");
  item.textContent = sentence;
  return item;
}

const pascal = (code) => code.replace(/(?:^|_)(\w)/g, (_whole, letter) => letter.toUpperCase());
