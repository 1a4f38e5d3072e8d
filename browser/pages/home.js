/** The first page and a ballot's page: only this device knows whether its member has voted. */

import { openStore, StorageRefused } from "../elements/device-store.js";
import { fromTemplate } from "./_shared/page.js";

const card = document.querySelector("[data-votes-in]");

if (card) sayIfVoted(card.dataset.votesIn);

async function sayIfVoted(uuid) {
  try {
    const store = await openStore();
    if (!(await store.get(`receipt/${uuid}`))) return;
  } catch (error) {
    if (error instanceof StorageRefused) return;
    throw error;
  }
  const title = card.querySelector("h1").textContent;
  const voted = fromTemplate("[data-voted]");
  voted.querySelector("[data-voted-title]").textContent = title;
  card.classList.remove("now");
  card.replaceChildren(voted);
}
