/** A teller: the roll verified, every voter's key worked out again, the list compared and signed. */

import { fromHex, sha256Hex } from "../core/bytes.js";
import { slipsOf } from "../core/charter.js";
import { recomputeCredentials } from "../core/credentials.js";
import { finding } from "../core/refusal.js";
import { entitled, rollOn } from "../core/roll.js";
import { auditStatement, checkElection, checkRollOf, checkSlips, slipKeysOf } from "../core/setup.js";
import { memberOf, unlock } from "./_ballots/device.js";
import { line, listFindings } from "./_ballots/findings.js";
import { rollAt } from "./_ballots/roll.js";
import { signWith } from "./_ballots/signing.js";
import { missingSlips } from "./_ballots/slips.js";
import { getJson, postJson } from "./_shared/http.js";
import { breathe, find, onPress, showStatus, showStep, start, text } from "./_shared/page.js";
import { headInWords } from "./_shared/words.js";

const page = find("[data-teller]");
const { uuid, begin } = page.dataset;
const member = memberOf(page);

/** What was checked and is ready to be signed: {root, said}. */
let checked = null;

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
  checked = { root, said: auditStatement(setup, election, charter, member.number) };
  showWhatHolds(setup, charter, voters);
});

async function audit(store, material, setup) {
  const { election, charter, findings } = checkElection(setup);
  if (findings.length > 0) return { findings };
  if (election.uuid !== uuid) return { findings: [finding("other_ballot")] };
  const roll = await rollAt(store, { address: page.dataset.roll, uuid, position: charter.roll.position, group: election.group.name }, sayProgress("checkingRoll"));
  const ofRoll = [...checkRollOf(charter, roll), ...(roll.isForked ? [finding("roll_forked")] : [])];
  const ofSlips = [...checkSlips(setup, election, charter, rollOn(roll, charter.roll.day)), ...(await missingSlips(store, uuid, charter))];
  if (ofRoll.length + ofSlips.length > 0) return { findings: [...ofRoll, ...ofSlips] };
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

function showWhatHolds(setup, charter, voters) {
  const count = voters.length;
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
