/**
 * The booth: choose, check, cast, receipt. A vote is locked here and kept on the device before it is sent, so that
 * after a lost connection the same bytes are sent again and get the same receipt.
 */

import { makeBallotToOpen } from "../core/ballot.js";
import { blindedScalar } from "../core/blinding.js";
import { secureRandom, sha256Base64 } from "../core/bytes.js";
import { credentialKey, credentialScalar } from "../core/memberkeys.js";
import { groupNamed } from "../core/groups.js";
import { finding } from "../core/refusal.js";
import { checkReceipt } from "../core/receipt.js";
import { entryOf } from "../core/roll.js";
import { checkSetup } from "../core/setup.js";
import { qrSvg } from "../elements/qr-code.js";
import { castPaper } from "./_ballots/cast.js";
import { inOneTab, memberOf, openOrRemember, unlock } from "./_ballots/device.js";
import { line, listFindings } from "./_ballots/findings.js";
import { boardHolds, keepHead } from "./_ballots/heads.js";
import { inWords } from "./_ballots/moments.js";
import { bitsOf, chosen, drawChosen, drawQuestions } from "./_ballots/questions.js";
import { rollAt } from "./_ballots/roll.js";
import { paperInWords } from "./_ballots/words.js";
import { getJson, NoConnection, RefusedByServer } from "./_shared/http.js";
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
const PENDING = `pending-paper/${uuid}`;
const RECEIPT = `receipt/${uuid}`;
const ELECTION = `election/${uuid}`;
const BOARD_KEY = `board-key/${committee}`;

/** What this page knows once everything was checked: {store, election, charter, closesAt, boardKey, s}. */
let vote = null;
let values = null;
let paper = null;

start(() => inOneTab(`vote/${uuid}`, enter));

async function enter() {
  if ("shut" in booth.dataset) {
    await showKeptReceipt();
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
    await alarmIfBoardForgot();
  } else {
    choose();
  }
}

/* Checking, before anything is shown to choose */

async function prepare(store, root) {
  const setup = await getJson(booth.dataset.setup, { credentials: "omit" });
  const { n } = await blindNonce(store);
  const position = positionOf(setup);
  const roll = await rollAt(store, { address: booth.dataset.roll, uuid, position }, progressOfRoll);
  showStatus(text("checkingBallot"));
  await breathe();
  const group = groupNamed(groupOf(setup));
  const own = { keyText: credentialKey(root, group), n };
  const checked = checkSetup(setup, { roll, own });
  const findings = [...checked.findings, ...(await ownFindings(store, setup, checked, roll))];
  if (findings.length > 0) {
    alarm(findings);
    return null;
  }
  await remember(store, setup, checked);
  sayWhatWasChecked(setup, checked);
  const s = blindedScalar(group, uuid, own.keyText, n, credentialScalar(root, group));
  return { store, ...checked, boardKey: setup.board_key, s };
}

async function blindNonce(store) {
  const kept = await store.get(`blind/${uuid}`);
  if (kept) return kept;
  const fetched = await getJson(booth.dataset.blind);
  await store.put(`blind/${uuid}`, fetched);
  return fetched;
}

function progressOfRoll(done, total) {
  const bar = find("[data-bar]");
  bar.max = total;
  bar.value = done;
  showStatus(text("checkingRoll", { done, total }));
}

/** What only this page can compare: the address, and what this device saw before. */
async function ownFindings(store, setup, { election, charter }, roll) {
  if (election === null || charter === null) return [];
  const isThisBallot = election.uuid === uuid && charter.committee.id === committee;
  const sameElection = [undefined, election.fingerprint].includes(await store.get(ELECTION));
  const sameBoard = [undefined, setup.board_key].includes(await store.get(BOARD_KEY));
  return [
    ...(isThisBallot ? [] : [finding("other_ballot")]),
    ...(sameElection ? [] : [finding("other_election")]),
    ...(sameBoard ? [] : [finding("other_board_key")]),
    ...(entryOf(roll, member.number)?.keys.member === member.key ? [] : [finding("own_entry")]),
  ];
}

async function remember(store, setup, { election }) {
  await store.put(ELECTION, election.fingerprint);
  await store.put(BOARD_KEY, setup.board_key);
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
  find("[data-few-warning]").hidden = charter.roll.entitled >= FEW;
  find("[data-few-warning]").textContent = text("few", { count: charter.roll.entitled });
  const count = charter.trustees.length;
  find("[data-locked]").textContent = count === 1 ? text("lockedByOne") : text("lockedBy", { count });
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
onPress("[data-cast-it]", () => cast());
onPress("[data-open-paper]", async () => {
  const { election } = vote;
  const opened = { election: election.text, ballot: paper.text, nonces: paper.nonces };
  saveFile(`${text("openedFile")}-${uuid}.json`, JSON.stringify(opened));
  await breathe();
  lock();
  find("[data-opened-note]").textContent = text("opened");
  find("[data-opened-note]").hidden = false;
});

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
  const kept = { ...answer, paper: paper.text };
  await store.put(RECEIPT, kept);
  await keepHead(store, uuid, { height: answer.receipt.height, head: answer.receipt.event });
  await store.remove(PENDING);
  showReceipt(kept, text(answer.state === "replaced" ? "replacedHeading" : "isIn"));
}

/** Not taken for good, or perhaps taken: then the same paper is sent again. */
async function explainFailure(error) {
  if (error instanceof RefusedByServer && error.code !== "not_yet_open") {
    await vote.store.remove(PENDING);
    find("[data-lost]").textContent = error.message;
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

async function showKeptReceipt() {
  const store = await openOrRemember();
  const kept = await store.get(RECEIPT);
  const isOurs = store.current()?.number === member.number && store.current()?.committee === committee;
  if (kept && isOurs) showReceipt(kept, text("votedHeading"));
}

async function alarmIfBoardForgot() {
  const { head: headAddress, archive: archiveAddress } = booth.dataset;
  if (!(await boardHolds(vote.store, { uuid, headAddress, archiveAddress }))) throw new Sentence("goneFromBoard");
}

onPress("[data-print]", () => print());
onPress("[data-vote-again]", () => {
  values = null;
  choose();
});
