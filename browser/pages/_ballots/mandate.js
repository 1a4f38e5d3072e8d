/** What a carried count binds everybody to, in words: from the charter, never from what the server says beside it. */

import { find, text } from "../_shared/page.js";
import { line } from "./findings.js";
import { inWords } from "./moments.js";

const BOUNDS = { at_least: "mandateAtLeast", at_most: "mandateAtMost" };
const CHANGED_BY = { same_rule: "mandateSameRule", ballot: "mandateBallot" };

/** Shows it, or hides the place for it where the ballot binds nobody. */
export function showMandate({ mandate, committee }) {
  find("[data-mandate]").hidden = mandate === undefined;
  if (mandate) find("[data-mandate-lines]").replaceChildren(...linesOf(mandate, committee.zone).map(line));
}

const linesOf = ({ terms, action, expires_at: expires, changed_by: changedBy }, zone) => [
  ...terms.map((term) => text(BOUNDS[term.bound], { about: term.about, value: valueInWords(term) })),
  ...(action ? [text("mandateAction", { what: action.what, when: inWords(action.by, zone) })] : []),
  ...(expires ? [text("mandateExpires", { when: inWords(expires, zone) })] : []),
  text(CHANGED_BY[changedBy]),
];

/** "31 %", "4", or the exact fraction where a few decimals do not say it. */
function valueInWords({ numerator, denominator, unit }) {
  const scale = unit === "percent" ? 100 : 1;
  const value = (numerator * scale) / denominator;
  const isExact = (numerator * scale * 10_000) % denominator === 0;
  const number = isExact ? value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 4 }) : `${numerator * scale}/${denominator}`;
  return unit === "percent" ? text("mandatePercent", { number }) : number;
}
