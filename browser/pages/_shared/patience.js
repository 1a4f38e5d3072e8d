/** Strangers' failures make every stranger wait; whoever waits here is let in without doing anything. */

import { postJson, RefusedByServer } from "./http.js";
import { showStatus, text } from "./page.js";

/** As postJson, and where the server asks for a wait, count it down on the page and try again. */
export async function postWhenLetIn(address, value) {
  for (;;) {
    try {
      return await postJson(address, value);
    } catch (error) {
      if (!(error instanceof RefusedByServer && error.code === "wait_first")) throw error;
      await countDown(error.values.seconds);
    }
  }
}

async function countDown(seconds) {
  for (let left = seconds; left > 0; left -= 1) {
    showStatus(text("wait", { seconds: left }));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  showStatus("");
}
