/** A member's booth: unlock the key, check everything this device can, then vote, or look back when voting is over. */

import { blindedScalar } from "../core/blinding.js";
import { slipsOf, votersOf } from "../core/charter.js";
import { credentialKey, credentialScalar, memberKey } from "../core/memberkeys.js";
import { groupNamed } from "../core/groups.js";
import { finding } from "../core/refusal.js";
import { memberKeyOn } from "../core/roll.js";
import { checkSetup } from "../core/setup.js";
import { alarm, booth, goOn, isEarly, readCharter, showReceipt } from "./_ballots/booth.js";
import { inOneTab, memberOf, openOrRemember, unlock } from "./_ballots/device.js";
import { line } from "./_ballots/findings.js";
import { closesKey, compareWithBoard, receiptKey } from "./_ballots/heads.js";
import { boardKeyFindings } from "./_ballots/ledger.js";
import { practiceFindings } from "./_ballots/practice.js";
import { rollFor } from "./_ballots/roll.js";
import { getJson } from "./_shared/http.js";
import { breathe, find, Sentence, showStatus, showStep, start, text } from "./_shared/page.js";

const { uuid, committee } = booth.dataset;
const member = memberOf(booth);
const RECEIPT = receiptKey(uuid);
const ELECTION = `election/${uuid}`;
const BLIND = `blind/${uuid}`;
const CLOSES = closesKey(uuid);

start(() => inOneTab(`vote/${uuid}`, enter));

async function enter() {
  if ("shut" in booth.dataset) {
    await lookBack();
    return stayOpen();
  }
  const { store, root } = await unlock(member);
  showStep("checking");
  const checked = await prepare(store, root);
  if (checked !== null && (await goOn(checked)) === "receipt") await alarmIfBoardForgot(store);
  return stayOpen();
}

/** The lock on this vote lasts as long as the page. */
const stayOpen = () => new Promise(() => {});

/* Checking, before anything is shown to choose */

async function prepare(store, root) {
  const setup = await getJson(booth.dataset.setup, { credentials: "omit" });
  const blinding = await blindingOf(store);
  const charter = readCharter(setup); // only where to look: everything read here is checked by checkSetup
  const group = groupNamed(charter?.group ?? "BELENIOS-2048");
  const { roll: address, rollParts: parts } = booth.dataset;
  const { number } = member;
  const roll = await rollFor(store, { address, parts, uuid, charter, group: group.name, number }, progressOfRoll);
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
  sayWhatWasChecked(setup, checked, roll);
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
  const isOwnEntry = memberKeyOn(roll, member.number, charter.roll.day) === memberKey(root);
  const isNoEarlier = ((await store.get(CLOSES)) ?? "") <= closesAt;
  return [
    ...(isThisBallot ? [] : [finding("other_ballot")]),
    ...(sameElection ? [] : [finding("other_election")]),
    ...(isOwnEntry ? [] : [finding("own_entry")]),
    ...(isNoEarlier ? [] : [finding("closes_earlier")]),
    ...(roll.isForked ? [finding("roll_forked")] : []),
    ...practiceFindings(charter),
    ...(await boardKeyFindings(store, booth.dataset.ledger, { charter, boardKey: setup.board_key })),
  ];
}

function sayWhatWasChecked(setup, { charter }, { isPart = false }) {
  const entries = (numbers) => numbers.join(", ");
  const sentences = [
    text("checkedCharter"),
    ...(isPart ? [text("checkedParts"), text("checkedByTellers")] : [text("checkedRoll")]),
    text("checkedTrustees", { entries: entries(charter.trustees.map(({ number }) => number)) }),
    text("checkedTellers", { entries: entries(setup.audits.map(({ number }) => number)) }),
    text("checkedCredentials", { count: votersOf(charter) }),
    ...(slipsOf(charter) > 0 ? [text("checkedSlips", { count: slipsOf(charter) })] : []),
  ];
  find("[data-checked]").replaceChildren(...sentences.map(line));
}

/* After the close */

/** The booth is shut: this device still knows the close that was signed, and what the board must hold. */
async function lookBack() {
  const store = await openOrRemember();
  const isOurs = store.current()?.number === member.number && store.current()?.committee === committee;
  if (!isOurs) return;
  const kept = await store.get(RECEIPT);
  if (kept) showReceipt(kept, text("votedHeading"));
  if ("void" in booth.dataset) return kept && sayWhatIsLeft(store);
  const closesAt = await store.get(CLOSES);
  if (closesAt && isEarly(closesAt)) throw new Sentence("shutEarly");
  if (kept) await alarmIfBoardForgot(store);
}

/** A void ballot: whether this device's own vote is among what was lost. */
async function sayWhatIsLeft(store) {
  const { head: headAddress, archive: archiveAddress } = booth.dataset;
  const outcome = await compareWithBoard(store, { uuid, headAddress, archiveAddress });
  const place = find("[data-void-note]");
  place.textContent = text({ holds: "voidHolds", unchecked: "notCompared" }[outcome] ?? "voidLost");
  place.hidden = false;
}

async function alarmIfBoardForgot(store) {
  const { head: headAddress, archive: archiveAddress } = booth.dataset;
  const outcome = await compareWithBoard(store, { uuid, headAddress, archiveAddress });
  if (outcome === "gone") throw new Sentence("goneFromBoard");
  if (outcome === "unchecked") throw new Sentence("notCompared");
}
