/** What a worker does when it is asked: *deeds* by name, each answered once. */

export function answering(deeds) {
  addEventListener("message", async ({ data }) => {
    try {
      postMessage({ answer: await deeds[data.deed](data) });
    } catch (error) {
      setTimeout(() => {
        throw error; // out of the promise, so that the page hears of it
      });
    }
  });
}
