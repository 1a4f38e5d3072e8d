/** Long work in slices, so that the page stays alive and its bar moves. */

const SLICE_MS = 40;

/** A function to await after each of *total* steps; it lets the event loop run when a slice is over. */
export function pacer(total, onProgress = () => {}) {
  let resumedAt = performance.now();
  return async (done) => {
    if (performance.now() - resumedAt < SLICE_MS && done < total) return;
    onProgress(done, total);
    await new Promise((resume) => setTimeout(resume));
    resumedAt = performance.now();
  };
}
