/** A one-time link's secret, exchanged for a place in the committee. It is out of the address before anything else runs. */

import { NoConnection } from "./http.js";
import { find, onPress, takeFragment } from "./page.js";
import { postWhenLetIn } from "./patience.js";

const secret = takeFragment();

/** Hand the secret in, when the page waits for one; the page then comes back with the form. */
export async function exchangeSecret() {
  if (!document.querySelector("[data-exchange]") || !secret) return;
  onPress("[data-exchange-again] button", exchange);
  await exchange();
}

async function exchange() {
  showOnly("wait");
  try {
    await postWhenLetIn(location.pathname, { secret });
    location.reload();
  } catch (error) {
    showOnly(error instanceof NoConnection ? "again" : "none");
    throw error;
  }
}

function showOnly(name) {
  for (const part of ["none", "wait", "again"]) find(`[data-exchange-${part}]`).hidden = part !== name;
}
