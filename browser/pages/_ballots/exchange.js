/**
 * A trustee's part in a key that is made together: three rounds, which an open page goes through by itself. Between
 * them this device keeps the seed, sealed; on another device the saved file brings it.
 */

import { secureRandom, sha256Hex } from "../../core/bytes.js";
import {
  CeremonyRefused,
  certificateMessage,
  coefficientsMessage,
  keyMessage,
  participantOf,
  readCertificates,
} from "../../core/ceremony.js";
import { faultsOfMakers, isSettledAs, placesOfWrongShares, trusteeKeyStatement } from "../../core/keymaking.js";
import { memberKey } from "../../core/memberkeys.js";
import { newSeed } from "../../core/pki.js";
import { finding, Refused } from "../../core/refusal.js";
import { memberKeyOn, rollOn } from "../../core/roll.js";
import { checkRollOf } from "../../core/setup.js";
import { sealSeedFile } from "../../core/trusteekey.js";
import { getJson, postJson } from "../_shared/http.js";
import { breathe, find, paragraph, Sentence, showStep, start, text } from "../_shared/page.js";
import { line } from "./findings.js";
import {
  alarm,
  ceremonyHere,
  keyFrom,
  member,
  page,
  refuseAfterSigning,
  saveKey,
  sayRoll,
  unlockToRemember,
  uuid,
  work,
} from "./keyholder.js";
import { rollFor } from "./roll.js";
import { signWith } from "./signing.js";

const SEED = `trustee-seed/${uuid}`; // sealed: the text "<ceremony> <seed>"
const ANSWERED = `answered-round/${uuid}`; // {id, certificates}: the first round that this device has sent shares for

/* First round: from the file as it was saved */

/** A fresh seed, saved as a file under the passphrase; it leaves the page's memory with that. */
export async function makeSeed(passphrase) {
  const { store } = await unlockToRemember();
  await refuseAfterSigning(store);
  work("making");
  await breathe();
  const own = participantOf(ceremonyHere(), Number(page.dataset.index), newSeed(secureRandom));
  const file = await sealSeedFile({ ballot: uuid, number: member.number, own }, passphrase, secureRandom);
  saveKey({ file, paper: own.seed });
}

/**
 * The certificate is made from the file alone, so that it is there only when the file works. No test is opened with it:
 * the others' shares will be sealed to its key.
 */
export async function sendCertificate(typed) {
  const { own } = await keyFrom(typed);
  const { store, root } = await unlockToRemember();
  await refuseAfterSigning(store);
  work("trying");
  await breathe();
  const { group } = own.ceremony;
  const said = trusteeKeyStatement(uuid, member.number, group.text(group.powerGenerator(own.sk)));
  await postJson(page.dataset.certificate, { message: certificateMessage(own), signature: signWith(root, said) });
  await keepSeed(store, own);
}

const keepSeed = (store, { ceremony, seed }) => store.putSealed(SEED, `${ceremony.id} ${seed}`);

/** Another device, or one that lost it, has the seed from the file or the paper. What is wrong with the page's word. */
export async function bringSeed(typed) {
  const { own } = await keyFrom(typed);
  if (!isPlaceHere(own)) return [finding("ceremony_other_story")];
  if (!isOfThisTrustee(own, await getJson(page.dataset.material))) throw new Sentence("olderKeyFile");
  const { store } = await unlockToRemember();
  await keepSeed(store, own);
  return [];
}

/** The file knows how many trustees there were to be, and how many were to be enough. */
function isPlaceHere({ ceremony, index }) {
  const { group, size, threshold } = ceremonyHere();
  const isSame = ceremony.group.name === group.name && ceremony.size === size && ceremony.threshold === threshold;
  return isSame && String(index) === page.dataset.index;
}

/** A trustee may have made another key meanwhile, on another device. */
const isOfThisTrustee = (own, told) => certificateMessage(own) === told.own.certificate_message;

/** Nothing needs it any more. */
export const forgetSeed = (store) => store.remove(SEED);

async function keptParticipant(store, told) {
  const [id, seed] = ((await store.getSealed(SEED)) ?? "").split(" ");
  const ceremony = ceremonyHere();
  if (id !== ceremony.id) return null;
  const own = participantOf(ceremony, Number(page.dataset.index), seed);
  return isOfThisTrustee(own, told) ? own : null;
}

/* The rounds after it */

/**
 * Does what can be done now, and shows what is waited for. Once the ballot is frozen, *sign* goes on with what the
 * third round gives: {message, publicKey, parameters}.
 */
export async function goOn(sign) {
  const told = await getJson(page.dataset.material);
  if (String(told.attempt) !== page.dataset.attempt) throw new Sentence("beganAgain");
  if (!["announced", "frozen"].includes(told.state)) return location.reload();
  if (told.certificates === null) return showRound(1, told);
  if (told.state === "announced" && told.own.coefficients_message !== null) return showRound(2, told);
  const { store, root } = await unlockToRemember();
  const own = await keptParticipant(store, told);
  if (own === null) return showStep("bring");
  const findings = await faultsOfFirstRound(store, root, own, told);
  if (findings.length > 0) return alarm(findings);
  try {
    return await (told.state === "frozen" ? openShares(own, told, sign) : sendShares(store, own, told, sign));
  } catch (error) {
    if (!(error instanceof CeremonyRefused)) throw error;
    return refuse(error.findings, told);
  }
}

async function sendShares(store, own, told, sign) {
  work("exchanging");
  await breathe();
  const message = await coefficientsMessage(own, told.certificates);
  await store.put(ANSWERED, { id: own.ceremony.id, certificates: hashOf(told.certificates) });
  try {
    await postJson(page.dataset.coefficients, { message });
  } catch (error) {
    if (!(await areSharesSent())) throw error;
  }
  return goOn(sign);
}

/** A page that was left in the middle may have sent them, and all may have gone on meanwhile. */
const areSharesSent = async () => (await getJson(page.dataset.material)).own.coefficients_message !== null;

async function openShares(own, told, sign) {
  work("openingShares");
  await breathe();
  const { group } = own.ceremony;
  const { text: message, share, parameters } = await keyMessage(own, told.certificates, told.coefficients);
  return sign({ message, parameters, publicKey: group.text(group.powerGenerator(share)), own });
}

/**
 * Who would read this trustee's shares: every certificate is signed by the member in whose place it stands, by keys on
 * the roll that this device checked. And the same ones as ever: shares for two lists of certificates tell the whole key.
 */
async function faultsOfFirstRound(store, root, own, { certificates, makers, charter }) {
  work("checkingTexts");
  const { roll: address, rollParts: parts } = page.dataset;
  const { ceremony } = own;
  const { group } = ceremony;
  const roll = await rollFor(store, { address, parts, uuid, charter, group: group.name, number: member.number }, sayRoll);
  const onTheDay = rollOn(roll, charter.roll.day);
  const isOwnEntry = memberKeyOn(roll, member.number, charter.roll.day) === memberKey(root);
  const answered = await store.get(ANSWERED);
  const isOther = answered?.id === ceremony.id && answered.certificates !== hashOf(certificates);
  return [
    ...checkRollOf(charter, onTheDay),
    ...(roll.isForked ? [finding("roll_forked")] : []),
    ...(isOwnEntry ? [] : [finding("own_entry")]),
    ...(makers[own.index - 1]?.number === member.number ? [] : [finding("own_number")]),
    ...faultsOfMessages(ceremony, certificates, makers, onTheDay),
    ...(isOther ? [finding("ceremony_other_story")] : []),
  ];
}

function faultsOfMessages(ceremony, certificates, makers, roll) {
  try {
    return faultsOfMakers(ceremony.group, uuid, readCertificates(ceremony, certificates), makers, roll);
  } catch (error) {
    if (error instanceof CeremonyRefused) return error.findings;
    if (error instanceof Refused) return [error.finding];
    throw error;
  }
}

const hashOf = (texts) => sha256Hex(texts.join("\n"));

/** What only this trustee can see is told to the others; what the server did, to this one alone. */
async function refuse(findings, { makers }) {
  const positions = placesOfWrongShares(findings);
  if (positions === null) return alarm(findings);
  const sentences = positions.map((position) => text("wrongShare", { number: makers[position - 1].number }));
  find("[data-wrong-shares]").replaceChildren(...sentences.map(line));
  showStep("shares");
  return postJson(page.dataset.refuse, { positions });
}

/** The frozen election rests on what this trustee took part in. */
export const settledFindings = ({ parameters }, setup) =>
  isSettledAs(parameters, setup.trustees) ? [] : [finding("ceremony_settled")];

/* Waiting, with the page open */

function showRound(round, { missing }) {
  for (const step of document.querySelectorAll("[data-round]")) {
    if (Number(step.dataset.round) === round) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  find("[data-round-missing]").replaceChildren(...missing.map(paragraph));
  if (find("[data-step=round]").hidden) showStep("round");
}

/** Calls *again*, never twice at once, whenever the server has something new, as long as the page waits. */
export function watch(again) {
  const source = new EventSource(page.dataset.live);
  let seen = null;
  let running = Promise.resolve();
  source.addEventListener("message", ({ data }) => {
    if (data === seen) return;
    seen = data;
    running = running.catch(() => {}).then(() => again(JSON.parse(data)));
    start(() => running);
  });
  const sayAlone = (isAlone) => () => {
    const notice = document.querySelector("[data-round-alone]");
    if (notice) notice.hidden = !isAlone;
  };
  source.addEventListener("open", sayAlone(false));
  source.addEventListener("error", sayAlone(true));
  // Whoever is on the way to another page is not brought back here.
  addEventListener("beforeunload", () => source.close());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}
