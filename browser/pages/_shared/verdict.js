/** What a check on this device came to: one sentence, and the first faults in words. */

import { find, text } from "./page.js";

const MOST_SHOWN = 10;

/** Say whether it holds, by shape, colour and sentence. */
export function judge(holds, sentence) {
  const verdict = find("[data-verdict]");
  verdict.className = holds ? "state kept" : "state broken";
  verdict.textContent = text(holds ? "verdictHolds" : "verdictBroken");
  find("[data-sentence]").textContent = sentence;
}

/** List faults; each of *findings* is {check, line, number}, of which number may be null. */
export function listFaults(findings) {
  const list = find("[data-findings]");
  list.replaceChildren(...findings.slice(0, MOST_SHOWN).map(fault));
  list.hidden = false;
}

function fault({ check, line, number }) {
  const item = document.createElement("li");
  const name = `_${check}`.replace(/_(\w)/g, (_whole, letter) => letter.toUpperCase());
  const values = { line, number, check: text(`check${name}`) };
  item.textContent = text(number === null ? "fault" : "faultEntry", values);
  return item;
}
