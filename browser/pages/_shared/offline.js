/** Installs the worker that shows a page without a connection. Only the first page may, by its policy for scripts. */

const POLICY = "openfloor-worker";

/** Does nothing where the page names no worker, or the browser has none. */
export async function keepForOffline() {
  const address = document.querySelector("[data-worker]")?.dataset.worker;
  if (!address || !navigator.serviceWorker) return;
  const policy = globalThis.trustedTypes?.createPolicy(POLICY, { createScriptURL: (url) => url });
  try {
    await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address);
  } catch {
    // A private window refuses workers; nothing but the page without a connection is missing then.
  }
}
