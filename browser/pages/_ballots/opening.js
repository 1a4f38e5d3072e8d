/** A trustee opens the count: board first, words to compare next, the key last, and never for a second one. */

import { sha256Hex } from "../../core/bytes.js";
import { isMixed } from "../../core/questions.js";
import { statement } from "../../core/statements.js";
import { postJson } from "../_shared/http.js";
import { find, Sentence, showStep, text } from "../_shared/page.js";
import { headInWords } from "../_shared/words.js";
import { checkedBoard, keepOpened, openedFindings } from "./closed-board.js";
import { keepHead } from "./heads.js";
import { alarm, member, openingKeyFrom, page, unlockToRemember, uuid, work } from "./keyholder.js";
import { signWith } from "./signing.js";

/** What was checked, and the key; only until the page is left. */
let opening = null;

export async function checkToOpen(typed) {
  const key = await openingKeyFrom(typed);
  const unlocked = await unlockToRemember();
  const checked = await checkedBoard({ ...unlocked, key });
  if (!checked) return;
  opening = { ...unlocked, key, ...checked };
  compare(opening);
}

function compare({ board, head, wereChecked }) {
  const count = board.papers.length;
  const kind = isMixed(board.setup.election) ? "Mixed" : "";
  find("[data-head-words]").textContent = headInWords(head);
  find("[data-compare-note]").textContent = text(`${wereChecked ? "compareCount" : "compareUnchecked"}${kind}`, { count });
  find("[data-observed]").hidden = wereChecked;
  showStep("compare");
}

/** Proofs that this browser has not checked were checked by an observer, who got the same from them. */
function refuseUnobserved({ tally, wereChecked }) {
  if (wereChecked) return;
  const typed = find("#observed").value.trim().toLowerCase();
  if (typed === "") throw new Sentence("askObserver");
  if (typed !== sha256Hex(tally)) throw new Sentence("observedOther");
}

export async function openIt() {
  refuseUnobserved(opening);
  const { store, root, key, board, head, ask } = opening;
  const earlier = await openedFindings(store, opening); // another tab may have opened one meanwhile
  if (earlier.length > 0) return alarm(earlier);
  work("opening");
  await keepOpened(store, opening);
  const height = board.archive.events.findIndex(({ hash }) => hash === head);
  await keepHead(store, uuid, { height, head });
  try {
    const { text: partial, boundText } = await ask({ deed: "open", x: key.x });
    const signature = signWith(root, finalHead(board, head));
    await postJson(page.dataset.decrypt, { partial_decryption: partial, bound_proofs: boundText, head_signature: signature });
  } catch (error) {
    showStep("compare");
    throw error;
  }
  return location.reload();
}

const finalHead = ({ setup: { election }, papers }, head) =>
  statement("final-head", {
    ballot: uuid,
    election_hash: election.fingerprint,
    head,
    ballots: papers.length,
    number: member.number,
  });
