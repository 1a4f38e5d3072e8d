/**
 * A closed board, checked by a trustee's own browser before it mixes the votes or uses the key. The long part runs in a
 * worker, which keeps what it checked: nothing else is mixed or opened.
 */

import { sha256Hex } from "../../core/bytes.js";
import { isMixed } from "../../core/questions.js";
import { memberKey } from "../../core/memberkeys.js";
import { checkMixed, checkShuffles, eventToOpen, shufflesOn } from "../../core/mixing.js";
import { finding } from "../../core/refusal.js";
import { memberKeyOn } from "../../core/roll.js";
import { checkElection, checkSetup } from "../../core/setup.js";
import { readBoard } from "../../core/verify.js";
import { getJson } from "../_shared/http.js";
import { find, Sentence, showStatus, text } from "../_shared/page.js";
import { checkRoll } from "../_shared/roll.js";
import { scriptOfOurs } from "../_shared/workers.js";
import { closesKey, fetchArchive, missingHeads, seenHeads } from "./heads.js";
import { alarm, member, move, ownFindings, page, sayRoll, signedFindings, uuid, work } from "./keyholder.js";
import { practiceFindings } from "./practice.js";
import { rollFor } from "./roll.js";

const LAST_DAY = "9999-12-31"; // by then, new keys that nobody stopped count
const CHECKED_BALLOTS = 2_000; // up to here every vote is checked in the browser
const CLOSES = closesKey(uuid);
const OPENED = `opened-tally/${uuid}`; // {fingerprint, tally}: all that this device ever opens of it
const MIXED = `mixed/${uuid}`; // SHA-256 of the shuffle by this device that is on the board

/**
 * {board, tally, head, wereChecked, ask}, or undefined after an alarm. *tally* is the text that the shuffles so far have
 * left to open, *head* the event before it is opened; `ask` has the worker mix or open it. Without a *key* for mixing.
 */
export async function checkedBoard({ store, root, key = null }) {
  const setup = await getJson(page.dataset.setup, { credentials: "omit" });
  const { charter, roll, findings: ofSetup } = await examineSetup(store, root, key, setup);
  if (ofSetup.length > 0) return alarm(ofSetup);
  work("loadingBoard");
  const bytes = await fetchArchive(page.dataset.archive, move);
  const board = readBoard(bytes);
  const wereChecked = board.papers.length <= CHECKED_BALLOTS;
  const ask = startWorker();
  const { findings, tallyText: tally } = await ask({ deed: "check", bytes, checkBallots: wereChecked });
  const looks = [
    () => boardFindings(board, setup, key),
    () => mixingFindings({ store, board, charter, roll, isLast: key !== null }),
    () => earlierFindings(store, board, tally),
  ];
  for (const look of looks) if (findings.length === 0) findings.push(...(await look()));
  if (findings.length > 0) return alarm(findings);
  return { board, tally, head: eventToOpen(board)?.hash ?? null, wereChecked, ask };
}

/**
 * That this is the election which the trustees signed, this one among them, with the list that the tellers signed,
 * and that its time is over. Ballots say nothing of who may vote, and a list can be made to hold one voter.
 */
async function examineSetup(store, root, key, setup) {
  work("checkingTexts");
  const { election: read, charter: shown, findings: unread } = checkElection(setup);
  if (unread.length > 0) return { findings: unread };
  const { roll: address, rollParts: parts } = page.dataset;
  const asked = { address, parts, uuid, charter: shown, group: read.group.name, number: member.number };
  const roll = await rollFor(store, asked, sayRoll);
  find("[data-parts-note]").hidden = !roll.isPart;
  const { election, charter, closesAt, findings } = checkSetup(setup, { roll });
  const isOwn = (known, day) => memberKeyOn(known, member.number, day) === memberKey(root);
  const isOwnEntry = isOwn(roll, charter.roll.day) || isOwn(roll.grown ?? (await rollNow(store)), LAST_DAY);
  const seenClose = (await store.get(CLOSES)) ?? "";
  findings.push(
    ...(roll.isForked ? [finding("roll_forked")] : []),
    ...(isOwnEntry ? [] : [finding("own_entry")]),
    ...practiceFindings(charter),
    ...(await signedFindings(election)),
    ...(seenClose <= closesAt ? [] : [finding("closes_earlier")]),
    ...(Date.now() >= Date.parse(closesAt) ? [] : [finding("not_over")]),
  );
  const ofKey = key === null ? [] : ownFindings(election, charter, key.publicKey);
  // What this member signed names their key, so it is the file that is another.
  if (findings.length === 0 && ofKey.length > 0) throw new Sentence("otherKeyFile");
  return { charter, roll, findings: [...findings, ...ofKey] };
}

/** Who lost their phone since the ballot was called goes on with a new key, if the roll of today has it. */
async function rollNow(store) {
  const roll = await checkRoll(store, { address: page.dataset.roll, onProgress: sayRoll });
  return roll.findings.length === 0 ? roll : { entries: [] };
}

function boardFindings({ setup: { election, trustees, credentialsText }, tally }, setup, key) {
  const isSame = election.text === setup.election && credentialsText === setup.credentials;
  return [
    ...(tally === null ? [finding("not_tallied")] : []),
    ...(isSame && election.uuid === uuid ? [] : [finding("other_board")]),
    ...(key === null || trustees.includes(key.publicKey) ? [] : [finding("own_key")]),
  ];
}

/** Who mixed the votes, where they are mixed; before the key is used, whether they were enough. */
async function mixingFindings({ store, board, charter, roll, isLast }) {
  if (!isMixed(charter)) return [];
  const { shuffles: signed } = await getJson(page.dataset.shuffles, { credentials: "omit" });
  const keyOfThen = (number) => memberKeyOn(roll, number, charter.roll.day);
  const found = checkShuffles(board, signed, charter, (number) => [keyOfThen(number)]);
  const isRenewed = found.some(({ check }) => check === "shuffle_signature");
  const now = isRenewed ? await rollNow(store) : null;
  const keysOf = (number) => [keyOfThen(number), memberKeyOn(now, number, LAST_DAY)];
  return [
    ...(isRenewed ? checkShuffles(board, signed, charter, keysOf) : found),
    ...(await ownShuffleFindings(store, board, charter)),
    ...(isLast ? checkMixed(board, charter) : []),
  ];
}

async function ownShuffleFindings(store, board, charter) {
  const own = await store.get(MIXED);
  const isThere = own === undefined || shufflesOn(board, charter).some((one) => sha256Hex(one.text) === own);
  return isThere ? [] : [finding("own_shuffle")];
}

export const keepMixed = (store, text) => store.put(MIXED, sha256Hex(text));

async function earlierFindings(store, board, tally) {
  const missing = missingHeads(board.archive, await seenHeads(store, uuid), { isOver: true });
  return [...(missing.length > 0 ? [finding("fork")] : []), ...(await openedFindings(store, { board, tally }))];
}

/** A trustee's device opens one sum of a ballot, or one order of its votes. */
export async function openedFindings(store, { board, tally }) {
  const { fingerprint } = board.setup.election;
  const opened = await store.get(OPENED);
  const isSecond = opened !== undefined && !(opened.fingerprint === fingerprint && opened.tally === sha256Hex(tally));
  return isSecond ? [finding("second_tally")] : [];
}

export const keepOpened = (store, { board, tally }) =>
  store.put(OPENED, { fingerprint: board.setup.election.fingerprint, tally: sha256Hex(tally) });

/* The worker */

let running = null;

function startWorker() {
  running?.terminate();
  const worker = new Worker(scriptOfOurs(page.dataset.worker));
  running = worker;
  return (message) =>
    new Promise((resolve, reject) => {
      worker.onerror = reject;
      worker.onmessage = ({ data }) => ("answer" in data ? resolve(data.answer) : sayProgress(data));
      worker.postMessage(message);
    });
}

function sayProgress({ votes, steps }) {
  const { done, total } = votes ?? steps;
  move(done, total);
  showStatus(votes ? text("checkingVotes", { done: votes.papers, total: votes.allPapers }) : "");
}
