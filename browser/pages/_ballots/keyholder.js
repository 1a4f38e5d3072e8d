/**
 * What all steps of a trustee's page share: whose page it is, what this device knows of the trustee's key, and how it
 * is read from the file or the paper. The page's word for any of it is the server's.
 */

import { ceremonyOf, openShare } from "../../core/ceremony.js";
import { groupNamed } from "../../core/groups.js";
import { ceremonyName, verificationIn } from "../../core/keymaking.js";
import { finding, Refused } from "../../core/refusal.js";
import { keyFromPaper, keyFromPaperSeed, openKeyFile, withShare } from "../../core/trusteekey.js";
import { StorageRefused } from "../../elements/device-store.js";
import { find, saveFile, Sentence, showStatus, showStep, text } from "../_shared/page.js";
import { memberOf, openOrRemember, unlock } from "./device.js";
import { listFindings } from "./findings.js";

export const page = find("[data-trustee]");
export const { uuid } = page.dataset;
export const member = memberOf(page);

/** Whether the trustees make one key together, of which some are enough. */
export const isMadeTogether = "threshold" in page.dataset;

const FEWEST_CHARACTERS = 12;
const SIGNED = `signed-freeze/${uuid}`; // φ of the election that this device signed

/* The passphrase and the file */

export function refuseBadPassphrase({ passphrase, again }) {
  if (passphrase.length < FEWEST_CHARACTERS) throw new Sentence("passphraseShort");
  if (passphrase !== again) throw new Sentence("passphraseDiffers");
}

/** What was made and is not shown again once the page is left: {file, paper}, both texts. */
let saved = null;

export function saveKey(made) {
  saved = made;
  saveAgain();
  find("[data-paper-offer]").hidden = false;
}

export const saveAgain = () => saveFile(`${text("fileName")}-${uuid}.json`, saved.file);

export function printPaper() {
  find("[data-paper-number]").textContent = saved.paper.replace(/(.{5})(?=.)/g, "$1 ");
  print();
}

/** The key in the file or on the paper, which must be for this ballot. */
export async function keyFrom({ file, passphrase, paper = "" }) {
  try {
    const key = paper.trim() === "" ? await fromFile(file, passphrase) : fromPaper(paper);
    if (key.ballot !== uuid || (key.own !== undefined) !== isMadeTogether) throw new Sentence("otherKeyFile");
    if (isMadeTogether && key.own.ceremony.id !== ceremonyHere().id) throw new Sentence("oldKeyFile");
    return key;
  } catch (error) {
    throw error instanceof Refused ? new Sentence(sentenceOf(error, paper)) : error;
  }
}

/** The same with the number that opens the count: of a key made together, the share that was sealed at its end. */
export async function openingKeyFrom(typed) {
  const key = await keyFrom(typed);
  if (key.x !== null) return key;
  if (!page.dataset.keyMessage) throw new Sentence("noShareYet");
  try {
    return withShare(key, await openShare(key.own, page.dataset.keyMessage));
  } catch (error) {
    throw error instanceof Refused ? new Sentence("otherKeyFile") : error;
  }
}

async function fromFile(file, passphrase) {
  if (!(file instanceof File) || file.size === 0 || passphrase === "") throw new Sentence("chooseFile");
  return openKeyFile((await file.text()).trim(), passphrase);
}

const fromPaper = (paper) => (isMadeTogether ? keyFromPaperSeed(aboutSeed(), paper) : keyFromPaper(aboutKey(), paper));

const aboutKey = () => ({
  ballot: uuid,
  number: member.number,
  group: page.dataset.group,
  public_key: JSON.parse(page.dataset.publicKey).public_key,
});

function aboutSeed() {
  if (!page.dataset.certificateMessage) throw new Refused("other_key");
  const { id, group, size, threshold } = ceremonyHere();
  return {
    ballot: uuid,
    number: member.number,
    ceremony: { id, group: group.name, size, threshold, index: Number(page.dataset.index) },
    verification: verificationIn(page.dataset.certificateMessage),
  };
}

/** The ceremony that this page is for; nothing of it is trusted before it stands in what the trustees signed. */
export function ceremonyHere() {
  const { attempt, group, size, threshold } = page.dataset;
  return ceremonyOf({
    id: ceremonyName(uuid, attempt),
    group: groupNamed(group),
    size: Number(size),
    threshold: Number(threshold),
  });
}

function sentenceOf({ check }, paper) {
  if (paper.trim() !== "") return "wrongPaper";
  return check === "wrong_passphrase" ? "wrongPassphrase" : "notAKeyFile";
}

/* What this device remembers */

/** A trustee's device must know later what it has made, signed and opened. */
export async function unlockToRemember() {
  const unlocked = await unlock(member);
  if (!unlocked.store.lasting) throw new StorageRefused();
  return unlocked;
}

/** A trustee signs one election a ballot, and opens no other. */
export async function signedFindings({ fingerprint }) {
  const signed = await (await openOrRemember()).get(SIGNED);
  return signed === undefined || signed === fingerprint ? [] : [finding("other_signed")];
}

export const keepSigned = (store, fingerprint) => store.put(SIGNED, fingerprint);

/** Whoever has signed makes no key and takes no test any more. */
export async function refuseAfterSigning(store) {
  if (await store.get(SIGNED)) throw new Sentence("frozenAlready");
}

/** Whether the trustee stands in the charter, and with this very key. */
export function ownFindings(election, charter, publicKey) {
  const named = charter.trustees.find(({ number }) => number === member.number);
  const isOwn = named?.public_key === publicKey;
  return [
    ...(election.uuid === uuid ? [] : [finding("other_ballot")]),
    ...(named ? [] : [finding("own_number")]),
    ...(isOwn ? [] : [finding("own_key")]),
  ];
}

/* Long work and what stops it */

export function alarm(findings) {
  listFindings(findings);
  showStep("alarm");
}

export function work(name) {
  find("[data-working]").textContent = text(name);
  showStatus("");
  find("[data-step=working] [data-bar]").removeAttribute("value");
  showStep("working");
}

export function move(done, total) {
  const bar = find("[data-step=working] [data-bar]");
  bar.max = total;
  bar.value = done;
}

export function sayRoll(done, total) {
  move(done, total);
  showStatus(text("checkingRoll", { done, total }));
}
