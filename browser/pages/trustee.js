/**
 * A trustee: makes a key, alone or together with the others, signs the frozen ballot, and opens the total of a board
 * that this browser checked. The key is never used for a second total of the same ballot.
 */

import { secureRandom, sha256Hex } from "../core/bytes.js";
import { partialDecryption } from "../core/decryption.js";
import { groupNamed } from "../core/groups.js";
import { finding } from "../core/refusal.js";
import { memberKey } from "../core/memberkeys.js";
import { trusteeKeyStatement } from "../core/keymaking.js";
import { memberKeyOn } from "../core/roll.js";
import { checkElection, checkSetup, freezeStatement } from "../core/setup.js";
import { statement } from "../core/statements.js";
import { generateTrusteeKey, sealKeyFile, testDecryption } from "../core/trusteekey.js";
import { readBoard, verifyBoard } from "../core/verify.js";
import { effectInWords } from "./_ballots/effect.js";
import { openOrRemember } from "./_ballots/device.js";
import { bringSeed, forgetSeed, goOn, makeSeed, sendCertificate, settledFindings, watch } from "./_ballots/exchange.js";
import { line } from "./_ballots/findings.js";
import { closesKey, fetchArchive, keepHead, missingHeads, seenHeads } from "./_ballots/heads.js";
import {
  alarm,
  isMadeTogether,
  keepSigned,
  keyFrom,
  member,
  move,
  openingKeyFrom,
  ownFindings,
  page,
  printPaper,
  refuseAfterSigning,
  refuseBadPassphrase,
  saveAgain,
  saveKey,
  sayRoll,
  signedFindings,
  unlockToRemember,
  uuid,
  work,
} from "./_ballots/keyholder.js";
import { practiceFindings } from "./_ballots/practice.js";
import { rollFor } from "./_ballots/roll.js";
import { signWith } from "./_ballots/signing.js";
import { getJson, postJson } from "./_shared/http.js";
import { breathe, find, onPress, onSubmit, Sentence, showStatus, showStep, start, text } from "./_shared/page.js";
import { checkRoll } from "./_shared/roll.js";
import { headInWords } from "./_shared/words.js";

const { begin } = page.dataset;
const LAST_DAY = "9999-12-31"; // by then, new keys that nobody stopped count
const CHECKED_BALLOTS = 2_000; // up to here every vote is checked in the browser
const OWN_KEY = `trustee-key/${uuid}`; // {publicKey, test}: what this device made, and the one test it answered
const OPENED = `opened-tally/${uuid}`; // {fingerprint, tally}: the only sum this device ever opens
const CLOSES = closesKey(uuid);
const EXCHANGES = isMadeTogether && ["exchange", "sign"].includes(begin);
const WAITS = ["wait_keys", "wait_open", "wait_close", "wait_sum", "wait_count"];
const KEEPS_SEED = ["make", "exchange", "sign", "wait_open"];

/** What the page holds between steps; the key itself only until the page is left. */
let test = { alpha: page.dataset.alpha, beta: page.dataset.beta };
let signing = null; // {said, fingerprint, message}
let opening = null;

start(async () => {
  if (!globalThis.crypto?.subtle) return showStep("insecure");
  follow();
  if (!KEEPS_SEED.includes(begin)) await forgetSeed(await openOrRemember());
  if (EXCHANGES) return goOn(prepareToSign);
  if (begin === "sign") return prepareToSign({ publicKey: (await ownRecord()).publicKey });
  return showStep(begin);
});

/** An open page goes on when others have done their part; nobody is disturbed who types or reads. */
function follow() {
  if (!["make", "exchange", "sign", ...WAITS].includes(begin)) return;
  watch((head) => {
    const isShown = (name) => !find(`[data-step=${name}]`).hidden;
    const isReplaced = isMadeTogether && String(head.attempt) !== page.dataset.attempt;
    const isOther = head.state !== page.dataset.state || (head.is_added_up && isShown("wait_sum"));
    if (isShown("round")) return isReplaced ? location.reload() : goOn(prepareToSign);
    if (isOther && WAITS.some(isShown)) return location.reload();
    return null;
  });
}

/* Make */

onSubmit("[data-make]", async (typed, form) => {
  refuseBadPassphrase(typed);
  try {
    await (isMadeTogether ? makeSeed : makeKey)(typed.passphrase);
  } catch (error) {
    showStep("make");
    throw error;
  }
  form.reset();
  showStep("prove");
});

async function makeKey(passphrase) {
  const { store, root } = await unlockToRemember();
  work("making");
  await breathe();
  const group = groupNamed(page.dataset.group);
  const { x, publicKeyText } = generateTrusteeKey(group, secureRandom);
  const file = await sealKeyFile({ ballot: uuid, number: member.number, group, x }, passphrase, secureRandom);
  const { public_key } = JSON.parse(publicKeyText);
  await keepOwn(store, { publicKey: public_key });
  const said = trusteeKeyStatement(uuid, member.number, public_key);
  test = await postJson(page.dataset.key, { public_key: publicKeyText, signature: signWith(root, said) });
  page.dataset.publicKey = publicKeyText;
  saveKey({ file, paper: x.toString() });
}

onPress("[data-save-again]", saveAgain);
onPress("[data-print-paper]", printPaper);
onPress("[data-make-new]", () => showStep("make"));
onPress("[data-have-file]", () => showStep("prove"));

/* Prove: only from the file as it was saved, and never once the ballot is frozen */

onSubmit("[data-prove]", async (typed) => {
  try {
    await (isMadeTogether ? sendCertificate : openTest)(typed);
  } catch (error) {
    showStep("prove");
    throw error;
  }
  location.reload();
});

async function openTest(typed) {
  const key = await keyFrom(typed);
  await refuseOtherTests(key);
  work("trying");
  await breathe();
  await postJson(page.dataset.copy, { answer: testDecryption(key, test) });
}

/**
 * No booth locks a vote before every trustee has signed: until this device has, a test opens nobody's vote.
 * It answers a single test of a key that it made itself, the same as often as is asked.
 */
async function refuseOtherTests({ publicKey }) {
  const store = await openOrRemember();
  const own = await ownRecord();
  await refuseAfterSigning(store);
  if (own.publicKey !== publicKey) throw new Sentence("madeElsewhere");
  const isOther = own.test && (own.test.alpha !== test.alpha || own.test.beta !== test.beta);
  if (isOther) throw new Sentence("anotherTest");
  await keepOwn(store, { publicKey, test });
}

/** What this device knows of its key by itself. The page's word for it is the server's. */
let own = null;
const ownRecord = async () => own ?? (await (await openOrRemember()).get(OWN_KEY)) ?? {};

async function keepOwn(store, record) {
  own = record;
  await store.put(OWN_KEY, record);
}

/* Sign */

/** *publicKey* is the one that this device made, or read from the file; of a key made together, that of its share. */
async function prepareToSign({ publicKey, ...made }) {
  if (!publicKey) return showStep("bring");
  work("checkingTexts");
  const setup = await getJson(page.dataset.setup, { credentials: "omit" });
  await breathe();
  const { election, charter, findings } = checkElection(setup, { isUnfinished: isMadeTogether });
  if (findings.length === 0) {
    findings.push(
      ...ownFindings(election, charter, publicKey),
      ...(isMadeTogether ? settledFindings(made, setup) : []),
      ...practiceFindings(charter),
      ...(await signedFindings(election)),
    );
  }
  if (findings.length > 0) return alarm(findings);
  signing = { said: freezeStatement(setup, election, member.number), fingerprint: election.fingerprint, message: made.message };
  find("[data-full-text]").textContent = `${charter.title}\n\n${charter.text}`;
  find("[data-effect]").textContent = effectInWords(charter);
  find("[data-checked]").replaceChildren(...whatHolds(charter).map(line));
  find("[data-election-words]").textContent = headInWords(sha256Hex(setup.election));
  find("[data-sign-it]").disabled = false;
  return showStep("sign");
}

const whatHolds = ({ threshold, trustees }) => [
  text("checkedTexts"),
  text("checkedOwn"),
  isMadeTogether ? text("checkedShares", { threshold, size: trustees.length }) : text("checkedProofs"),
];

onSubmit("[data-bring]", async (typed) => {
  if (!isMadeTogether) return prepareToSign(await keyFrom(typed));
  const findings = await bringSeed(typed);
  if (findings.length > 0) return alarm(findings);
  return goOn(prepareToSign);
});

onPress("[data-sign-it]", async () => {
  const { store, root } = await unlockToRemember();
  const earlier = await signedFindings(signing); // another tab may have signed meanwhile
  if (earlier.length > 0) return alarm(earlier);
  await keepSigned(store, signing.fingerprint);
  const signature = signWith(root, signing.said);
  if (isMadeTogether) await postJson(page.dataset.finish, { message: signing.message, signature });
  else await postJson(page.dataset.sign, { signature });
  return location.reload();
});

/* Open: board first, words next, the key last */

onSubmit("[data-open]", async (typed) => {
  const key = await openingKeyFrom(typed);
  const { store, root } = await unlockToRemember();
  try {
    await checkBoard(store, root, key);
  } catch (error) {
    showStep("open");
    throw error;
  }
});

async function checkBoard(store, root, key) {
  const setup = await getJson(page.dataset.setup, { credentials: "omit" });
  const ofSetup = await setupFindings(store, root, key, setup);
  if (ofSetup.length > 0) return alarm(ofSetup);
  work("loadingBoard");
  const bytes = await fetchArchive(page.dataset.archive, move);
  const board = readBoard(bytes);
  const checkBallots = board.papers.length <= CHECKED_BALLOTS;
  const { findings } = await verifyBoard(board, { checkBallots, onProgress: sayVotes });
  if (findings.length === 0) findings.push(...boardFindings(board, setup, key));
  if (findings.length === 0) findings.push(...(await earlierFindings(store, board)));
  if (findings.length > 0) return alarm(findings);
  opening = { store, root, key, board, wereChecked: checkBallots };
  return compare(board, checkBallots);
}

/**
 * That this is the election which the trustees signed, this one among them, with the list that the tellers signed,
 * and that its time is over. Ballots say nothing of who may vote, and a list can be made to hold one voter.
 */
async function setupFindings(store, root, key, setup) {
  work("checkingTexts");
  const { election: read, charter: shown, findings: unread } = checkElection(setup);
  if (unread.length > 0) return unread;
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
  const ofKey = ownFindings(election, charter, key.publicKey);
  // What this member signed names their key, so it is the file that is another.
  if (findings.length === 0 && ofKey.length > 0) throw new Sentence("otherKeyFile");
  return [...findings, ...ofKey];
}

/** Who lost their phone since the ballot was called opens it with a new key, if the roll of today has it. */
async function rollNow(store) {
  const roll = await checkRoll(store, { address: page.dataset.roll, onProgress: sayRoll });
  return roll.findings.length === 0 ? roll : { entries: [] };
}

function boardFindings({ setup: { election, trustees, credentialsText }, tally }, setup, key) {
  const isSame = election.text === setup.election && credentialsText === setup.credentials;
  return [
    ...(tally === null ? [finding("not_tallied")] : []),
    ...(isSame && election.uuid === uuid ? [] : [finding("other_board")]),
    ...(trustees.includes(key.publicKey) ? [] : [finding("own_key")]),
  ];
}

async function earlierFindings(store, board) {
  const missing = missingHeads(board.archive, await seenHeads(store, uuid), { isOver: true });
  return [...(missing.length > 0 ? [finding("fork")] : []), ...(await openedFindings(store, board))];
}

async function openedFindings(store, { setup: { election }, tally }) {
  const opened = await store.get(OPENED);
  const isSecond = opened !== undefined && !(opened.fingerprint === election.fingerprint && opened.tally === sha256Hex(tally.text));
  return isSecond ? [finding("second_tally")] : [];
}

const tallyHash = ({ tally }) => sha256Hex(tally.text);

function compare({ tally, papers }, wereChecked) {
  const count = papers.length;
  find("[data-head-words]").textContent = headInWords(tally.event);
  find("[data-compare-note]").textContent = text(wereChecked ? "compareCount" : "compareUnchecked", { count });
  find("[data-observed]").hidden = wereChecked;
  showStep("compare");
}

/** Proofs that this browser has not checked were checked by an observer, who got the same sum from them. */
function refuseUnobserved({ board, wereChecked }) {
  if (wereChecked) return;
  const typed = find("#observed").value.trim().toLowerCase();
  if (typed === "") throw new Sentence("askObserver");
  if (typed !== tallyHash(board)) throw new Sentence("observedOther");
}

onPress("[data-stop]", () => showStep("stopped"));
onPress("[data-decrypt-it]", async () => {
  refuseUnobserved(opening);
  const { store, root, key, board } = opening;
  const { setup: { election }, tally, papers } = board;
  const earlier = await openedFindings(store, board); // another tab may have opened one meanwhile
  if (earlier.length > 0) return alarm(earlier);
  work("opening");
  await breathe();
  await store.put(OPENED, { fingerprint: election.fingerprint, tally: tallyHash(board) });
  const height = board.archive.events.findIndex(({ hash }) => hash === tally.event);
  await keepHead(store, uuid, { height, head: tally.event });
  const { text: partial, boundText } = partialDecryption(election, key.x, tally.text, secureRandom);
  const said = statement("final-head", {
    ballot: uuid,
    election_hash: election.fingerprint,
    head: tally.event,
    ballots: papers.length,
    number: member.number,
  });
  try {
    await postJson(page.dataset.decrypt, { partial_decryption: partial, bound_proofs: boundText, head_signature: signWith(root, said) });
  } catch (error) {
    showStep("compare");
    throw error;
  }
  return location.reload();
});

onPress("[data-step=wait_sum] [data-reload]", () => location.reload());

function sayVotes({ papers, allPapers, done, total }) {
  move(done, total);
  showStatus(text("checkingVotes", { done: papers, total: allPapers }));
}
