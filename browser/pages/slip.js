/**
 * The booth for whoever holds a paper slip: any phone, no account. Nothing is kept when the page closes.
 *
 * The trap: this phone may be a member's. What it keeps for that member is neither read nor written here.
 */

import { Refused, finding } from "../core/refusal.js";
import { checkSetupForSlip } from "../core/setup.js";
import { slipsOf, votersOf } from "../core/charter.js";
import { parseSlipCode, slipScalar } from "../core/slips.js";
import { alarm, booth, goOn } from "./_ballots/booth.js";
import { line } from "./_ballots/findings.js";
import { receiptKey } from "./_ballots/heads.js";
import { memory } from "./_ballots/memory.js";
import { practiceFindings } from "./_ballots/practice.js";
import { getJson } from "./_shared/http.js";
import { breathe, find, onPress, onSubmit, saveFile, Sentence, showStatus, showStep, start, takeFragment, text } from "./_shared/page.js";

const { uuid, committee } = booth.dataset;
const store = memory();

start(async () => {
  if ("shut" in booth.dataset) return;
  showStep("code");
  await enterScanned();
});

/** A slip that is scanned while this page asks for a code comes as a new fragment of the same page. */
addEventListener("hashchange", () => {
  if (!find('[data-step="code"]').hidden) start(enterScanned);
});

/** The code in a slip's picture stands after the #: it never reaches the server. */
async function enterScanned() {
  const scanned = takeFragment();
  if (!scanned) return;
  find("#code").value = scanned;
  await enter(scanned);
}

onSubmit("[data-slip-code]", ({ code }) => enter(code));

async function enter(typed) {
  const code = read(typed);
  try {
    showStep("checking");
    const checked = await check(code);
    if (checked === null) return;
    find("#code").value = "";
    await goOn(checked);
  } catch (error) {
    if (!find('[data-step="checking"]').hidden) showStep("code");
    throw error;
  }
}

function read(typed) {
  try {
    return parseSlipCode(typed);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Sentence({ slip_character: "slipCharacter", slip_length: "slipLength", slip_check: "slipCheck" }[error.check], error.data);
  }
}

/** What the booth goes on with; null where the page warns of what the server sent. */
async function check(code) {
  const setup = await getJson(booth.dataset.setup, { credentials: "omit" });
  showStatus(text("checkingBallot"));
  await breathe();
  const { findings, ...checked } = checkSetupForSlip(setup, code);
  const { election, charter } = checked;
  const isOther = election !== null && charter !== null && !(election.uuid === uuid && charter.committee.id === committee);
  if (isOther) findings.push(finding("other_ballot"));
  if (charter !== null) findings.push(...practiceFindings(charter));
  if (findings.length === 1 && findings[0].check === "slip_unknown") throw new Sentence("slipUnknown");
  if (findings.length > 0) {
    alarm(findings);
    return null;
  }
  sayWhatWasChecked(setup, charter);
  return { store, ...checked, boardKey: setup.board_key, s: slipScalar(election.group, uuid, code) };
}

function sayWhatWasChecked(setup, charter) {
  const entries = (numbered) => numbered.map(({ number }) => number).join(", ");
  const sentences = [
    text("checkedCharter"),
    text("checkedSlip", { count: slipsOf(charter) }),
    text("checkedTrustees", { entries: entries(charter.trustees) }),
    text("checkedTellers", { entries: entries(setup.audits) }),
    text("checkedCredentials", { count: votersOf(charter) }),
    text("notChecked"),
  ];
  find("[data-checked]").replaceChildren(...sentences.map(line));
}

onPress("[data-save-receipt]", async () => {
  const { receipt, signature } = await store.get(receiptKey(uuid));
  saveFile(`${text("receiptFile")}-${uuid}.json`, JSON.stringify({ receipt, signature }));
});

onPress("[data-done]", () => location.replace(location.pathname));

/** A page that the browser kept aside and shows again must not hold somebody's vote. */
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
