/** Only this device knows whether its member has voted: the card that asks for the vote then says so. */

import { openStore, StorageRefused } from "../../elements/device-store.js";
import { find, fromTemplate } from "../_shared/page.js";

/** True when this device holds a receipt for the vote that the page asks for. */
export async function sayIfVoted() {
  const card = document.querySelector("[data-votes-in]");
  if (!card || !(await hasReceipt(card.dataset.votesIn))) return false;
  const voted = fromTemplate("[data-voted]");
  find("[data-voted-link]", voted).href = find("a", card).href;
  card.classList.remove("now");
  card.replaceChildren(voted);
  return true;
}

async function hasReceipt(uuid) {
  try {
    return (await (await openStore()).get(`receipt/${uuid}`)) !== undefined;
  } catch (error) {
    if (error instanceof StorageRefused) return false;
    throw error;
  }
}
