/**
 * The booth once everything was checked: choose, check, cast, receipt. A vote is locked here and kept in the *store* of
 * whoever votes before it is sent, so that after a lost connection the same bytes are sent again and get the same receipt.
 */

import { makeBallotToOpen } from "../../core/ballot.js";
import { secureRandom, sha256Base64 } from "../../core/bytes.js";
import { shufflesNeeded, votersOf } from "../../core/charter.js";
import { isMixed } from "../../core/questions.js";
import { checkReceipt } from "../../core/receipt.js";
import { qrSvg } from "../../elements/qr-code.js";
import { NoConnection, RefusedByServer } from "../_shared/http.js";
import { keepLedgerHead } from "../_shared/ledger.js";
import { breathe, find, onPress, onSubmit, saveFile, Sentence, showError, showStep, start, text } from "../_shared/page.js";
import { castPaper } from "./cast.js";
import { effectInWords } from "./effect.js";
import { listFindings } from "./findings.js";
import { keepHead, receiptKey } from "./heads.js";
import { showMandate } from "./mandate.js";
import { inWords } from "./moments.js";
import { chosen, drawChosen, drawOrders, drawQuestions, readyFor } from "./questions.js";
import { paperInWords } from "./words.js";

export const booth = find("[data-booth]");
const { uuid } = booth.dataset;
const FEW = 10;
const WAITS_MS = [1_000, 3_000, 8_000];
const CLOCKS_DIFFER_MS = 300_000;
const PENDING = `pending-paper/${uuid}`;
const RECEIPT = receiptKey(uuid);
const ORDERS = `orders/${uuid}`; // in which this device shows what is ranked or graded

/** What the page found when it checked everything: {store, election, charter, closesAt, boardKey, s}. */
let vote = null;
let answers = null;
let paper = null;

/** Go on where this voter was: a paper that waits to be "sent", a "receipt", or the "choice". */
export async function goOn(checked) {
  vote = checked;
  const pending = await vote.store.get(PENDING);
  if (pending) {
    paper = { text: pending.paper };
    await send();
    return "sent";
  }
  const receipt = await vote.store.get(RECEIPT);
  if (!receipt) {
    await choose();
    return "choice";
  }
  showReceipt(receipt, text("votedHeading"));
  return "receipt";
}

/** Nothing was sent: what was found stands on the page. */
export function alarm(findings) {
  listFindings(findings);
  showStep("alarm");
}

/** Only where to look before anything was checked: the charter that setup.json seems to hold. */
export function readCharter(setup) {
  try {
    return JSON.parse(setup.charter);
  } catch {
    return null;
  }
}

/* 1 Choose */

async function choose() {
  const { charter, closesAt } = vote;
  const when = inWords(closesAt, charter.committee.zone);
  find("[data-title]").textContent = charter.title;
  find("[data-until-when]").textContent = text("until", { when });
  find("[data-full-text]").textContent = charter.text;
  find("[data-effect]").textContent = effectInWords(charter);
  showMandate(charter);
  find("[data-few-warning]").hidden = votersOf(charter) >= FEW;
  find("[data-few-warning]").textContent = text("few", { count: votersOf(charter) });
  find("[data-locked]").textContent = lockedBy(charter);
  if (answers === null) {
    await readyFor(charter.questions);
    drawQuestions(charter, await orders());
  }
  showStep("choose");
}

function lockedBy(charter) {
  const { threshold, trustees } = charter;
  if (isMixed(charter)) return text("lockedMixed", { count: shufflesNeeded(charter) });
  return text(threshold ? "lockedBySome" : "lockedBy", { threshold, count: trustees.length });
}

/** Drawn once a device, so that no name is favoured, and none jumps when the page is loaded again. */
async function orders() {
  const { store, charter } = vote;
  if (!isMixed(charter)) return [];
  const kept = await store.get(ORDERS);
  if (kept) return kept;
  const drawn = drawOrders(charter.questions);
  await store.put(ORDERS, drawn);
  return drawn;
}

onSubmit("[data-choices]", async (_values, form) => {
  const read = chosen(vote.charter.questions, form);
  if (read === null) return;
  answers = read;
  await breathe();
  lock();
  history.pushState({ step: "check" }, "");
  showStep("check");
});

/* 2 Check: the vote is locked already, so that casting is quick */

function lock() {
  const { charter, election, s } = vote;
  paper = makeBallotToOpen(election, s, answers, secureRandom);
  drawChosen(charter.questions, answers);
  find("[data-paper-words]").textContent = paperInWords(paper.text);
}

onPress("[data-change]", () => history.back());
onPress("[data-cast-it]", () => eitherOr(cast));
onPress("[data-open-paper]", () => eitherOr(openPaper));

/** A paper is cast or opened, never both: while one of the two runs, a press on the other does nothing. */
let isDeciding = false;
async function eitherOr(deed) {
  if (isDeciding) return;
  isDeciding = true;
  try {
    await deed();
  } finally {
    isDeciding = false;
  }
}

async function openPaper() {
  const opened = { election: vote.election.text, ballot: paper.text, nonces: paper.nonces };
  await breathe();
  lock(); // before the keys are out
  saveFile(`${text("openedFile")}-${uuid}.json`, JSON.stringify(opened));
  find("[data-opened-note]").textContent = text("opened");
  find("[data-opened-note]").hidden = false;
}

addEventListener("popstate", () => {
  if (!find('[data-step="check"]').hidden) start(choose);
});

/* 3 Cast */

async function cast() {
  await vote.store.put(PENDING, { paper: paper.text });
  history.replaceState(null, "");
  await send();
}

onPress("[data-send-again]", () => send());
addEventListener("online", () => {
  if (!find("[data-again]").hidden) start(send);
});

async function send() {
  showStep("casting");
  find("[data-again]").hidden = true;
  find("[data-casting-heading]").textContent = text("onItsWay");
  sayCasting("sending");
  try {
    await receive(await castPatiently());
  } catch (error) {
    await explainFailure(error);
  }
}

async function castPatiently() {
  for (const wait of WAITS_MS) {
    try {
      return await castPaper(booth.dataset.cast, paper.text);
    } catch (error) {
      if (!(error instanceof NoConnection)) throw error;
      sayCasting("tryingAgain");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return castPaper(booth.dataset.cast, paper.text);
}

async function receive(answer) {
  const { store, election, boardKey } = vote;
  const wrong = checkReceipt(answer, { election, ballotText: paper.text, boardKey });
  if (wrong.length > 0) throw new Sentence("badReceipt");
  const kept = { ...answer, paper: paper.text, at: Date.now() };
  await store.put(RECEIPT, kept);
  await keepLedgerHead(store, answer.receipt.ledger_head);
  await keepHead(store, uuid, { height: answer.receipt.height, head: answer.receipt.event });
  await store.remove(PENDING);
  showReceipt(kept, text(answer.state === "replaced" ? "replacedHeading" : "isIn"));
}

/** Not taken for good, or perhaps taken: then the same paper is sent again. */
async function explainFailure(error) {
  if (error instanceof RefusedByServer && error.code !== "not_yet_open") {
    await vote.store.remove(PENDING);
    find("[data-lost]").textContent = error.code === "closed" && isEarly(vote.closesAt) ? text("shutEarly") : error.message;
    showStep("lost");
    return;
  }
  offerAgain();
  if (error instanceof NoConnection) sayCasting("keptUnsent");
  else showError(error);
}

function offerAgain() {
  find("[data-casting-heading]").textContent = text("unsure");
  find("[data-casting]").textContent = "";
  find("[data-casting-bar]").hidden = true;
  find("[data-again]").hidden = false;
}

function sayCasting(name) {
  find("[data-casting-bar]").hidden = name === "keptUnsent";
  find("[data-casting]").textContent = text(name);
}

onPress("[data-start-over]", () => location.reload());

/* The receipt */

export function showReceipt(kept, heading) {
  const tracker = sha256Base64(kept.paper);
  const address = new URL(booth.dataset.board, location.href);
  address.hash = encodeURIComponent(tracker);
  find("[data-receipt-heading]").textContent = heading;
  drawState(kept);
  find("[data-receipt-words]").textContent = paperInWords(kept.paper);
  find("[data-receipt-hash]").textContent = tracker;
  find("[data-receipt-code]").replaceChildren(qrSvg(address.href, text("codeLabel")));
  find("[data-find-it]").href = address.href;
  find("[data-again-card]").hidden = vote === null;
  if (vote) find("[data-until-again]").textContent = text("until", { when: inWords(vote.closesAt, vote.charter.committee.zone) });
  showStep("receipt");
}

function drawState(kept) {
  const isVoid = "void" in booth.dataset;
  const place = find("[data-receipt-state]");
  place.textContent = text(isVoid ? "void" : kept.state === "replaced" ? "replaced" : "counts");
  place.classList.toggle("kept", !isVoid);
  place.classList.toggle("broken", isVoid);
}

/** Well before the close that was signed, by this device's clock. */
export const isEarly = (closesAt) => Date.now() < Date.parse(closesAt) - CLOCKS_DIFFER_MS;

onPress("[data-print]", () => print());
onPress("[data-vote-again]", () => {
  answers = null;
  return choose();
});
