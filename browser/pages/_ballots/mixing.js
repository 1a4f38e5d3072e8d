/**
 * A trustee mixes the votes: checks the board as before using the key, puts its papers into an order that is forgotten,
 * and signs what came of it. No key is needed.
 */

import { shuffleStatement } from "../../core/mixing.js";
import { postJson } from "../_shared/http.js";
import { Sentence } from "../_shared/page.js";
import { checkedBoard, keepMixed } from "./closed-board.js";
import { keepHead } from "./heads.js";
import { member, page, unlockToRemember, uuid, work } from "./keyholder.js";
import { signWith } from "./signing.js";

/** In this browser, beside the page. */
export const mixVotes = () => handIn(({ ask }) => ask({ deed: "mix" }));

/** By the program on the trustee's own computer, which saved it as a file. */
export async function handInFile({ file }) {
  if (!(file instanceof File) || file.size === 0) throw new Sentence("chooseShuffle");
  const made = (await file.text()).trim();
  await handIn(() => made);
}

async function handIn(make) {
  const unlocked = await unlockToRemember();
  const checked = await checkedBoard(unlocked);
  if (!checked) return;
  work("mixing");
  await send(unlocked, checked.board, await make(checked));
  location.reload();
}

async function send({ store, root }, { archive, setup: { election } }, text) {
  const parent = archive.head;
  const said = shuffleStatement({ election, parent, text, number: member.number });
  await keepHead(store, uuid, { height: archive.events.length - 1, head: parent });
  await postJson(page.dataset.shuffle, { shuffle: text, parent, signature: signWith(root, said) });
  await keepMixed(store, text);
}
