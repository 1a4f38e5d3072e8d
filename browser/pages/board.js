/** The board, live and without an account. Where this device saw the board before, it checks that nothing was taken back. */

import { openBallot } from "../core/ballot.js";
import { parseElection } from "../core/election.js";
import { Refused } from "../core/refusal.js";
import { storeIfAny } from "../elements/device-store.js";
import { answerInWords, leftOutInWords } from "./_ballots/answers.js";
import { isLookedAt, offerCheck } from "./_ballots/check.js";
import { compareWithBoard, keepHead } from "./_ballots/heads.js";
import { inWords } from "./_ballots/moments.js";
import { paperInWords, trackerInWords } from "./_ballots/words.js";
import { getJson } from "./_shared/http.js";
import { headInWords } from "./_shared/words.js";
import { find, fragment, onSubmit, paragraph, Sentence, start, text } from "./_shared/page.js";

const board = find("[data-board]");
const { uuid, live, head: headAddress, archive: archiveAddress, state, zone } = board.dataset;

findFromCode();
offerCheck(board);
if (state === "open" || state === "frozen") follow();
start(checkWhatWasSeen);

/** The code of a receipt opens this page with the paper's hash after the #: it never reaches the server. */
function findFromCode() {
  const tracker = fragment();
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
    if (isLookedAt()) say("liveMoved");
    else location.reload();
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

onSubmit("[data-tested]", async ({ tested }, form) => {
  const answer = find("[data-tested-answer]");
  answer.replaceChildren();
  const { ballot, nonces } = await readTested(tested);
  const election = parseElection((await getJson(form.dataset.setup, { credentials: "omit" })).election);
  const answers = openTested(election, ballot, nonces);
  answer.replaceChildren(
    paragraph(text("testedWords", { words: paperInWords(ballot) })),
    ...election.questions.map((question, at) => paragraph(`${question.question} ${inAnswer(question, answers[at])}`)),
  );
});

async function readTested(file) {
  try {
    const { ballot, nonces } = JSON.parse(await file.text());
    if (typeof ballot === "string" && Array.isArray(nonces)) return { ballot, nonces };
  } catch {
    // said below
  }
  throw new Sentence("notTested");
}

function openTested(election, ballot, nonces) {
  try {
    return openBallot(election, ballot, nonces);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Sentence(error.check === "wrong_nonces" ? "testedLies" : "notTested");
  }
}

const inAnswer = (question, answer) =>
  [...answerInWords(question, answer), ...leftOutInWords(question, answer)].join(" · ");

const say = (name) => {
  find("[data-live-state]").textContent = text(name);
};

function sayLost() {
  const place = find("[data-lost-here]");
  place.textContent = text("lost");
  place.hidden = false;
}

async function checkWhatWasSeen() {
  const store = await storeIfAny();
  if (!store) return;
  const outcome = await compareWithBoard(store, { uuid, headAddress, archiveAddress });
  if (outcome === "gone") throw new Sentence("forked");
  if (outcome === "unchecked") throw new Sentence("notCompared");
  if (outcome === "lost") return sayLost();
  const now = await getJson(headAddress, { credentials: "omit" });
  if (now.head) await keepHead(store, uuid, now);
}
