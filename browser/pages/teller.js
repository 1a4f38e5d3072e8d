/** A teller: the roll verified, every voter's key worked out again, the list compared and signed. */

import { fromHex, sha256Hex } from "../core/bytes.js";
import { canonical } from "../core/canonical.js";
import { slipsOf } from "../core/charter.js";
import { recomputeCredentials } from "../core/credentials.js";
import { finding } from "../core/refusal.js";
import { entitled, rollOn } from "../core/roll.js";
import { isTooLongForBrowsers } from "../core/rollparts.js";
import { auditStatement, checkElection, checkRollOf, checkSlips, slipKeysOf } from "../core/setup.js";
import { memberOf, unlock } from "./_ballots/device.js";
import { line, listFindings } from "./_ballots/findings.js";
import { practiceFindings } from "./_ballots/practice.js";
import { rollAt, rollFor } from "./_ballots/roll.js";
import { signWith } from "./_ballots/signing.js";
import { faultsOfOwnSlips } from "./_ballots/slips.js";
import { getJson, postJson } from "./_shared/http.js";
import { breathe, find, onPress, onSubmit, saveFile, Sentence, showStatus, showStep, start, text } from "./_shared/page.js";
import { headInWords } from "./_shared/words.js";

const page = find("[data-teller]");
const { uuid, begin } = page.dataset;
const member = memberOf(page);

/** What was checked and is ready to be signed: {root, said}; *found* is for a program to look at first. */
let checked = null;
let found = null;

start(() => showStep(begin));

onPress("[data-audit]", async () => {
  const { store, root } = await unlock(member);
  showStep("working");
  const [material, setup] = await Promise.all([getJson(page.dataset.material), getJson(page.dataset.setup, { credentials: "omit" })]);
  const { findings, election, charter, voters } = await audit(store, material, setup);
  if (findings.length > 0) {
    listFindings(findings);
    showStep("alarm");
    return;
  }
  const said = auditStatement(setup, election, charter, member.number);
  if (voters === null) return askProgram({ root, said, setup, charter, material });
  checked = { root, said };
  return showWhatHolds(setup, charter, voters.length);
});

/* A list too long for browsers: a program of the teller's recomputes it, and its code says what it found */

function askProgram(asked) {
  found = asked;
  find("[data-too-many]").textContent = text("tooMany", { count: asked.charter.roll.entitled });
  showStep("program");
}

onPress("[data-save-material]", () => saveFile("teller.json", JSON.stringify(found.material)));

onSubmit("[data-code]", ({ code }) => {
  const { root, said, setup, charter } = found;
  if (code.trim().toLowerCase() !== sha256Hex(canonical(said))) throw new Sentence("otherCode");
  checked = { root, said };
  showWhatHolds(setup, charter, charter.roll.entitled);
});

async function audit(store, material, setup) {
  const { election, charter, findings } = checkElection(setup, { isUnfinished: true });
  if (findings.length > 0) return { findings };
  if (election.uuid !== uuid) return { findings: [finding("other_ballot")] };
  const ofPractice = practiceFindings(charter);
  if (ofPractice.length > 0) return { findings: ofPractice };
  const { roll: address, rollParts: parts } = page.dataset;
  const isTooLong = isTooLongForBrowsers(charter);
  const asked = { address, parts, uuid, charter, position: charter.roll.position, group: election.group.name, number: member.number };
  const roll = await (isTooLong ? rollFor : rollAt)(store, asked, sayProgress("checkingRoll"));
  const ofRoll = [...checkRollOf(charter, roll), ...(roll.isForked ? [finding("roll_forked")] : [])];
  const ofSlips = [...checkSlips(setup, election, charter, rollOn(roll, charter.roll.day)), ...(await faultsOfOwnSlips(store, uuid, charter))];
  if (ofRoll.length + ofSlips.length > 0) return { findings: [...ofRoll, ...ofSlips] };
  if (isTooLong) return { findings, election, charter, voters: null };
  const voters = entitled(roll, charter.roll.day);
  const keyTexts = voters.map(({ keys }) => keys.credentials[election.group.name]);
  const recomputed = await recomputeCredentials(election.group, uuid, fromHex(material.k, 32), keyTexts, {
    slips: slipKeysOf(setup),
    onProgress: sayProgress("checkingKeys"),
  });
  const isSame = recomputed === setup.credentials;
  return { findings: isSame ? [] : [finding("credentials_changed")], election, charter, voters };
}

const sayProgress = (name) => (done, total) => {
  const bar = find("[data-bar]");
  bar.max = total;
  bar.value = done;
  showStatus(text(name, { done, total }));
};

function showWhatHolds(setup, charter, count) {
  const slips = slipsOf(charter);
  find("[data-holds-heading]").textContent = text(slips > 0 ? "holdsWithSlips" : "holds", { count, slips });
  const sentences = [
    text("checkedRoll"),
    text("checkedEntitled", { count, day: charter.roll.day }),
    ...(charter.slips ?? []).map(({ count: made, number }) => text("checkedSlips", { count: made, number })),
    text("checkedKeys"),
    text("checkedCharter"),
  ];
  find("[data-checked]").replaceChildren(...sentences.map(line));
  find("[data-list-words]").textContent = headInWords(sha256Hex(setup.credentials));
  showStep("sign");
}

onPress("[data-sign-it]", async () => {
  await breathe();
  await postJson(page.dataset.sign, { signature: signWith(checked.root, checked.said) });
  location.reload();
});
