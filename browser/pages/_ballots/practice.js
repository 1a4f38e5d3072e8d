/** Whether a ballot is only practice: the charter decides, never the band that the server draws on the page. */

import { finding } from "../../core/refusal.js";

/** A page that hides that the ballot is practice, or claims it of a real one. */
export function practiceFindings({ practice = false }) {
  const isClaimed = document.querySelector("[data-practice]") !== null;
  return isClaimed === practice ? [] : [finding(isClaimed ? "practice_claimed" : "practice_hidden")];
}
