/**
 * A trustee: makes a key, proves that the saved copy works, signs the frozen ballot, and opens the total of a board that
 * this browser checked. The key is never used for a second total of the same ballot.
 */

import { secureRandom, sha256Hex } from "../core/bytes.js";
import { readBoard, verifyBoard } from "../core/board.js";
import { partialDecryption } from "../core/decryption.js";
import { groupNamed } from "../core/groups.js";
import { finding, Refused } from "../core/refusal.js";
import { checkElection, freezeStatement } from "../core/setup.js";
import { statement } from "../core/statements.js";
import { generateTrusteeKey, keyFromPaper, openKeyFile, sealKeyFile, testDecryption } from "../core/trusteekey.js";
import { StorageRefused } from "../elements/device-store.js";
import { memberOf, openOrRemember, unlock } from "./_ballots/device.js";
import { line, listFindings } from "./_ballots/findings.js";
import { fetchArchive, seenHeads, missingHeads } from "./_ballots/heads.js";
import { signWith } from "./_ballots/signing.js";
import { headInWords } from "./_ballots/words.js";
import { getJson, postJson } from "./_shared/http.js";
import { breathe, find, onPress, onSubmit, saveFile, Sentence, showStatus, showStep, start, text } from "./_shared/page.js";

const page = find("[data-trustee]");
const { uuid, begin } = page.dataset;
const member = memberOf(page);
const CHECKED_BALLOTS = 2_000; // up to here every vote is checked in the browser
const FEWEST_CHARACTERS = 12;
const SIGNED = `signed-freeze/${uuid}`;
const openedKey = ({ fingerprint }) => `opened-tally/${fingerprint}`;

/** What the page holds between steps; the key itself only until the page is left. */
let test = { alpha: page.dataset.alpha, beta: page.dataset.beta };
let saved = null;
let signing = null;
let opening = null;

start(async () => {
  if (begin === "sign") await prepareToSign();
  else showStep(begin);
});

/* Make */

onSubmit("[data-make]", async ({ passphrase, again }, form) => {
  if (passphrase.length < FEWEST_CHARACTERS) throw new Sentence("passphraseShort");
  if (passphrase !== again) throw new Sentence("passphraseDiffers");
  const { root } = await unlock(member);
  work("making");
  await breathe();
  const group = groupNamed(page.dataset.group);
  const { x, publicKeyText } = generateTrusteeKey(group, secureRandom);
  saved = { x, file: await sealKeyFile({ ballot: uuid, number: member.number, group, x }, passphrase, secureRandom) };
  const { public_key } = JSON.parse(publicKeyText);
  const said = statement("trustee-key", { ballot: uuid, number: member.number, public_key });
  try {
    test = await postJson(page.dataset.key, { public_key: publicKeyText, signature: signWith(root, said) });
  } catch (error) {
    showStep("make");
    throw error;
  }
  page.dataset.publicKey = publicKeyText;
  form.reset();
  saveKeyFile();
  find("[data-paper-offer]").hidden = false;
  showStep("prove");
});

const saveKeyFile = () => saveFile(`${text("fileName")}-${uuid}.json`, saved.file);

onPress("[data-save-again]", saveKeyFile);
onPress("[data-print-paper]", () => {
  find("[data-paper-number]").textContent = inGroups(saved.x.toString());
  print();
});
onPress("[data-make-new]", () => showStep("make"));

const inGroups = (digits) => digits.replace(/(\d{5})(?=\d)/g, "$1 ");

/* Prove: only from the file as it was saved, and never once the ballot is frozen */

onSubmit("[data-prove]", async ({ file, passphrase }) => {
  const key = await keyFrom({ file, passphrase });
  await refuseIfSigned();
  work("trying");
  await breathe();
  try {
    await postJson(page.dataset.copy, { answer: testDecryption(key, test) });
  } catch (error) {
    showStep("prove");
    throw error;
  }
  location.reload();
});

/** No booth locks a vote before every trustee has signed: until this device has, a test opens nobody's vote. */
async function refuseIfSigned() {
  const store = await openOrRemember();
  if (await store.get(SIGNED)) throw new Sentence("frozenAlready");
}

async function keyFrom({ file, passphrase, paper = "" }) {
  try {
    const key = paper.trim() === "" ? await fromFile(file, passphrase) : keyFromPaper(ownKey(), paper);
    if (key.ballot !== uuid || key.publicKey !== ownKey().public_key) throw new Sentence("otherKeyFile");
    return key;
  } catch (error) {
    throw error instanceof Refused ? new Sentence(sentenceOf(error, paper)) : error;
  }
}

async function fromFile(file, passphrase) {
  if (!(file instanceof File) || file.size === 0 || passphrase === "") throw new Sentence("chooseFile");
  return openKeyFile((await file.text()).trim(), passphrase);
}

const ownKey = () => ({
  ballot: uuid,
  number: member.number,
  group: page.dataset.group,
  public_key: JSON.parse(page.dataset.publicKey).public_key,
});

function sentenceOf({ check }, paper) {
  if (paper.trim() !== "") return "wrongPaper";
  return check === "wrong_passphrase" ? "wrongPassphrase" : "notAKeyFile";
}

/* Sign */

async function prepareToSign() {
  work("checkingTexts");
  const setup = await getJson(page.dataset.setup, { credentials: "omit" });
  await breathe();
  const { election, charter, findings } = checkElection(setup);
  if (findings.length === 0) findings.push(...ownFindings(election, charter));
  if (findings.length > 0) return alarm(findings);
  signing = freezeStatement(setup, election, member.number);
  find("[data-full-text]").textContent = `${charter.title}\n\n${charter.text}`;
  find("[data-checked]").replaceChildren(...["checkedTexts", "checkedOwn", "checkedProofs"].map((name) => line(text(name))));
  find("[data-election-words]").textContent = headInWords(sha256Hex(setup.election));
  find("[data-sign-it]").disabled = false;
  return showStep("sign");
}

function ownFindings(election, charter) {
  const named = charter.trustees.find(({ number }) => number === member.number);
  const isOwn = named?.public_key === ownKey().public_key;
  return [
    ...(election.uuid === uuid ? [] : [finding("other_ballot")]),
    ...(named ? [] : [finding("own_number")]),
    ...(isOwn ? [] : [finding("own_key")]),
  ];
}

onPress("[data-sign-it]", async () => {
  const { store, root } = await unlock(member);
  await store.put(SIGNED, true);
  await postJson(page.dataset.sign, { signature: signWith(root, signing) });
  location.reload();
});

/* Open: board first, words next, the key last */

onSubmit("[data-open]", async (typed) => {
  const key = await keyFrom(typed);
  const { store, root } = await unlock(member);
  if (!store.lasting) throw new StorageRefused();
  try {
    await checkBoard(store, root, key);
  } catch (error) {
    showStep("open");
    throw error;
  }
});

async function checkBoard(store, root, key) {
  work("loadingBoard");
  const setup = await getJson(page.dataset.setup, { credentials: "omit" });
  const bytes = await fetchArchive(page.dataset.archive, move);
  const findings = [];
  const read = checkElection(setup);
  findings.push(...read.findings);
  const checkBallots = isSmall(bytes);
  const { board, ...report } = await verifyBoard(bytes, { checkBallots, onProgress: sayVotes });
  findings.push(...report.findings);
  if (findings.length === 0) findings.push(...boardFindings(board, setup, key), ...(await earlierFindings(store, board)));
  if (findings.length > 0) return alarm(findings);
  opening = { store, root, key, board };
  return compare(board, checkBallots);
}

/** Whether the board is read at all, and holds no more votes than a browser checks in a minute or two. */
function isSmall(bytes) {
  try {
    return readBoard(bytes).ballots.length <= CHECKED_BALLOTS;
  } catch (error) {
    if (error instanceof Refused) return true; // verifyBoard says what is wrong
    throw error;
  }
}

function boardFindings(board, setup, key) {
  const isSame = board.election.text === setup.election && board.credentialsText === setup.credentials;
  return [
    ...(board.tally === null ? [finding("not_tallied")] : []),
    ...(isSame && board.election.uuid === uuid ? [] : [finding("other_election")]),
    ...(board.trustees.includes(key.publicKey) ? [] : [finding("own_key")]),
  ];
}

async function earlierFindings(store, board) {
  const missing = missingHeads(board.archive, await seenHeads(store, uuid), { isOver: true });
  const opened = await store.get(openedKey(board.election));
  const isSecond = opened !== undefined && opened !== sha256Hex(board.tally.text);
  return [...(missing.length > 0 ? [finding("fork")] : []), ...(isSecond ? [finding("second_tally")] : [])];
}

function compare({ tally, ballots }, wereChecked) {
  const count = ballots.length;
  const hash = sha256Hex(tally.text);
  find("[data-head-words]").textContent = headInWords(tally.event);
  find("[data-compare-note]").textContent = wereChecked ? text("compareCount", { count }) : text("compareUnchecked", { count, hash });
  showStep("compare");
}

onPress("[data-stop]", () => showStep("stopped"));
onPress("[data-decrypt-it]", async () => {
  const { store, root, key, board } = opening;
  const { election, tally, ballots } = board;
  work("opening");
  await breathe();
  await store.put(openedKey(election), sha256Hex(tally.text));
  const { text: partial, boundText } = partialDecryption(election, key.x, tally.text, secureRandom);
  const said = statement("final-head", {
    ballot: uuid,
    election_hash: election.fingerprint,
    head: tally.event,
    ballots: ballots.length,
    number: member.number,
  });
  try {
    await postJson(page.dataset.decrypt, { partial_decryption: partial, bound_proofs: boundText, head_signature: signWith(root, said) });
  } catch (error) {
    showStep("compare");
    throw error;
  }
  location.reload();
});

onPress("[data-step=wait_sum] [data-reload]", () => location.reload());

function alarm(findings) {
  listFindings(findings);
  showStep("alarm");
}

function work(name) {
  find("[data-working]").textContent = text(name);
  showStatus("");
  find("[data-step=working] [data-bar]").removeAttribute("value");
  showStep("working");
}

function move(done, total) {
  const bar = find("[data-step=working] [data-bar]");
  bar.max = total;
  bar.value = done;
}

function sayVotes(done, total) {
  move(done, total);
  showStatus(text("checkingVotes", { done, total }));
}
