/** Installs the worker that shows a page without a connection. Only the first page may, by its policy for scripts. */

import { scriptOfOurs } from "./workers.js";

/** Does nothing where the page names no worker, or the browser has none. */
export async function keepForOffline() {
  const address = document.querySelector("[data-worker]")?.dataset.worker;
  if (!address || !navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(scriptOfOurs(address));
  } catch {
    // A private window refuses workers; nothing but the page without a connection is missing then.
  }
}
