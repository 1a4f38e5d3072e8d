/**
 * A trustee: makes a key, alone or together with the others, and signs the frozen ballot. After the close mixes its votes
 * where they are ranked or graded, and opens them, or their total, on a board that this browser checked.
 */

import { secureRandom, sha256Hex } from "../core/bytes.js";
import { groupNamed } from "../core/groups.js";
import { trusteeKeyStatement } from "../core/keymaking.js";
import { checkElection, freezeStatement } from "../core/setup.js";
import { generateTrusteeKey, sealKeyFile, testDecryption } from "../core/trusteekey.js";
import { effectInWords } from "./_ballots/effect.js";
import { showMandate } from "./_ballots/mandate.js";
import { openOrRemember } from "./_ballots/device.js";
import { bringSeed, forgetSeed, goOn, makeSeed, sendCertificate, settledFindings, watch } from "./_ballots/exchange.js";
import { line } from "./_ballots/findings.js";
import {
  alarm,
  isMadeTogether,
  keepSigned,
  keyFrom,
  member,
  ownFindings,
  page,
  printPaper,
  refuseAfterSigning,
  refuseBadPassphrase,
  saveAgain,
  saveKey,
  signedFindings,
  unlockToRemember,
  uuid,
  work,
} from "./_ballots/keyholder.js";
import { handInFile, mixVotes } from "./_ballots/mixing.js";
import { checkToOpen, openIt } from "./_ballots/opening.js";
import { practiceFindings } from "./_ballots/practice.js";
import { signWith } from "./_ballots/signing.js";
import { getJson, postJson } from "./_shared/http.js";
import { breathe, find, onPress, onSubmit, Sentence, showStep, start, text } from "./_shared/page.js";
import { headInWords } from "./_shared/words.js";

const { begin } = page.dataset;
const OWN_KEY = `trustee-key/${uuid}`; // {publicKey, test}: what this device made, and the one test it answered
const EXCHANGES = isMadeTogether && ["exchange", "sign"].includes(begin);
const WAITS = ["wait_keys", "wait_open", "wait_close", "wait_sum", "wait_mix", "wait_count"];
const KEEPS_SEED = ["make", "exchange", "sign", "wait_open"];

/** What the page holds between steps; the key itself only until the page is left. */
let test = { alpha: page.dataset.alpha, beta: page.dataset.beta };
let signing = null; // {said, fingerprint, message}

start(async () => {
  if (!globalThis.crypto?.subtle) return showStep("insecure");
  follow();
  if (isMadeTogether && !KEEPS_SEED.includes(begin)) await forgetSeed(await openOrRemember());
  if (EXCHANGES) return goOn(prepareToSign);
  if (begin === "sign") return prepareToSign({ publicKey: (await ownRecord()).publicKey });
  return showStep(begin);
});

/** An open page goes on when others have done their part; nobody is disturbed who types or reads. */
function follow() {
  if (!["make", "exchange", "sign", ...WAITS].includes(begin)) return;
  watch((head) => {
    const isShown = (name) => document.querySelector(`[data-step=${name}]`)?.hidden === false;
    const isReplaced = isMadeTogether && String(head.attempt) !== page.dataset.attempt;
    const isNext = (head.is_added_up && isShown("wait_sum")) || (head.is_mixed && isShown("wait_mix"));
    const isOther = head.state !== page.dataset.state || isNext;
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
  showMandate(charter);
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

/* Mix: takes no key */

const unlessChecked = (deed, step) => async (typed) => {
  try {
    await deed(typed);
  } catch (error) {
    showStep(step);
    throw error;
  }
};

onPress("[data-mix]", unlessChecked(mixVotes, "mix"));
onSubmit("[data-mixed]", unlessChecked(handInFile, "mix"));

/* Open: board first, words next, the key last */

onSubmit("[data-open]", unlessChecked(checkToOpen, "open"));
onPress("[data-stop]", () => showStep("stopped"));
onPress("[data-decrypt-it]", openIt);

for (const name of ["wait_sum", "wait_mix"]) onPress(`[data-step=${name}] [data-reload]`, () => location.reload());
