/**
 * A teller makes paper slips. The codes are drawn here, printed, and forgotten when the page closes.
 *
 * The trap: whoever has a code can vote with it. Only the public credentials are sent, and the teller's signature.
 */

import { secureRandom, sha256Hex } from "../core/bytes.js";
import { composeCredentials } from "../core/credentials.js";
import { groupNamed } from "../core/groups.js";
import { pacer } from "../core/pace.js";
import { slipsStatement } from "../core/setup.js";
import { newSlipCode, slipCredential } from "../core/slips.js";
import { statement } from "../core/statements.js";
import { qrSvg } from "../elements/qr-code.js";
import { memberOf, unlock } from "./_ballots/device.js";
import { signWith } from "./_ballots/signing.js";
import { rememberCancelled, rememberSlips } from "./_ballots/slips.js";
import { NoConnection, postJson } from "./_shared/http.js";
import { find, fromTemplate, onPress, onSubmit, Sentence, showStatus, showStep, start, text } from "./_shared/page.js";

const page = find("[data-slips]");
const { uuid, left } = page.dataset;
const group = groupNamed(page.dataset.group);
const member = memberOf(page);

start(() => showStep("overview"));

onSubmit("[data-make]", async ({ count: typed }) => {
  const count = Number(typed);
  if (!Number.isInteger(count) || count < 1 || count > Number(left)) throw new Sentence("howMany", { left });
  const { store, root } = await unlock(member);
  showStep("working");
  try {
    const codes = Array.from({ length: count }, () => newSlipCode(secureRandom));
    await handIn(store, root, codes);
    draw(codes);
  } catch (error) {
    showStep("overview");
    throw error;
  }
});

async function handIn(store, root, codes) {
  const credentials = composeCredentials(group, await publicParts(codes));
  const said = slipsStatement({ uuid, number: member.number, count: codes.length, list: sha256Hex(credentials) });
  try {
    await postJson(page.dataset.makeThem, { credentials, signature: signWith(root, said) });
  } catch (error) {
    throw error instanceof NoConnection ? new Sentence("perhapsMade") : error;
  }
  await rememberSlips(store, uuid, said);
}

async function publicParts(codes) {
  const parts = [];
  const pace = pacer(codes.length, sayProgress);
  for (const code of codes) {
    parts.push(slipCredential(group, uuid, code));
    await pace(parts.length);
  }
  return parts;
}

function sayProgress(done, total) {
  const bar = find("[data-bar]");
  bar.max = total;
  bar.value = done;
  showStatus(text("making", { done, total }));
}

/* The sheet, on which nothing may be lost before it is printed */

let isPrinted = true;

function draw(codes) {
  const address = new URL(page.dataset.booth, location.href);
  find("[data-sheet]").replaceChildren(...codes.map((code) => card(code, address)));
  isPrinted = false;
  showStep("sheet");
}

function card(code, address) {
  const slip = fromTemplate("[data-slip-template]").firstElementChild;
  const link = new URL(address);
  link.hash = code;
  find("[data-code]", slip).textContent = code;
  find("[data-address]", slip).textContent = address.href;
  find("[data-qr]", slip).append(qrSvg(link.href, text("qrLabel")));
  return slip;
}

onPress("[data-print]", () => {
  isPrinted = true;
  print();
});
onPress("[data-forget]", () => {
  isPrinted = true;
  location.reload();
});
addEventListener("beforeunload", (event) => {
  if (!isPrinted) event.preventDefault();
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

/* Cancel */

for (const button of document.querySelectorAll("[data-cancel]")) {
  const { cancel: list } = button.dataset;
  onPress(`[data-cancel="${list}"]`, async () => {
    const { store, root } = await unlock(member);
    const said = statement("slips-cancelled", { ballot: uuid, number: member.number, list });
    await cancelThem(store, list, signWith(root, said));
    location.reload();
  });
}

/** Where no answer came, the slips may be gone: this device then counts them as cancelled until it hears otherwise. */
async function cancelThem(store, list, signature) {
  const takeBack = await rememberCancelled(store, uuid, list);
  try {
    await postJson(page.dataset.cancelThem, { list, signature });
  } catch (error) {
    if (!(error instanceof NoConnection)) await takeBack();
    throw error;
  }
}
