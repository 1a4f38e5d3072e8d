/** The board, live and without an account. Where this device saw the board before, it checks that nothing was taken back. */

import { openStore } from "../elements/device-store.js";
import { boardHolds, keepHead } from "./_ballots/heads.js";
import { inWords } from "./_ballots/moments.js";
import { headInWords, trackerInWords } from "./_ballots/words.js";
import { find, showError, text } from "./_shared/page.js";

const board = find("[data-board]");
const { uuid, live, head: headAddress, archive: archiveAddress, state, zone } = board.dataset;

findFromCode();
if (state === "open" || state === "frozen") follow();
checkWhatWasSeen();

/** The code of a receipt opens this page with the paper's hash after the #: it never reaches the server. */
function findFromCode() {
  const tracker = decodeURIComponent(location.hash.slice(1));
  if (!/^[A-Za-z0-9+/]{43}$/.test(tracker)) return;
  const field = find("#find");
  field.value = trackerInWords(tracker);
  const listed = [...document.querySelectorAll(".papers .hash")].find((item) => item.textContent === tracker);
  if (!listed) {
    field.form.requestSubmit?.();
    return;
  }
  listed.closest("details").open = true;
  listed.closest("li").scrollIntoView({ block: "center" });
  mark(listed.closest("li").querySelector("strong"));
}

function mark(words) {
  const marked = document.createElement("mark");
  words.replaceWith(marked);
  marked.append(words);
}

function follow() {
  const source = new EventSource(live);
  source.addEventListener("open", () => say("liveOn"));
  source.addEventListener("message", ({ data }) => draw(JSON.parse(data)));
  source.addEventListener("error", () => say("liveOff"));
  addEventListener("pagehide", () => source.close());
}

function draw(now) {
  if (now.state !== state) {
    location.reload();
    return;
  }
  find("[data-voters]").textContent = now.voters;
  find("[data-turnout]").value = now.voters;
  find("[data-closes-at]").textContent = inWords(now.closes_at, zone);
  const words = document.querySelector("[data-head-words]");
  if (words && now.head) {
    words.textContent = headInWords(now.head);
    find("[data-head-hash]").textContent = now.head;
  }
}

const say = (name) => {
  find("[data-live-state]").textContent = text(name);
};

async function checkWhatWasSeen() {
  try {
    const store = await openStore();
    if (!(await boardHolds(store, { uuid, headAddress, archiveAddress }))) {
      showError(text("forked"));
      return;
    }
    const now = await (await fetch(headAddress, { credentials: "omit" })).json();
    if (now.head) await keepHead(store, uuid, now);
  } catch {
    // A browser that keeps nothing, or no connection: there is nothing to compare with.
  }
}
