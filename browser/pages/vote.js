/**
 * The booth: choose, check, cast, receipt. A vote is locked here and kept on the device before it is sent, so that
 * after a lost connection the same bytes are sent again and get the same receipt.
 */

import { makeBallotToOpen } from "../core/ballot.js";
import { blindedScalar } from "../core/blinding.js";
import { secureRandom, sha256Base64 } from "../core/bytes.js";
import { credentialKey, credentialScalar, memberKey } from "../core/memberkeys.js";
import { groupNamed } from "../core/groups.js";
import { finding } from "../core/refusal.js";
import { checkReceipt } from "../core/receipt.js";
import { entryOf } from "../core/roll.js";
import { checkSetup } from "../core/setup.js";
import { qrSvg } from "../elements/qr-code.js";
import { castPaper } from "./_ballots/cast.js";
import { inOneTab, memberOf, openOrRemember, unlock } from "./_ballots/device.js";
import { line, listFindings } from "./_ballots/findings.js";
import { closesKey, compareWithBoard, keepHead, receiptKey } from "./_ballots/heads.js";
import { boardKeyFindings } from "./_ballots/ledger.js";
import { inWords } from "./_ballots/moments.js";
import { effectInWords } from "./_ballots/effect.js";
import { bitsOf, chosen, drawChosen, drawQuestions } from "./_ballots/questions.js";
import { rollAt } from "./_ballots/roll.js";
import { paperInWords } from "./_ballots/words.js";
import { getJson, NoConnection, RefusedByServer } from "./_shared/http.js";
import { keepLedgerHead } from "./_shared/ledger.js";
import {
  breathe,
  find,
  onPress,
  onSubmit,
  saveFile,
  Sentence,
  showError,
  showStatus,
  showStep,
  start,
  text,
} from "./_shared/page.js";

const booth = find("[data-booth]");
const { uuid, committee } = booth.dataset;
const member = memberOf(booth);
const FEW = 10;
const WAITS_MS = [1_000, 3_000, 8_000];
const CLOCKS_DIFFER_MS = 300_000;
const PENDING = `pending-paper/${uuid}`;
const RECEIPT = receiptKey(uuid);
const ELECTION = `election/${uuid}`;
const BLIND = `blind/${uuid}`;
const CLOSES = closesKey(uuid);

/** What this page knows once everything was checked: {store, election, charter, closesAt, boardKey, s}. */
let vote = null;
let values = null;
let paper = null;

start(() => inOneTab(`vote/${uuid}`, enter));

async function enter() {
  if ("shut" in booth.dataset) {
    await lookBack();
    return stayOpen();
  }
  const { store, root } = await unlock(member);
  showStep("checking");
  vote = await prepare(store, root);
  if (vote === null) return stayOpen();
  await continueFrom(await store.get(PENDING), await store.get(RECEIPT));
  return stayOpen();
}

/** The lock on this vote lasts as long as the page. */
const stayOpen = () => new Promise(() => {});

async function continueFrom(pending, receipt) {
  if (pending) {
    paper = { text: pending.paper };
    await send();
  } else if (receipt) {
    showReceipt(receipt, text("votedHeading"));
    await alarmIfBoardForgot(vote.store);
  } else {
    choose();
  }
}

/* Checking, before anything is shown to choose */

async function prepare(store, root) {
  const setup = await getJson(booth.dataset.setup, { credentials: "omit" });
  const blinding = await blindingOf(store);
  const position = positionOf(setup);
  const group = groupNamed(groupOf(setup));
  const roll = await rollAt(store, { address: booth.dataset.roll, uuid, position, group: group.name }, progressOfRoll);
  showStatus(text("checkingBallot"));
  await breathe();
  const own = { keyText: credentialKey(root, group), n: blinding.n };
  const checked = checkSetup(setup, { roll, own });
  const findings = [...checked.findings, ...(await ownFindings(store, setup, checked, { roll, root }))];
  if (findings.length > 0) {
    alarm(findings);
    return null;
  }
  await remember(store, checked, blinding);
  sayWhatWasChecked(setup, checked);
  const s = blindedScalar(group, uuid, own.keyText, own.n, credentialScalar(root, group));
  return { store, ...checked, boardKey: setup.board_key, s };
}

/** {n}; what the server hands out is kept only once it has led to a key on the list. */
const blindingOf = async (store) => (await store.get(BLIND)) ?? getJson(booth.dataset.blind);

async function remember(store, { election, closesAt }, blinding) {
  await store.put(BLIND, blinding);
  await store.put(CLOSES, closesAt);
  await store.put(ELECTION, election.fingerprint);
}

function progressOfRoll(done, total) {
  const bar = find("[data-bar]");
  bar.max = total;
  bar.value = done;
  showStatus(text("checkingRoll", { done, total }));
}

/** What only this page can compare: the address, and what this device saw before. */
async function ownFindings(store, setup, { election, charter, closesAt }, { roll, root }) {
  if (election === null || charter === null) return [];
  const isThisBallot = election.uuid === uuid && charter.committee.id === committee;
  const sameElection = [undefined, election.fingerprint].includes(await store.get(ELECTION));
  const isOwnEntry = entryOf(roll, member.number)?.keys.member === memberKey(root);
  const isNoEarlier = ((await store.get(CLOSES)) ?? "") <= closesAt;
  return [
    ...(isThisBallot ? [] : [finding("other_ballot")]),
    ...(sameElection ? [] : [finding("other_election")]),
    ...(isOwnEntry ? [] : [finding("own_entry")]),
    ...(isNoEarlier ? [] : [finding("closes_earlier")]),
    ...(roll.isForked ? [finding("roll_forked")] : []),
    ...(await boardKeyFindings(store, booth.dataset.ledger, { charter, boardKey: setup.board_key })),
  ];
}

function sayWhatWasChecked(setup, { charter }) {
  const entries = (numbers) => numbers.join(", ");
  const sentences = [
    text("checkedCharter"),
    text("checkedRoll"),
    text("checkedTrustees", { entries: entries(charter.trustees.map(({ number }) => number)) }),
    text("checkedTellers", { entries: entries(setup.audits.map(({ number }) => number)) }),
    text("checkedCredentials", { count: charter.roll.entitled }),
  ];
  find("[data-checked]").replaceChildren(...sentences.map(line));
}

function alarm(findings) {
  listFindings(findings);
  showStep("alarm");
}

/** Only where to look: everything read here is checked by checkSetup. */
const positionOf = (setup) => readCharter(setup)?.roll?.position ?? 0;
const groupOf = (setup) => readCharter(setup)?.group ?? "BELENIOS-2048";

function readCharter(setup) {
  try {
    return JSON.parse(setup.charter);
  } catch {
    return null;
  }
}

/* 1 Choose */

function choose() {
  const { charter, closesAt } = vote;
  const when = inWords(closesAt, charter.committee.zone);
  find("[data-title]").textContent = charter.title;
  find("[data-until-when]").textContent = text("until", { when });
  find("[data-full-text]").textContent = charter.text;
  find("[data-effect]").textContent = effectInWords(charter);
  find("[data-few-warning]").hidden = charter.roll.entitled >= FEW;
  find("[data-few-warning]").textContent = text("few", { count: charter.roll.entitled });
  find("[data-locked]").textContent = text("lockedBy", { count: charter.trustees.length });
  if (values === null) drawQuestions(charter.questions, charter.title);
  showStep("choose");
}

onSubmit("[data-choices]", async (_values, form) => {
  values = chosen(vote.charter.questions, form);
  if (values === null) return;
  await breathe();
  lock();
  history.pushState({ step: "check" }, "");
  showStep("check");
});

/* 2 Check: the vote is locked already, so that casting is quick */

function lock() {
  const { charter, election, s } = vote;
  paper = makeBallotToOpen(election, s, bitsOf(charter.questions, values), secureRandom);
  drawChosen(charter.questions, values);
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
  if (!find('[data-step="check"]').hidden) choose();
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

function showReceipt(kept, heading) {
  const tracker = sha256Base64(kept.paper);
  const address = new URL(booth.dataset.board, location.href);
  address.hash = encodeURIComponent(tracker);
  find("[data-receipt-heading]").textContent = heading;
  find("[data-receipt-state]").textContent = text(kept.state === "replaced" ? "replaced" : "counts");
  find("[data-receipt-words]").textContent = paperInWords(kept.paper);
  find("[data-receipt-hash]").textContent = tracker;
  find("[data-receipt-code]").replaceChildren(qrSvg(address.href, text("codeLabel")));
  find("[data-find-it]").href = address.href;
  find("[data-again-card]").hidden = vote === null;
  if (vote) find("[data-until-again]").textContent = text("until", { when: inWords(vote.closesAt, vote.charter.committee.zone) });
  showStep("receipt");
}

/** The booth is shut: this device still knows the close that was signed, and what the board must hold. */
async function lookBack() {
  const store = await openOrRemember();
  const isOurs = store.current()?.number === member.number && store.current()?.committee === committee;
  if (!isOurs) return;
  const kept = await store.get(RECEIPT);
  if (kept) showReceipt(kept, text("votedHeading"));
  const closesAt = await store.get(CLOSES);
  if (closesAt && isEarly(closesAt)) throw new Sentence("shutEarly");
  if (kept) await alarmIfBoardForgot(store);
}

/** Well before the close that was signed, by this device's clock. */
const isEarly = (closesAt) => Date.now() < Date.parse(closesAt) - CLOCKS_DIFFER_MS;

async function alarmIfBoardForgot(store) {
  const { head: headAddress, archive: archiveAddress } = booth.dataset;
  const outcome = await compareWithBoard(store, { uuid, headAddress, archiveAddress });
  if (outcome === "gone") throw new Sentence("goneFromBoard");
  if (outcome === "unchecked") throw new Sentence("notCompared");
}

onPress("[data-print]", () => print());
onPress("[data-vote-again]", () => {
  values = null;
  choose();
});
