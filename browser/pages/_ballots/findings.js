/** What a check found, as sentences of the page: the code charter_hash is said by data-finding-charter-hash. */

import { find, text } from "../_shared/page.js";

export function findingInWords({ check, data }) {
  try {
    return text(`finding${pascal(check)}`, data);
  } catch {
    return text("findingOther", { check });
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
