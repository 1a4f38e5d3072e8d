/** A one-time link's secret, exchanged for a place in the committee. It is out of the address before anything else runs. */

import { postJson } from "./http.js";
import { find, showError, takeFragment } from "./page.js";

const secret = takeFragment();

/** Hand the secret in, when the page waits for one; the page then comes back with the form. */
export async function exchangeSecret() {
  if (!document.querySelector("[data-exchange]") || !secret) return;
  find("[data-exchange-none]").hidden = true;
  find("[data-exchange-wait]").hidden = false;
  try {
    await postJson(location.pathname, { secret });
    location.reload();
  } catch (error) {
    find("[data-exchange-wait]").hidden = true;
    showError(error);
  }
}
