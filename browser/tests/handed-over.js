/** Keys that went from device to device, and what must not be opened; all of it made up, and the same every time. */

import { fromHex, sha256Hex, toHex } from "../core/bytes.js";
import { canonical } from "../core/canonical.js";
import { beginHandOver, handOverWords, onceKey, openHandOver, readCode, sealHandOver } from "../core/hand-over.js";
import { Refused } from "../core/refusal.js";
import { openRoot, PRF_INPUT, sealRoot } from "../core/sealed-root.js";
import { COMMITTEE, rootOf } from "./committee.js";

const OTHER_COMMITTEE = "11111111-2222-4333-8444-555555555555";
const ROOT = rootOf(7);
const OWNER = { number: 7, handle: "Robin 🦉" };
const SMALL_ORDER = "01".padEnd(64, "0");

const bytes = (label, length) => fromHex(sha256Hex(label).slice(0, 2 * length), length);

/** Bytes that are named after what they are drawn for, in their order. */
function drawing(...labels) {
  const left = [...labels];
  return (length) => bytes(left.shift(), length);
}

export async function devices() {
  return { hand_over: await handOver(), sealed_root: await sealedRoot() };
}

async function handOver() {
  const fresh = beginHandOver(drawing("id", "new device"));
  const old = onceKey(drawing("old device"));
  const exchange = { committee: COMMITTEE, id: fresh.id, new_key: fresh.key, old_key: old.key };
  const envelope = await sealHandOver(exchange, old.secret, OWNER, ROOT, drawing("nonce"));
  const swapped = onceKey(drawing("somebody else"));
  const cases = {
    "a bit of the seal": [exchange, changed(envelope, "sealed")],
    "a bit of the nonce": [exchange, changed(envelope, "nonce")],
    "another committee": [{ ...exchange, committee: OTHER_COMMITTEE }, envelope],
    "another code": [{ ...exchange, id: beginHandOver(drawing("other id", "x")).id }, envelope],
    "the old device's key swapped": [{ ...exchange, old_key: swapped.key }, envelope],
    "a key of small order": [{ ...exchange, old_key: SMALL_ORDER }, envelope],
    "sealed for another device": [
      exchange,
      await sealHandOver({ ...exchange, new_key: swapped.key }, old.secret, OWNER, ROOT, drawing("nonce")),
    ],
    "no text of ours": [exchange, `${envelope} `],
    "a field more": [exchange, canonical({ ...JSON.parse(envelope), time: "noon" })],
    "no JSON": [exchange, "envelope"],
  };
  const refused = await Promise.all(
    Object.entries(cases).map(async ([why, [said, text]]) => ({
      why,
      exchange: said,
      envelope: text,
      check: await checkOf(() => openHandOver(said, fresh.secret, text)),
    })),
  );
  const wrongCodes = ["", fresh.id, `${fresh.code}=`, `${fresh.code.slice(0, -1)}B`, `x${fresh.code}`];
  return {
    new_secret: toHex(fresh.secret),
    old_secret: toHex(old.secret),
    code: fresh.code,
    exchange,
    words: handOverWords(exchange),
    ...OWNER,
    root: toHex(ROOT),
    envelope,
    refused,
    refused_codes: await Promise.all(
      wrongCodes.map(async (code) => ({ code, check: await checkOf(() => readCode(code)) })),
    ),
  };
}

async function sealedRoot() {
  const output = bytes("prf", 32);
  const owner = { committee: COMMITTEE, number: 7, passkey: "Zm9yIGEgdGVzdA" };
  const sealed = await sealRoot(output, owner, ROOT, drawing("nonce"));
  const cases = {
    "another output": [bytes("other prf", 32), owner, sealed],
    "a short output": [output.slice(1), owner, sealed],
    "another member": [output, { ...owner, number: 8 }, sealed],
    "another committee": [output, { ...owner, committee: OTHER_COMMITTEE }, sealed],
    "another passkey": [output, { ...owner, passkey: "Zm9yIG90aGVycw" }, sealed],
    "a bit of it": [output, owner, flipped(sealed)],
    "cut short": [output, owner, sealed.slice(2)],
  };
  const refused = await Promise.all(
    Object.entries(cases).map(async ([why, [said, of, text]]) => ({
      why,
      output: toHex(said),
      owner: of,
      sealed: text,
      check: await checkOf(() => openRoot(said, of, text)),
    })),
  );
  return { prf_input: toHex(PRF_INPUT), output: toHex(output), owner, root: toHex(ROOT), sealed, refused };
}

const flipped = (hex) => hex.slice(0, -1) + (parseInt(hex.at(-1), 16) ^ 1).toString(16);

function changed(envelope, name) {
  const fields = JSON.parse(envelope);
  return canonical({ ...fields, [name]: flipped(fields[name]) });
}

/** The name of the refusal; "opened" where there was none. */
async function checkOf(deed) {
  try {
    await deed();
    return "opened";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.check;
  }
}
